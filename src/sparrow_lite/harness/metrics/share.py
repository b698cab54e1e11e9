"""A share with its interval, and who decided: the values that all other figures are made of."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Who decided. A judge is not a person, so every figure says so."""

    MODEL = "model-judged"
    HUMAN = "human-rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its interval.

    Attributes:
        hits: How many of `of`; with several samples a probe, counted over all samples.
        of: Scored cases.
        unscored: Cases that could not be scored and are not among `of`.
        low: Lower end of the 95 % interval, 0.0 to 1.0; None over nothing.
        high: Upper end.
        method: `wilson` for one sample a probe; for several `bootstrap` over probes, or `wilson over probes`
            where too few of them differ.
    """

    hits: int
    of: int
    unscored: int = 0
    low: float | None = None
    high: float | None = None
    method: str = "wilson"

    @property
    def value(self) -> float | None:
        """The share, 0.0 to 1.0; None over nothing."""
        return self.hits / self.of if self.of else None
