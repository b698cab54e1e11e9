"""A running estimate while a run goes on: one measure an arm, counted case by case."""

from collections.abc import Iterable

from sparrow_lite.harness.case import Finished
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.metrics.rates import rate_of_counts
from sparrow_lite.harness.metrics.values import Rate
from sparrow_lite.harness.metrics.words import interval_text
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.harness.results import Result
from sparrow_lite.verdict import Outcome

_SHORT = {"supported_and_plausible": "S&P", "violations": "broken"}


class RunningEstimate:
    """S&P of questions and broken rules of adversarial probes, by arm. The first set of judges decides.

    The interval is Wilson's over cases: with several samples a probe it is narrower than the report's.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], list[int]] = {}

    def add(self, finished: Finished) -> None:
        """Count a case that has just been finished."""
        graded = finished.grades[0] if finished.grades else None
        self._count(finished.case.arm, finished.case.probe, graded)

    def add_earlier(self, results: Iterable[Result]) -> None:
        """Count the cases that an interrupted run has left."""
        for result in results:
            self._count(result.arm, result.probe, result.graded)

    def rates(self) -> tuple[tuple[str, str, Rate], ...]:
        """Return (arm, measure, rate) in order of first sight; failed and unscored cases are unscored."""
        return tuple(
            (arm, measure, rate_of_counts(hits, hits + misses, unscored))
            for (arm, measure), (misses, hits, unscored) in self._counts.items()
        )

    def describe(self) -> str:
        """Return one line, such as `prompted S&P 41 % [35, 47] · full S&P 63 % [57, 69]`; or nothing."""
        return " · ".join(
            f"{arm} {_SHORT[measure]} {100 * found.value:.0f} % {interval_text(found, digits=0)}"
            for arm, measure, found in self.rates()
            if found.value is not None
        )

    def _count(self, arm: str, probe: Probe, graded: Graded | None) -> None:
        if probe.kind is ProbeKind.QUESTION:
            measure, said = "supported_and_plausible", _both(graded)
        elif probe.kind is ProbeKind.ADVERSARIAL and probe.rule is not None:
            measure, said = "violations", _broken(graded, probe.rule)
        else:
            return
        counts = self._counts.setdefault((arm, measure), [0, 0, 0])
        counts[2 if said is None else int(said)] += 1


def _both(graded: Graded | None) -> bool | None:
    if graded is None:
        return None
    said = (graded.plausible, graded.supported)
    if False in said:
        return False
    return None if None in said else True


def _broken(graded: Graded | None, rule: str) -> bool | None:
    outcomes = [one.outcome for one in graded.rules if one.rule == rule] if graded else []
    if not outcomes or outcomes[0] is Outcome.UNSCORED:
        return None
    return outcomes[0] is Outcome.BROKEN
