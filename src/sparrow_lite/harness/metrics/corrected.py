"""A judge's rate corrected by people's labels: prediction-powered inference, PPI++ (arXiv 2311.01453).

The judge decides all cases, people some of them, drawn at random. The rate is the judge's over the unlabelled
cases, weighted, plus the mean of what the weighted judge is wrong by where people labelled. The weight is the
one of least variance, between 0 (people alone) and 1. The interval is the normal one, over probes: the
samples of a probe are a cluster. Which estimator is shown depends on the number of labels alone, never on
what they say.
"""

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.scores import UNSCORED, Numbers, Scores, Tri
from sparrow_lite.harness.metrics.values import CorrectedRate

# With fewer, the normal interval is not to be trusted and people's own interval is better.
ENOUGH_LABELS = 300
_Z = 1.959963984540054  # of a two-sided 95 % interval

Floats = NDArray[np.float64]


def corrected_rate(judged: Scores, people: Tri) -> CorrectedRate | None:
    """Return the corrected rate; None with fewer than 300 labels, or where every case is labelled.

    Args:
        judged: What the judge says of each case. An unscored one is predicted by the mean of the others,
            which costs precision and nothing else.
        people: What people say of the same cases; unscored where they said nothing.
    """
    labelled = people != UNSCORED
    count, rest = int(labelled.sum()), int((~labelled).sum())
    scored = judged.values != UNSCORED
    if count < ENOUGH_LABELS or not rest or not scored.any():
        return None
    predicted = np.where(scored, judged.values, judged.values[scored].mean()).astype(np.float64)
    said = people.astype(np.float64)
    weight = _weight(predicted, said, labelled)
    left = weight * predicted[~labelled]
    wrong = said[labelled] - weight * predicted[labelled]
    value = float(left.mean() + wrong.mean())
    influence = np.empty_like(predicted)
    influence[~labelled] = (left - left.mean()) / rest
    influence[labelled] = (wrong - wrong.mean()) / count
    half = _Z * _standard_error(influence, judged.probes)
    return CorrectedRate(
        value=min(1.0, max(0.0, value)),
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        labels=count,
        cases=count + rest,
    )


def _weight(predicted: Floats, said: Floats, labelled: NDArray[np.bool_]) -> float:
    """The judge's weight that gives the least variance, 0.0 to 1.0."""
    spread = float(predicted.var())
    if spread == 0.0:
        return 0.0
    together = float(np.cov(said[labelled], predicted[labelled], ddof=0)[0, 1])
    ratio = float(labelled.sum() / (~labelled).sum())
    return min(1.0, max(0.0, together / ((1.0 + ratio) * spread)))


def _standard_error(influence: Floats, probes: Numbers) -> float:
    numbers, places = np.unique(probes, return_inverse=True)
    sums = np.bincount(places, weights=influence)
    return float(np.sqrt((sums**2).sum() * len(numbers) / max(1, len(numbers) - 1)))
