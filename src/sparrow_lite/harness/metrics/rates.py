"""A share with its 95 % interval.

One scored case a probe: Wilson's score interval (statsmodels). Several: the cases of a probe are a cluster,
and the interval is the percentile bootstrap over probes, 4,000 draws with a fixed seed. Where fewer than ten
probes hold a hit, or fewer than ten hold a miss, such a bootstrap is too narrow (of no hit at all it makes
[0, 0]); there it is Wilson's interval with as many trials as there are probes, which is on the safe side. In
a simulation of 4 samples a probe with a correlation of .3, over 12 to 300 probes and rates of 3, 8 and 30 %,
the two together covered the truth 92 to 99 % of the time, the bootstrap alone 61 to 95 %.
"""

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.scores import UNSCORED, Clusters, Scores
from sparrow_lite.harness.metrics.values import Rate

ALPHA = 0.05
DRAWS, SEED = 4000, 20220928
FEWEST_PROBES = 10
WILSON, WILSON_OVER_PROBES, BOOTSTRAP = "wilson", "wilson over probes", "bootstrap"


def rate(scores: Scores) -> Rate:
    """Return the share of hits among the scored cases; over nothing its value and interval are None."""
    unscored = int((scores.values == UNSCORED).sum())
    clusters = scores.clusters()
    hits, of = int(clusters.hits.sum()), int(clusters.counts.sum())
    if not of:
        return Rate(hits=0, of=0, unscored=unscored)
    low, high, method = _interval(clusters, hits / of)
    return Rate(hits=hits, of=of, unscored=unscored, low=low, high=high, method=method)


def rate_of_counts(hits: int, of: int, unscored: int = 0) -> Rate:
    """Return the share of `hits` in `of` cases, each of another probe."""
    if not of:
        return Rate(hits=0, of=0, unscored=unscored)
    low, high = wilson(hits, of)
    return Rate(hits=hits, of=of, unscored=unscored, low=low, high=high)


def wilson(hits: float, of: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval for a share."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(hits, of, alpha=ALPHA, method="wilson")
    return max(0.0, float(low)), min(1.0, float(high))


def resampled(kinds: NDArray[np.float64], numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of each column over bootstrap draws of the probes: one row a draw.

    Probes that are alike are drawn together, which gives the same distribution at a fraction of the work.

    Args:
        kinds: What a probe of each kind adds to the sums, one row a kind.
        numbers: How many probes are of each kind.
    """
    total = int(numbers.sum())
    draws = np.random.default_rng(SEED).multinomial(total, numbers / total, size=DRAWS)
    return np.asarray(draws @ kinds, dtype=np.float64)


def quantiles(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % percentile interval."""
    low, high = np.quantile(values, [ALPHA / 2, 1 - ALPHA / 2])
    return float(low), float(high)


def _interval(clusters: Clusters, value: float) -> tuple[float, float, str]:
    probes = len(clusters.probes)
    if clusters.single:
        return *wilson(value * probes, probes), WILSON
    with_hit = int((clusters.hits > 0).sum())
    with_miss = int((clusters.hits < clusters.counts).sum())
    if min(with_hit, with_miss) < FEWEST_PROBES:
        return *wilson(value * probes, probes), WILSON_OVER_PROBES
    pairs = np.stack([clusters.hits, clusters.counts], axis=1)
    kinds, numbers = np.unique(pairs, axis=0, return_counts=True)
    sums = resampled(kinds.astype(np.float64), numbers)
    return *quantiles(sums[:, 0] / sums[:, 1]), BOOTSTRAP
