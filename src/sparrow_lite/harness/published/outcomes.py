"""What published scorers share: outcomes by string, and shares over nothing."""

from collections.abc import Mapping, Sequence

from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.results import Result

CORRECT, INCORRECT = "correct", "incorrect"
UNREADABLE, NOT_ATTEMPTED = "unreadable", "not_attempted"


def labels(probe: Probe) -> Mapping[str, str]:
    """Return the probe's labels by name."""
    return dict(probe.labels)


def said(result: Result) -> Mapping[str, str]:
    """Return what the scorer said of the result's reply; empty when it said nothing."""
    return (result.graded.published if result.graded else None) or {}


def share(hits: int, of: int) -> float | None:
    """Return the share, 0.0 to 1.0; None over nothing."""
    return hits / of if of else None


def accuracy(results: Sequence[Result]) -> float | None:
    """Return the share of correct ones among replies that are correct or incorrect."""
    outcomes = [said(one)["outcome"] for one in results]
    right = outcomes.count(CORRECT)
    return share(right, right + outcomes.count(INCORRECT))
