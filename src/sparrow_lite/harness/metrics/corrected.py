"""A judge's rate corrected by people's labels; how is fixed by how the labelled cases were drawn.

Drawn at random: prediction-powered inference, PPI++ (arXiv 2311.01453). The judge decides all cases, people
some of them. The rate is the judge's over the unlabelled cases, weighted, plus the mean of what the weighted
judge is wrong by where people labelled. The weight is the one of least variance, between 0 (people alone) and
1. Which estimator is shown depends on the number of labels alone, never on what they say.

Some drawn by the judge's verdict, as `next_labels` draws them: people's rate among the cases of each verdict,
weighed by how many cases have it, which such a draw does not bias. "Unscored" is a verdict of its own.

The interval is the normal one, over probes: the samples of a probe are a cluster.
"""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.labelled import VERDICTS
from sparrow_lite.harness.metrics.scores import UNSCORED, Numbers, Scores, Tri
from sparrow_lite.harness.metrics.values import CorrectedRate

# With fewer, the normal interval is not to be trusted and people's own interval is better.
ENOUGH_LABELS = 300
PPI, WEIGHED = "ppi++", "people, weighed by verdict"
# Of each verdict that occurs people must have labelled so many.
LEAST_LABELS = 2
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
    return _corrected(value, _standard_error(influence, judged.probes), (count, count + rest), PPI)


def weighed_rate(judged: Scores, people: Tri) -> CorrectedRate | None:
    """Return people's rates by verdict, weighed; None where a verdict has fewer than two labels.

    For the variance alone the rate of a verdict has one hit and one miss added, so that a verdict on which
    people all agreed is not taken for certain.

    Args:
        judged: What the judge says of each case.
        people: What people say of the same cases; unscored where they said nothing.
    """
    known, total, unseen = people != UNSCORED, len(people), 0.0
    rates, influence = np.zeros(total), np.zeros(total)
    for verdict in VERDICTS:
        among = judged.values == verdict
        asked = among & known
        count, part = int(asked.sum()), float(among.mean())
        if count < min(LEAST_LABELS, among.sum()):
            return None
        if not count:
            continue
        share = float(people[asked].mean())
        rates[among] = share
        influence[asked] = part * (people[asked] - share) / count
        smooth = (count * share + 1) / (count + 2)
        unseen += part**2 * max(0.0, smooth * (1 - smooth) - share * (1 - share)) / count
    value = float(rates.mean())
    error = _standard_error(influence + (rates - value) / total, judged.probes)
    return _corrected(value, sqrt(error**2 + unseen), (int(known.sum()), total), WEIGHED)


def _corrected(value: float, error: float, counts: tuple[int, int], method: str) -> CorrectedRate:
    return CorrectedRate(
        value=min(1.0, max(0.0, value)),
        low=max(0.0, value - _Z * error),
        high=min(1.0, value + _Z * error),
        labels=counts[0],
        cases=counts[1],
        method=method,
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
