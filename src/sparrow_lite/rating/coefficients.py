"""Coefficients of agreement, with the interval of a bootstrap over items.

Krippendorff's alpha (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"), nominal or ordinal;
Gwet's AC1 (Gwet 2008, doi 10.1348/000711006X126600), which stays sensible where one answer is rare; and the
per cent of pairs of ratings that are the same. All three are functions of sums over items, so that a draw of
items is a weighted sum.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.human_values import Bounded
from sparrow_lite.harness.metrics.rates import quantiles, resampled

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
# Draws in which a coefficient has no value are left out; with fewer than half of them no interval is given.
_LEAST_DRAWS = 0.5
# Of fewer items than these a bootstrap says nothing.
_FEWEST_ITEMS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """How far ratings agree.

    Attributes:
        alpha: Krippendorff's; at most 1.0, no value when all ratings say the same.
        ac1: Gwet's.
        percent: Share of pairs of ratings that are the same, 0.0 to 1.0.
    """

    alpha: Bounded
    ac1: Bounded
    percent: Bounded


def coefficients(items: Sequence[Counts], categories: int, *, ordinal: bool) -> Coefficients:
    """Return the coefficients of these items.

    Args:
        items: One matrix an item, a row for each question about it, a column for each category: how many
            raters chose it. The rows of an item are drawn together.
        categories: How many there are, at least two.
        ordinal: Whether the columns are ranks of one scale, in their order.
    """
    sums = np.array([_sums(one, categories) for one in items], dtype=np.float64)
    if not len(sums):
        sums = np.zeros((1, categories * categories + categories + 3))
    whole = sums.sum(axis=0, keepdims=True)
    kinds, numbers = np.unique(sums, axis=0, return_counts=True)
    compared = int((sums[:, -3] > 0).sum())
    draws = resampled(kinds, numbers) if compared >= _FEWEST_ITEMS else None

    def found(of: Callable[[Floats, int], Floats]) -> Bounded:
        value = float(of(whole, categories)[0])
        if np.isnan(value):
            return Bounded(value=None)
        low, high = _interval(of(draws, categories)) if draws is not None else (None, None)
        return Bounded(value=value, low=low, high=high)

    return Coefficients(
        alpha=found(_ordinal if ordinal else _nominal), ac1=found(_ac1), percent=found(_percent)
    )


def _sums(rows: Counts, categories: int) -> Floats:
    """What an item adds: coincidences, shares of categories, comparable rows, agreeing shares, rated rows."""
    counts = np.asarray(rows, dtype=np.float64).reshape(-1, categories)
    raters = counts.sum(axis=1)
    pairable = counts[raters > 1]
    many = pairable.sum(axis=1)
    together = np.einsum("uc,uk->uck", pairable, pairable)
    together[:, np.arange(categories), np.arange(categories)] -= pairable
    coincidences = (together / (many - 1)[:, None, None]).sum(axis=0)
    agreeing = (pairable * (pairable - 1)).sum(axis=1) / (many * (many - 1))
    rated = counts[raters > 0]
    shares = (rated / rated.sum(axis=1, keepdims=True)).sum(axis=0)
    # The shares come before the counts, so that each measure finds its parts by place from either end.
    return np.concatenate([coincidences.ravel(), shares, [len(pairable), agreeing.sum(), len(rated)]])


def _nominal(sums: Floats, categories: int) -> Floats:
    apart = 1.0 - np.eye(categories)
    return _alpha(sums, np.broadcast_to(apart, (len(sums), categories, categories)))


def _ordinal(sums: Floats, categories: int) -> Floats:
    totals = _coincidences(sums, categories).sum(axis=2)
    below = np.concatenate([np.zeros((len(sums), 1)), np.cumsum(totals, axis=1)], axis=1)
    # From the middle of one rank to the middle of the other, counted in values.
    middles = (below[:, 1:] + below[:, :-1]) / 2
    return _alpha(sums, (middles[:, :, None] - middles[:, None, :]) ** 2)


def _alpha(sums: Floats, apart: Floats) -> Floats:
    observed = _coincidences(sums, apart.shape[1])
    totals = observed.sum(axis=2)
    values = totals.sum(axis=1)
    expected = np.einsum("dc,dk,dck->d", totals, totals, apart)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (values - 1) * (observed * apart).sum(axis=(1, 2)) / expected
    return np.where(expected > 0, 1 - ratio, np.nan)


def _coincidences(sums: Floats, categories: int) -> Floats:
    return sums[:, : categories * categories].reshape(-1, categories, categories)


def _ac1(sums: Floats, categories: int) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = sums[:, categories * categories : -3] / sums[:, -1:]
        chance = (shares * (1 - shares)).sum(axis=1) / (categories - 1)
        return np.asarray((_percent(sums, categories) - chance) / (1 - chance), dtype=np.float64)


def _percent(sums: Floats, categories: int) -> Floats:  # noqa: ARG001 (every measure's)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(sums[:, -2] / sums[:, -3], dtype=np.float64)


def _interval(drawn: Floats) -> tuple[float, float] | tuple[None, None]:
    known = drawn[~np.isnan(drawn)]
    return quantiles(known) if len(known) >= _LEAST_DRAWS * len(drawn) else (None, None)
