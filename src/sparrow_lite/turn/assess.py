"""The fourth stage: one draft's evidence is checked, then its rules are judged."""

from dataclasses import dataclass, replace

from sparrow_lite.reply import AbstainReason, Candidate
from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.rules.check import check_turn
from sparrow_lite.support.check import CheckedDraft, check_evidence, leave_unchecked
from sparrow_lite.support.claims import says_it_lacks
from sparrow_lite.support.conflict import Conflict, find_conflict
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.decide import Decision
from sparrow_lite.turn.draft import Draft
from sparrow_lite.turn.gather import Gathered
from sparrow_lite.turn.parts import Parts

NO_ANSWER = "NO ANSWER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a candidate is assessed against.

    Attributes:
        transcript: The dialogue, the user's turn last.
        gathered: What the turn may cite.
        checks_claims: Whether claims need evidence: true for every turn that meant to search.
        declines: Whether the first stage found that the request must be declined.
    """

    transcript: Transcript
    gathered: Gathered
    checks_claims: bool
    declines: bool

    @classmethod
    def of(cls, transcript: Transcript, decision: Decision, gathered: Gathered) -> "Setting":
        """Return the setting of a turn after its second stage."""
        return cls(
            transcript=transcript,
            gathered=gathered,
            checks_claims=decision.search,
            declines=decision.declines,
        )


def assess_evidence(draft: Draft, setting: Setting, parts: Parts) -> Candidate:
    """Return the candidate with its claims checked, or with the reason why it abstains."""
    if draft.error is not None:
        return Candidate(draft="", text="", with_evidence=draft.with_evidence, error=draft.error)
    if _says_no_answer(draft.text):
        return _abstaining(draft, CheckedDraft.empty(), _no_answer_reason(setting), setting, parts)
    evidence = setting.gathered.evidence
    if not setting.checks_claims:
        checked = leave_unchecked(draft.text)
        reason = AbstainReason.RULE_REFUSAL if setting.declines else None
        return _candidate(draft, checked, text=checked.text, reason=reason)
    checked = check_evidence(draft.text, evidence, parts.support, soften_at=parts.options.turn.soften_at)
    if _leaves_no_answer(checked):
        return _abstaining(draft, checked, _no_answer_reason(setting), setting, parts)
    conflict = find_conflict(checked.citations, evidence)
    if conflict is not None:
        return _conflicting(draft, checked, conflict, parts)
    return _candidate(draft, checked, text=checked.text, reason=None)


def judge_rules(candidate: Candidate, setting: Setting, parts: Parts) -> Candidate:
    """Return the candidate with one verdict for each rule, on the text that would be shown."""
    if candidate.error is not None:
        return candidate
    turn = JudgedTurn(transcript=setting.transcript.sparrow(candidate.text), citations=candidate.citations)
    return replace(candidate, verdicts=check_turn(turn, parts.rules, parts.judge))


def _says_no_answer(text: str) -> bool:
    return not text.strip() or text.strip().upper().lstrip("*\"' ").startswith(NO_ANSWER)


def _leaves_no_answer(checked: CheckedDraft) -> bool:
    """Whether no claim is left, or none was made and a sentence says that the answer is missing."""
    if checked.claims or not checked.text:
        return not checked.kept_claims
    return any(says_it_lacks(sentence.text) for sentence in checked.sentences)


def _no_answer_reason(setting: Setting) -> AbstainReason:
    """A failed search explains an empty answer better than the little that a fallback gave."""
    if setting.gathered.failure is not None:
        return setting.gathered.failure
    return AbstainReason.EVIDENCE_IRRELEVANT if setting.gathered.evidence else AbstainReason.NO_RESULTS


def _abstaining(
    draft: Draft, checked: CheckedDraft, reason: AbstainReason, setting: Setting, parts: Parts
) -> Candidate:
    record = setting.gathered.record
    # The search `none` is asked, and looks nowhere.
    searched = bool(record.queries) and any(one.backend != "none" for one in record.attempts)
    text = parts.prompts.notices.abstention(reason, searched=searched)
    return replace(_candidate(draft, checked, text=text, reason=reason), citations=())


def _conflicting(draft: Draft, checked: CheckedDraft, conflict: Conflict, parts: Parts) -> Candidate:
    reason = AbstainReason.EVIDENCE_CONFLICTS
    sides = " ".join(f"“{citation.quote}” [{citation.id}]" for citation in conflict.sides)
    text = parts.prompts.notices.abstention(reason, sides=sides)
    return replace(_candidate(draft, checked, text=text, reason=reason), citations=conflict.sides)


def _candidate(draft: Draft, checked: CheckedDraft, *, text: str, reason: AbstainReason | None) -> Candidate:
    return Candidate(
        draft=draft.text,
        text=text,
        with_evidence=draft.with_evidence,
        checked=checked.against_evidence,
        sentences=checked.sentences,
        citations=checked.citations,
        support=checked.support,
        abstained=reason,
    )
