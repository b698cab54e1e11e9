"""Replies that decline or give no answer: wanted where an answer is not to be had, a fault on carve-outs."""

import numpy as np

from sparrow_lite.harness.metrics.columns import NOWHERE, Columns
from sparrow_lite.harness.metrics.scores import HIT, Scores


def declined(cases: Columns) -> Scores:
    """Return whether the last reply declines; unscored when nobody judged it."""
    return cases.scores(cases["refused"])


def unanswered(cases: Columns) -> Scores:
    """Return whether the last reply declines or abstains; unscored when neither judged nor an abstention."""
    return cases.scores(np.where(cases["reason"] != NOWHERE, HIT, cases["refused"]).astype(np.int8))
