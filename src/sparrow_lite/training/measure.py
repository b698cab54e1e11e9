"""Figures of a judge: balanced accuracy, area under the curve, F1 of spans, calibration."""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")


def balanced_accuracy(scores: Sequence[float], labels: Sequence[bool], threshold: float) -> float | None:
    """Return the mean of the two labels' accuracies; None when a label is missing."""
    yes = [score >= threshold for score, label in zip(scores, labels, strict=True) if label]
    no = [score < threshold for score, label in zip(scores, labels, strict=True) if not label]
    if not yes or not no:
        return None
    return (sum(yes) / len(yes) + sum(no) / len(no)) / 2


def best_threshold(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Return the threshold of the highest balanced accuracy, among fifty quantiles of the scores."""
    import numpy as np

    tried = [float(one) for one in np.unique(np.quantile(scores, np.linspace(0.0, 1.0, 51)))]
    return max(tried, key=lambda one: balanced_accuracy(scores, labels, one) or 0.0)


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the area under the receiver's curve; None when a label is missing."""
    from sklearn.metrics import roc_auc_score

    if len(set(labels)) < 2:
        return None
    return float(roc_auc_score(list(labels), list(scores)))


def calibration_error(probabilities: Sequence[float], labels: Sequence[bool], *, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width, 0.0 to 1.0."""
    total = 0.0
    for low in range(bins):
        inside = [
            (one, label)
            for one, label in zip(probabilities, labels, strict=True)
            if min(int(one * bins), bins - 1) == low
        ]
        if inside:
            gap = sum(one for one, _ in inside) - sum(label for _, label in inside)
            total += abs(gap) / len(labels)
    return total


def span_f1(given: str, wanted: Sequence[str]) -> float:
    """Return SQuAD's F1 of an answer: shared words, against the nearest of the accepted answers."""
    return max((_f1(_words(given), _words(one)) for one in wanted), default=0.0)


def _f1(given: list[str], wanted: list[str]) -> float:
    shared = sum((Counter(given) & Counter(wanted)).values())
    return 2 * shared / (len(given) + len(wanted)) if shared else float(given == wanted)


def _words(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return _ARTICLES.sub(" ", bare).split()
