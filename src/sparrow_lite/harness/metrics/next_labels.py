"""Which cases people should label next for the narrowest corrected interval: two phases, Neyman's allocation.

The judge's verdicts are the strata. One label more in a stratum of the share W with the rate p and n labels
takes W^2 p (1 - p) (1/n - 1/(n + 1)) from the variance; labels go one by one to where they take most, which
is Neyman's allocation, unrounded and with those that are there already. Within a stratum cases are drawn at
random, which is what keeps the estimate true.
"""

import random
from collections.abc import Sequence
from math import inf, isfinite, sqrt

import numpy as np

from sparrow_lite.harness.metrics.human_values import NextLabels, VerdictLabels
from sparrow_lite.harness.metrics.labelled import VERDICTS, Labelled
from sparrow_lite.harness.metrics.scores import HIT

NEXT = 100
_Z = 1.959963984540054  # of a two-sided alpha of 0.05
# Of each verdict people label so many before anything is reckoned.
_FIRST = 2


class _Stratum:
    """The cases of one verdict while labels are handed out."""

    def __init__(self, verdict: int, cases: Labelled) -> None:
        among = cases.judged.values == verdict
        self.verdict, self.count = VERDICTS[verdict], int(among.sum())
        self.labelled = int((among & cases.known).sum())
        self.left = np.flatnonzero(among & ~cases.known)
        self.wanted = 0
        # One hit and one miss more: people may yet differ about a verdict on which they agreed so far.
        hits = int((cases.people[among] == HIT).sum())
        self.rate = (hits + 1) / (self.labelled + 2)
        self.share = self.count / max(1, len(cases.people))

    @property
    def gain(self) -> float:
        """What the next label takes from the variance; below 0 when all cases are labelled."""
        if self.wanted == len(self.left):
            return -1.0
        there = self.labelled + self.wanted
        return inf if there < _FIRST else self.variance(there) - self.variance(there + 1)

    def variance(self, labels: int) -> float:
        return self.share**2 * self.rate * (1 - self.rate) / labels if labels else inf


def next_labels(cases: Labelled, *, count: int = NEXT, seed: int = 0) -> NextLabels | None:
    """Return up to `count` cases to label next; None when all are labelled.

    Args:
        cases: Of one measure and arm.
        count: Most cases.
        seed: Of the draw within a verdict. The same labels give the same list.
    """
    strata = [one for one in (_Stratum(verdict, cases) for verdict in VERDICTS) if one.count]
    places = _handed_out(strata, count, random.Random(f"{seed}/{cases.measure}/{cases.arm}"))
    if not places:
        return None
    now = _half_width(strata, len(cases.people), [one.labelled for one in strata])
    then = _half_width(strata, len(cases.people), [one.labelled + one.wanted for one in strata])
    return NextLabels(
        measure=cases.measure,
        arm=cases.arm,
        verdicts=tuple(
            VerdictLabels(verdict=one.verdict, cases=one.count, labelled=one.labelled, wanted=one.wanted)
            for one in strata
        ),
        now=now,
        then=then,
        cases=tuple((cases.keys[place].decode(), verdict) for place, verdict in places),
    )


def _handed_out(strata: Sequence[_Stratum], count: int, drawn: random.Random) -> list[tuple[int, str]]:
    for one in strata:
        # A new order of the same cases: a draw without looking at anything else.
        one.left = np.array(drawn.sample(one.left.tolist(), len(one.left)), dtype=np.int64)
    places = []
    for _ in range(count):
        most = max(strata, key=lambda one: one.gain, default=None)
        if most is None or most.gain < 0:
            break
        places.append((int(most.left[most.wanted]), most.verdict))
        most.wanted += 1
    return places


def _half_width(strata: Sequence[_Stratum], cases: int, labels: Sequence[int]) -> float | None:
    """Of the weighed rate's interval: what labels leave open, and what more cases alone would tell."""
    mean = sum(one.share * one.rate for one in strata)
    between = sum(one.share * (one.rate - mean) ** 2 for one in strata) / cases
    within = sum(one.variance(held) for one, held in zip(strata, labels, strict=True))
    width = _Z * sqrt(within + between)
    return width if isfinite(width) else None
