"""What ratings come to: the majority on each item, rates with intervals, preferences, and how raters do.

A tie goes against the arm: the rule is broken, the reply is not plausible, not supported. An unsure answer is
no vote. The organiser's decision, where there is one, is the only vote.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sparrow_lite.harness.metrics.human_values import StudyRate
from sparrow_lite.harness.metrics.rates import rate, rate_of_counts
from sparrow_lite.harness.metrics.scores import Scores
from sparrow_lite.harness.metrics.values import Rate
from sparrow_lite.rating.gold import all_right
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.rated import RatedItem
from sparrow_lite.rating.values import Rating

PREFERRED = "preferred:"
_ON_A_TIE = {"plausible": False, "supported": False, "supported_and_plausible": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Majority:
    """What raters say of one measure of one item.

    Attributes:
        yes: Votes for it.
        no: Votes against it.
        unsure: Ratings that say neither.
        says: The majority; a tie as `on_a_tie` has it; None without a vote.
    """

    yes: int
    no: int
    unsure: int
    says: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterQuality:
    """How one rater does.

    Attributes:
        rater: Id.
        checks: Check items answered all right.
        with_others: Of the rater's answers to work items that have a majority of the others, those that are
            the same.
        ratings: Work items rated.
        seconds: Median seconds a work item; None for none.
        doubtful: Whether the checks speak against the rater: the upper end of their interval is below the
            session's pass mark.
    """

    rater: str
    checks: Rate
    with_others: Rate
    ratings: int
    seconds: float | None
    doubtful: bool


def on_a_tie(measure: str) -> bool | None:
    """Return what a tie among raters says of a measure: what is worse for the arm; None for preferences."""
    return None if measure.startswith(PREFERRED) else _ON_A_TIE.get(measure, True)


def majority(measure: str, votes: Sequence[bool | None]) -> Majority:
    """Return what these votes come to; None is unsure."""
    yes, no = sum(one is True for one in votes), sum(one is False for one in votes)
    says = None if not yes and not no else on_a_tie(measure) if yes == no else yes > no
    return Majority(yes=yes, no=no, unsure=len(votes) - yes - no, says=says)


def majorities(rated: RatedItem, protocol: RatingProtocol) -> Mapping[str, Majority]:
    """Return what the raters of an item say of each measure; nothing when nobody rated it."""
    votes: dict[str, list[bool | None]] = {}
    for rating in rated.deciding:
        for measure, said in protocol.outcomes(rated.item, rating).items():
            votes.setdefault(measure, []).append(said)
    return {measure: majority(measure, said) for measure, said in votes.items()}


def human_outcomes(rated: Sequence[RatedItem], protocol: RatingProtocol) -> tuple[StudyRate, ...]:
    """Return the rate of each measure for each arm, in order of first sight; preferences are not among them.

    An item without a vote is unscored. Where raters talk, each has had a dialogue of their own, so that every
    rating is a case, and those of one item a cluster.
    """
    found: dict[tuple[str, str], list[tuple[int, bool | None]]] = {}
    probes: dict[str, int] = {}
    for one in rated:
        arm = str(one.item.origin.get("arm") or "")
        probe = probes.setdefault(str(one.item.origin.get("probe") or one.item.id), len(probes))
        for measure, said in _said(one, protocol):
            if not measure.startswith(PREFERRED):
                found.setdefault((measure, arm), []).append((probe, said))
    return tuple(
        StudyRate(measure=measure, arm=arm, rate=rate(Scores.of(pairs)))
        for (measure, arm), pairs in found.items()
    )


def rater_quality(
    work: Sequence[RatedItem], checks: Sequence[RatedItem], *, pass_mark: float = 0.0
) -> tuple[RaterQuality, ...]:
    """Return how each rater does who has rated anything, by id.

    Args:
        work: The session's work items.
        checks: Its check items.
        pass_mark: Share of checks that a rater should get right, 0.0 to 1.0.
    """
    raters = sorted({rating.rater for one in (*work, *checks) for rating in one.ratings})
    return tuple(_quality(rater, work, checks, pass_mark) for rater in raters)


def _said(rated: RatedItem, protocol: RatingProtocol) -> Iterator[tuple[str, bool | None]]:
    if rated.item.body.get("talk"):
        for rating in rated.deciding:
            yield from protocol.outcomes(rated.item, rating).items()
    else:
        for measure, said in majorities(rated, protocol).items():
            yield measure, said.says


def _quality(
    rater: str, work: Sequence[RatedItem], checks: Sequence[RatedItem], pass_mark: float
) -> RaterQuality:
    own = [(one, rating) for one in work for rating in one.ratings if rating.rater == rater]
    right = [
        all_right(one.questions, one.item.gold or {}, rating.answers)
        for one in checks
        for rating in one.ratings
        if rating.rater == rater
    ]
    same = [like for one, rating in own for like in _like_others(one, rating)]
    tested = rate_of_counts(sum(right), len(right))
    return RaterQuality(
        rater=rater,
        checks=tested,
        with_others=rate_of_counts(sum(same), len(same)),
        ratings=len(own),
        seconds=median(rating.seconds for _, rating in own) if own else None,
        doubtful=tested.high is not None and tested.high < pass_mark,
    )


def _like_others(rated: RatedItem, rating: Rating) -> Iterator[bool]:
    """For each question on which the others have one most frequent answer, whether this rating has it."""
    for question in rated.shared:
        others = Counter(
            one.answers[question.id]
            for one in rated.ratings
            if one.rater != rating.rater and question.id in one.answers
        )
        most = others.most_common(2)
        if most and (len(most) == 1 or most[0][1] > most[1][1]) and question.id in rating.answers:
            yield rating.answers[question.id] == most[0][0]
