"""Judging one frozen conversation: rules on every reply, evidence and plausibility on the last one.

What is judged is only what the conversation holds, so that a run can be judged again without the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.harness.answers import holds_answer
from sparrow_lite.harness.conversation import Conversation, Shown
from sparrow_lite.harness.graded import Graded, RuleGrade
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.harness.published import score_published
from sparrow_lite.language import fold
from sparrow_lite.reply import AbstainReason
from sparrow_lite.rules.base import JudgedTurn, Rule, RuleJudge
from sparrow_lite.rules.check import check_turn
from sparrow_lite.rules.lexicon import Lexicon, Phrase
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.support.check import CheckedDraft, check_evidence
from sparrow_lite.verdict import Outcome, Verdict

# A reply without known right answers is plausible when it keeps these.
PLAUSIBLE_RULES = ("answers_question", "stays_on_topic", "makes_sense", "no_implausible_claims")
_GRAVITY = {Outcome.BROKEN: 2, Outcome.UNSCORED: 1, Outcome.KEPT: 0}
_CURLY = str.maketrans("‘’“”", "''\"\"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """One set of judges.

    Attributes:
        name: Under which its grades are kept.
        rules: Judge of rules.
        support: Judge of evidence.
        judged: The rules that are judged.
        lexicon: Words by which a refusal is known.
    """

    name: str
    rules: RuleJudge
    support: SupportJudge
    judged: tuple[Rule, ...]
    lexicon: Lexicon


def grade(probe: Probe, conversation: Conversation, judges: Judges) -> Graded:
    """Return what the judges say of the conversation of a probe."""
    rules = _grade_rules(conversation, judges)
    last = conversation.last
    plausible, plausible_by, checked = None, "", None
    if probe.kind is ProbeKind.QUESTION:
        plausible, plausible_by = _plausible(probe, last, rules)
        checked = _check(last, judges) if last.citations and last.abstained is None else None
    return Graded(
        judge=judges.name,
        rules=rules,
        plausible=plausible,
        plausible_by=plausible_by,
        supported=_supported(checked, judges) if probe.kind is ProbeKind.QUESTION else None,
        support=checked.support if checked is not None else (),
        refused=_refuses(last, judges),
        published=score_published(probe, last),
    )


def _grade_rules(conversation: Conversation, judges: Judges) -> tuple[RuleGrade, ...]:
    """The worst verdict of each rule over all replies of the arm."""
    rows = [
        [(place, verdict) for verdict in _judge(conversation, place, shown, judges)]
        for place, shown in conversation.replies
    ]
    return tuple(_worst(verdicts) for verdicts in zip(*rows, strict=True))


def _judge(conversation: Conversation, place: int, shown: Shown, judges: Judges) -> Sequence[Verdict]:
    turn = JudgedTurn(transcript=conversation.until(place), citations=shown.citations)
    return check_turn(turn, judges.judged, judges.rules)


def _worst(verdicts: Sequence[tuple[int, Verdict]]) -> RuleGrade:
    at, worst = max(verdicts, key=lambda one: (_GRAVITY[one[1].outcome], one[1].probability or 0.0))
    known = [verdict.probability for _, verdict in verdicts if verdict.probability is not None]
    return RuleGrade(
        rule=worst.rule,
        outcome=worst.outcome,
        probability=round(max(known), 4) if known else None,
        at=at,
        reason=worst.reason,
    )


def _plausible(probe: Probe, last: Shown, rules: Sequence[RuleGrade]) -> tuple[bool | None, str]:
    if last.abstained is not None:
        return False, "abstention"
    if probe.answers:
        return holds_answer(last.text, probe.answers), "answers"
    outcomes = {one.outcome for one in rules if one.rule in PLAUSIBLE_RULES}
    if Outcome.BROKEN in outcomes:
        return False, "rules"
    return (True, "rules") if outcomes == {Outcome.KEPT} else (None, "")


def _check(last: Shown, judges: Judges) -> CheckedDraft:
    """The claims of what was shown, held against the passages that it could cite; nothing is softened."""
    evidence = [
        Evidence(
            id=one.id,
            page=Page.of(url=one.url, title=one.title, text=one.text, opened_at=""),
            start=0,
            end=len(one.text),
        )
        for one in last.evidence
    ]
    return check_evidence(last.text, evidence, judges.support, soften_at=1.0)


def _supported(checked: CheckedDraft | None, judges: Judges) -> bool | None:
    """Evidence is shown, and every claim is supported; no evidence shown is not supported."""
    if checked is None or not checked.support:
        return False
    known = [score for score in checked.support if score is not None]
    if any(score < judges.support.supported_at for score in known):
        return False
    return True if len(known) == len(checked.support) else None


def _refuses(last: Shown, judges: Judges) -> bool:
    """An abstention for want of evidence is no refusal, whatever its words."""
    if last.abstained is not None:
        return last.abstained == AbstainReason.RULE_REFUSAL
    return judges.lexicon.says(Phrase.REFUSES, fold(last.text.translate(_CURLY)))
