"""A difference between two runs as it is shown: in words, with its interval as places on a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.harness.metrics import words
from sparrow_lite.harness.metrics.values import Difference

_LESS_IS_BETTER = frozenset(
    {"violations", "violations_any", "violations_ordinary", "over_refusal", "unanswered"}
)
_MORE_IS_BETTER = frozenset({"supported_and_plausible", "plausible", "supported"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One measure of one pair of arms.

    Attributes:
        measure: In words.
        arms: Names of the arms, in words.
        pairs: Probes that both have a score for.
        points: The difference in words.
        interval: Its interval in words; empty over nothing.
        p: The p-value that decides, in words.
        verdict: In a word: tied, better, worse, or only higher or lower.
        look: Of the verdict: `good`, `bad`, or empty.
        ends: Low end, value and high end, -1.0 to 1.0; None over nothing.
    """

    measure: str
    arms: str
    pairs: int
    points: str
    interval: str
    p: str
    verdict: str
    look: str
    ends: tuple[float, float, float] | None


def show_difference(found: Difference, earlier: str, later: str) -> Compared:
    """Return a difference of the run `later` from the run `earlier`, as it is shown."""
    mine, other = found.arm.removeprefix(f"{later}/"), found.other.removeprefix(f"{earlier}/")
    verdict, look = _verdict(found)
    ends = None
    if found.value is not None and found.low is not None and found.high is not None:
        ends = (found.low, found.value, found.high)
    return Compared(
        measure=words.measure_name(found.measure),
        arms=mine if mine == other else f"{mine} against {other}",
        pairs=found.pairs,
        points=words.points(found),
        interval=words.points_interval(found),
        p=words.p_value(words.decisive_p(found)),
        verdict=verdict,
        look=look,
        ends=ends,
    )


def widest(rows: Sequence[Compared]) -> float:
    """Return the share at the ends of the line that all intervals are drawn on: 0.1, 0.2, 0.5 or 1.0."""
    most = max((abs(end) for row in rows for end in row.ends or ()), default=0.0)
    return next(scale for scale in (0.1, 0.2, 0.5, 1.0) if most <= scale or scale == 1.0)


def _verdict(found: Difference) -> tuple[str, str]:
    if found.tied or not found.value:
        return "Tied", ""
    more = found.value > 0
    if found.measure in _MORE_IS_BETTER:
        return ("Better", "good") if more else ("Worse", "bad")
    if found.measure in _LESS_IS_BETTER:
        return ("Worse", "bad") if more else ("Better", "good")
    return ("Higher", "") if more else ("Lower", "")
