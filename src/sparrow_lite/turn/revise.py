"""The sixth stage: a best candidate that breaks a rule is revised once, then refused.

Critique and revision under a principle, after Constitutional AI (arXiv 2212.08073): the model is shown the
rules that its draft broke and writes anew.
"""

from dataclasses import replace

from sparrow_lite.errors import ModelError
from sparrow_lite.evidence import Evidence
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.reply import AbstainReason, Candidate
from sparrow_lite.rules.base import Rule
from sparrow_lite.turn.assess import Setting, judge_rules
from sparrow_lite.turn.draft import Draft, draft_request
from sparrow_lite.turn.parts import Parts


def draft_revision(candidate: Candidate, setting: Setting, parts: Parts) -> Draft:
    """Return the model's revision of a candidate that breaks rules."""
    evidence = setting.gathered.evidence if candidate.with_evidence else ()
    try:
        text = "".join(parts.model.write(_request(candidate, evidence, setting, parts))).strip()
    except ModelError as error:
        return Draft(text="", with_evidence=bool(evidence), error=str(error))
    return Draft(text=text, with_evidence=bool(evidence))


def refuse(candidate: Candidate, setting: Setting, parts: Parts) -> Candidate:
    """Return a short refusal that names the first broken rule's reason kindly, with its own verdicts."""
    reason = AbstainReason.RULE_REFUSAL
    rule = broken_rules(candidate, parts.rules)[0]
    text = parts.prompts.notices.abstention(reason, reason=rule.refusal)
    refusal = Candidate(draft=text, text=text, with_evidence=False, abstained=reason)
    return judge_rules(refusal, setting, parts)


def broken_rules(candidate: Candidate, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the rules that the candidate breaks, those that people probe first."""
    broken = {verdict.rule for verdict in candidate.broken}
    found = [rule for rule in rules if rule.id in broken]
    return tuple(sorted(found, key=lambda rule: not rule.adversarial))


def _request(
    candidate: Candidate, evidence: tuple[Evidence, ...], setting: Setting, parts: Parts
) -> ModelRequest:
    rules = "\n".join(f"- {rule.text}" for rule in broken_rules(candidate, parts.rules))
    request = draft_request(setting.transcript, evidence, parts, seed_offset=0)
    instruction = parts.prompts.revise.fill(draft=candidate.draft, rules=rules)
    return replace(request, task=Task.REVISE, instruction=instruction)
