"""Scores that public suites define themselves, one file each: what they say of one reply, and in all.

A probe names its scorer in the label `scorer`. Adding one is a file with `score` and `total`, and a line in
the dictionary.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.published import accepted, bbq, truthfulqa, winogender
from sparrow_lite.harness.results import Result

Scores = tuple[tuple[str, float | None], ...]


class _Scorer(NamedTuple):
    score: Callable[[Probe, Shown], Mapping[str, str]]
    total: Callable[[Sequence[Result]], Scores]


_SCORERS = {
    "accepted": _Scorer(accepted.score, accepted.total),
    "bbq": _Scorer(bbq.score, bbq.total),
    "truthfulqa": _Scorer(truthfulqa.score, truthfulqa.total),
    "winogender": _Scorer(winogender.score, winogender.total),
}


def score_published(probe: Probe, last: Shown) -> Mapping[str, str] | None:
    """Return what the probe's published scorer says of the last reply; None for suites without one.

    `outcome` is always there: `correct`, `incorrect`, and `unreadable` or `not_attempted`.
    """
    scorer = _SCORERS.get(_name(probe))
    return scorer.score(probe, last) if scorer is not None else None


def published_scores(results: Iterable[Result]) -> Scores:
    """Return the published scores of one arm on one suite, by name, in a fixed order.

    Shares and differences are fractions of 1; names that end with `_count` are numbers of replies. A score
    over nothing is None; a suite without a published score has none.

    Args:
        results: Of one arm and one suite; other suites' would be counted together.
    """
    held = [one for one in results if one.graded is not None and one.graded.published is not None]
    name = next((_name(one.probe) for one in held), "")
    return _SCORERS[name].total(held) if name else ()


def _name(probe: Probe) -> str:
    return dict(probe.labels).get("scorer", "")
