"""What one measure says of many cases: a hit, none, or unscored, each with the probe that it is an answer to.

The cases of one probe are a cluster; `rates.py` and `paired.py` take it from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# 1 for a hit, 0 for none, -1 for unscored.
Tri = NDArray[np.int8]
Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]

HIT, NONE, UNSCORED = 1, 0, -1


def tri(value: bool | None) -> int:
    """Return 1, 0, or -1 for None."""
    return UNSCORED if value is None else int(value)


def tri_both(first: Tri, second: Tri) -> Tri:
    """Return where both are hits; one that is none decides, whatever the other is."""
    none = (first == NONE) | (second == NONE)
    return np.where(none, NONE, np.minimum(first, second)).astype(np.int8)


def tri_any(rows: Tri) -> Tri:
    """Return, for each row, whether one of its columns is a hit; without one, an unscored one decides."""
    hit, unscored = (rows == HIT).any(axis=1), (rows == UNSCORED).any(axis=1)
    if not rows.shape[1]:
        return np.full(len(rows), UNSCORED, dtype=np.int8)
    return np.where(hit, HIT, np.where(unscored, UNSCORED, NONE)).astype(np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One measure over cases, in the order of the plan.

    Attributes:
        values: What is said of each case.
        probes: Number of the probe of each case; the same number in every arm.
    """

    values: Tri
    probes: Numbers

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, bool | None]]) -> "Scores":
        """Return the scores of (probe, what is said of it)."""
        held = list(pairs)
        return cls(
            values=np.array([tri(value) for _, value in held], dtype=np.int8),
            probes=np.array([probe for probe, _ in held], dtype=np.int32),
        )

    def where(self, mask: Mask) -> "Scores":
        """Return the scores of some cases."""
        return Scores(values=self.values[mask], probes=self.probes[mask])

    def clusters(self) -> "Clusters":
        """Return the scored cases, counted by probe."""
        scored = self.values != UNSCORED
        numbers, places = np.unique(self.probes[scored], return_inverse=True)
        hits = np.bincount(places, weights=self.values[scored], minlength=len(numbers))
        counts = np.bincount(places, minlength=len(numbers))
        return Clusters(probes=numbers, hits=hits.astype(np.int64), counts=counts.astype(np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """Scored cases by probe: number of the probe, hits, and how many cases, probes rising."""

    probes: Numbers
    hits: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def single(self) -> bool:
        """Whether each probe has one scored case."""
        return bool((self.counts <= 1).all())

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of hits of each probe."""
        return self.hits / self.counts
