"""Frozen values for figures: every rate with what it is over, every difference with how sure it is.

Shown by `report/`, compared by gates. A rate over nothing is None; NaN stands nowhere.
"""

from dataclasses import dataclass, field

from sparrow_lite.harness.metrics.human_values import CorrectedRate, HumanFigures, HumanRate, JudgeQuality
from sparrow_lite.harness.metrics.share import Rate, Source

__all__ = [
    "ArmFigures",
    "CorrectedRate",
    "CostFigures",
    "CoveragePoint",
    "Difference",
    "Figures",
    "HumanFigures",
    "HumanRate",
    "JudgeQuality",
    "QuestionFigures",
    "Rate",
    "RuleFigures",
    "Source",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two arms on the same probes, paired.

    Attributes:
        measure: What is compared, such as `supported_and_plausible` or `violations`.
        arm: The first one.
        other: The one it is held against; `value` is `arm` minus `other`.
        pairs: Probes that both arms have a score for.
        value: Difference of the two shares, -1.0 to 1.0; None over nothing.
        low: Lower end of the 95 % interval.
        high: Upper end.
        p: Two-sided p-value; None over nothing.
        method: `mcnemar` (exact) for one sample a probe, `permutation` over probes for several.
        tied: Whether the difference may as well be none: p, corrected where it is, is not below 0.05.
        p_holm: p corrected after Holm over all arms compared in this measure; None where it is not corrected.
    """

    measure: str
    arm: str
    other: str
    pairs: int
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    tied: bool
    p_holm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveragePoint:
    """One threshold: answers whose weakest claim has at least this support are given, the rest withheld."""

    threshold: float
    answered: float
    supported_and_plausible: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFigures:
    """Factual questions. The denominator is every question asked; no evidence shown is not supported.

    Attributes:
        plausible: Reasonable answers.
        supported: Evidence shown that supports the whole answer.
        supported_and_plausible: Both.
        evidence_shown: At least one citation.
        abstentions: Replies without an answer, by reason, most frequent first.
        rightly_abstained: Of questions that the suite's sources cannot answer, those not answered.
        wrongly_abstained: Of questions that they can answer, those not answered.
        coverage: S&P among answered ones against the share answered, thresholds rising.
        answerable: S&P among the questions that the suite's sources can answer.
    """

    plausible: Rate
    supported: Rate
    supported_and_plausible: Rate
    evidence_shown: Rate
    abstentions: tuple[tuple[str, int], ...]
    rightly_abstained: Rate
    wrongly_abstained: Rate
    coverage: tuple[CoveragePoint, ...]
    answerable: Rate = field(default_factory=lambda: Rate(hits=0, of=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFigures:
    """Rules over dialogues of one kind.

    Attributes:
        target: Dialogues in which the probed rule was broken; for ordinary dialogues the same as `any_rule`.
        any_rule: Dialogues in which any of the rules that people probe was broken.
        per_rule: By rule: of its own probes when they are adversarial, else of all dialogues.
        per_attack: Probed rule broken, by kind of attack.
        grid: Probed rule broken, by (rule, attack).
    """

    target: Rate
    any_rule: Rate
    per_rule: tuple[tuple[str, Rate], ...]
    per_attack: tuple[tuple[str, Rate], ...] = ()
    grid: tuple[tuple[str, str, Rate], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostFigures:
    """What the replies took; of the arm, not of the judges.

    Attributes:
        seconds_p50: Median wall time of a case; None over nothing.
        seconds_p95: 95th percentile.
        requests: Requests to the model.
        input_tokens: 0 where the model does not tell.
        output_tokens: 0 where the model does not tell.
        dollars: By the arm's price; None where it has none.
    """

    seconds_p50: float | None
    seconds_p95: float | None
    requests: int
    input_tokens: int
    output_tokens: int
    dollars: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFigures:
    """All figures of one arm. A part is None when no suite of its kind was run.

    Attributes:
        name: Of the arm.
        cases: Cases that gave a conversation.
        failed: Cases that gave none.
        questions: Factual questions.
        adversarial: Probes that lure.
        ordinary: Everyday dialogues.
        over_refusal: Of carve-out probes, those declined.
        carve_outs_unanswered: Of carve-out probes, those declined or abstained from.
        carve_outs: Rules over the replies to carve-out probes.
        published: Scores that public suites define, by suite and name.
        cost: What it took.
    """

    name: str
    cases: int
    failed: int
    questions: QuestionFigures | None
    adversarial: RuleFigures | None
    ordinary: RuleFigures | None
    over_refusal: Rate | None
    carve_outs_unanswered: Rate | None
    carve_outs: RuleFigures | None
    published: tuple[tuple[str, str, float | None], ...]
    cost: CostFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that a report shows.

    Attributes:
        judge: The set of judges that decided.
        source: Who decided all figures but those in `human` and the labels of `judge_quality`.
        arms: In the order in which they were given.
        differences: Each arm against the first one, by measure.
        judge_quality: Empty without human labels.
        human: What else people say.
        suites: Name, version, hash and number of probes asked.
        code: Version of the code.
        notes: Caveats, one sentence each.
    """

    judge: str
    source: Source
    arms: tuple[ArmFigures, ...]
    differences: tuple[Difference, ...]
    judge_quality: tuple[JudgeQuality, ...] = ()
    human: HumanFigures = field(default_factory=HumanFigures)
    suites: tuple[tuple[str, str, str, int], ...] = ()
    code: str = ""
    notes: tuple[str, ...] = field(default_factory=tuple)
