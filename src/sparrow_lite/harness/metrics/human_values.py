"""Frozen values for what people say: labels beside a judge's verdicts, preferences, agreement of raters."""

from dataclasses import dataclass

from sparrow_lite.harness.metrics.share import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedRate:
    """A judge's rate over all cases, corrected by people's labels of some; all shares are 0.0 to 1.0.

    Attributes:
        value: The share.
        low: Lower end of the 95 % interval.
        high: Upper end.
        labels: How many cases people labelled.
        cases: How many there are in all.
        method: How it was corrected: `ppi++`, or `people, weighed by verdict`.
    """

    value: float
    low: float
    high: float
    labels: int
    cases: int
    method: str = "ppi++"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLabels:
    """The cases of one verdict: how many, how many are labelled, and how many of the next ones to label are.

    Attributes:
        verdict: What the judge says of them: `yes`, `no` or `unscored`.
        cases: How many.
        labelled: By people.
        wanted: Of the next ones to label.
    """

    verdict: str
    cases: int
    labelled: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLabels:
    """Which cases of an arm people should label next, so that the corrected interval becomes narrowest.

    Attributes:
        measure: What is labelled.
        arm: Name of the arm.
        verdicts: By what the judge says.
        now: Half width of the interval at present, 0.0 to 1.0, as foreseen by the same formula; None where a
            verdict has no label yet.
        then: Half width that is to be expected with these labels; None likewise.
        cases: Keys of the cases with the judge's verdict, the most useful first: any first part of the list
            is the best choice of its length.
    """

    measure: str
    arm: str
    verdicts: tuple[VerdictLabels, ...]
    now: float | None
    then: float | None
    cases: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanRate:
    """What people say of an arm, beside what the judge says of it.

    Attributes:
        arm: Its name.
        human: People's rate over the cases that they labelled, of those drawn at random.
        judged: The judge's rate over all cases.
        labels: Labelled cases, those drawn by verdict too.
        corrected: The judge's rate corrected by the labels; None where `warning` says why there is none.
        warning: What to mind of it; empty for nothing.
    """

    arm: str
    human: Rate
    judged: Rate
    labels: int = 0
    corrected: CorrectedRate | None = None
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeQuality:
    """The judge against people, where a run has labels of both.

    Attributes:
        measure: What was labelled, such as `violations`.
        labels: How many cases.
        sensitivity: Of what people call a hit, what the judge calls one; over cases drawn at random.
        specificity: Of what people call none, what the judge calls none; likewise.
        arms: What people say of each arm.
        next_labels: What to label next, of each arm that has an unlabelled case.
    """

    measure: str
    labels: int
    sensitivity: Rate
    specificity: Rate
    arms: tuple[HumanRate, ...] = ()
    next_labels: tuple[NextLabels, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceFigures:
    """What people prefer.

    Attributes:
        choices: How often somebody chose among replies of several arms.
        items: Over how many messages.
        arms: By arm: its reply was the best one, of the choices in which it was shown and one was best; ties
            are unscored. Several choices about one message are a cluster.
        pairs: By two arms: the first one's reply was the best one, of the choices in which one of both was.
        ties: How often none was best, by what was said, the most frequent first.
    """

    choices: int
    items: int
    arms: tuple[tuple[str, Rate], ...]
    pairs: tuple[tuple[str, str, Rate], ...]
    ties: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A coefficient with its 95 % interval; None where it has no value, or no interval."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterAgreement:
    """How far raters agree.

    Attributes:
        group: `all`, `question` or `pair`.
        name: Id of the question or rule, or both raters; `all` for all.
        level: `nominal`, `ordinal`, or `sides` of the middle of a scale.
        items: That at least two raters rated.
        ratings: Answers, of all raters of those items.
        alpha: Krippendorff's.
        ac1: Gwet's.
        percent: Share of pairs of ratings that are the same, 0.0 to 1.0.
    """

    group: str
    name: str
    level: str
    items: int
    ratings: int
    alpha: Bounded
    ac1: Bounded
    percent: Bounded


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyRate:
    """A rate by people alone: of one measure of one arm, over the items of a session."""

    measure: str
    arm: str
    rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySummary:
    """One rating session about a run.

    Attributes:
        name: For people.
        protocol: Name of the protocol.
        items: Work items that were rated.
        ratings: Of work items.
        raters: Who gave them.
        by_verdict: Whether its items were drawn by the judge's verdicts, so that its rates are not the run's.
        agreement: How far raters agree.
        rates: By people alone.
    """

    name: str
    protocol: str
    items: int
    ratings: int
    raters: int
    by_verdict: bool = False
    agreement: tuple[RaterAgreement, ...] = ()
    rates: tuple[StudyRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanFigures:
    """All that people say of a run, human-rated, but for the judge against them.

    Attributes:
        preferences: What they prefer; None without a choice.
        studies: The rating sessions.
    """

    preferences: PreferenceFigures | None = None
    studies: tuple[StudySummary, ...] = ()

    def __bool__(self) -> bool:
        return self.preferences is not None or bool(self.studies)
