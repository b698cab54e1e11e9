"""Two arms on the same probes: how far apart, how surely.

One scored case a probe in both: the exact McNemar test (statsmodels), and Tango's score interval for the
paired difference (Statistics in Medicine 17, 1998), which keeps its coverage near 0, as Wilson's does for one
rate. Several: the test flips the sign of each probe's difference at random, 20,000 times with a fixed seed;
the interval is the percentile bootstrap over probes, or, where fewer than ten probes differ, Tango's with the
sums of the differences in either direction as its counts, which is on the safe side.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.rates import ALPHA, FEWEST_PROBES, SEED, quantiles, resampled
from sparrow_lite.harness.metrics.scores import Clusters, Scores
from sparrow_lite.harness.metrics.values import Difference

MCNEMAR, PERMUTATION = "mcnemar", "permutation"
_FLIPS = 20_000
_Z = 1.959963984540054  # of a two-sided 95 % interval

Floats = NDArray[np.float64]


def difference(measure: str, arm: tuple[str, Scores], other: tuple[str, Scores]) -> Difference:
    """Return `arm` minus `other` over the probes for which both have a score.

    A probe with several samples counts once, with the share of its hits. Over no such probe, everything but
    `pairs` is None, and the two are tied.
    """
    mine, theirs = arm[1].clusters(), other[1].clusters()
    _, at_mine, at_theirs = np.intersect1d(mine.probes, theirs.probes, return_indices=True)
    apart = mine.shares[at_mine] - theirs.shares[at_theirs]
    single = _single(mine, at_mine) and _single(theirs, at_theirs)
    found = Difference(
        measure=measure,
        arm=arm[0],
        other=other[0],
        pairs=len(apart),
        value=None,
        low=None,
        high=None,
        p=None,
        method=MCNEMAR if single else PERMUTATION,
        tied=True,
    )
    if not len(apart):
        return found
    p = mcnemar(apart) if single else sign_flip(apart)
    low, high = _interval(apart, single=single)
    value = float(apart.mean())
    return replace(found, value=value, low=low, high=high, p=p, tied=p >= ALPHA)


def holm(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return the differences with p-values corrected after Holm over all of them, and tied by those."""
    places = [at for at, one in enumerate(differences) if one.p is not None]
    p_values = np.array([differences[at].p for at in places], dtype=np.float64)
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    corrected = np.empty_like(p_values)
    corrected[order] = np.minimum(1.0, np.maximum.accumulate(p_values[order] * factors))
    found = list(differences)
    for at, p in zip(places, corrected.tolist(), strict=True):
        found[at] = replace(found[at], p_holm=p, tied=p >= ALPHA)
    return tuple(found)


def mcnemar(apart: Floats) -> float:
    """Return the two-sided p-value of the exact McNemar test; each difference is -1, 0 or 1."""
    from statsmodels.stats.contingency_tables import mcnemar as test

    gained, lost = int((apart > 0).sum()), int((apart < 0).sum())
    if not gained + lost:
        return 1.0
    return min(1.0, float(test([[0, gained], [lost, 0]], exact=True).pvalue))


def sign_flip(apart: Floats) -> float:
    """Return the two-sided p-value of flipping the sign of each probe's difference at random.

    Probes whose differences are of one size are flipped together: how many keep it is binomial.
    """
    sizes, numbers = np.unique(np.abs(apart[apart != 0]), return_counts=True)
    if not len(sizes):
        return 1.0
    kept = np.random.default_rng(SEED).binomial(numbers, 0.5, size=(_FLIPS, len(numbers)))
    sums = (2 * kept - numbers) @ sizes
    as_far = int((np.abs(sums) >= abs(float(apart.sum())) - 1e-9).sum())
    return (as_far + 1) / (_FLIPS + 1)


def tango(gained: float, lost: float, pairs: int) -> tuple[float, float]:
    """Return Tango's 95 % score interval for (gained - lost) / pairs."""
    from scipy.optimize import brentq

    value = (gained - lost) / pairs

    def score(delta: float) -> float:
        """How many standard errors the value lies above `delta`, the rest fitted to `delta`."""
        half = -gained - lost + (2 * pairs - gained + lost) * delta
        root = np.sqrt(max(0.0, half**2 + 8 * pairs * lost * delta * (1 - delta)))
        fitted = (root - half) / (4 * pairs)
        variance = pairs * (2 * fitted + delta * (1 - delta))
        return float((gained - lost - pairs * delta) / np.sqrt(max(variance, 1e-300)))

    edge = 1 - 1e-12
    low = -1.0 if value <= -edge else float(brentq(lambda at: score(at) - _Z, -edge, value))
    high = 1.0 if value >= edge else float(brentq(lambda at: score(at) + _Z, value, edge))
    return low, high


def _single(clusters: Clusters, places: NDArray[np.intp]) -> bool:
    return bool((clusters.counts[places] == 1).all())


def _interval(apart: Floats, *, single: bool) -> tuple[float, float]:
    gained, lost = float(apart[apart > 0].sum()), float(-apart[apart < 0].sum())
    if single or int((apart != 0).sum()) < FEWEST_PROBES:
        return tango(gained, lost, len(apart))
    kinds, numbers = np.unique(apart, return_counts=True)
    return quantiles(resampled(kinds[:, None], numbers)[:, 0] / len(apart))
