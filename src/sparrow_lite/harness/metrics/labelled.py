"""One measure of one arm, with the judge's word on every case and people's on some."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.scores import HIT, NONE, UNSCORED, Mask, Scores, Tri

LABELLED = ("violations", "plausible", "supported", "supported_and_plausible")
"""What people label, by name."""

# What the judge says of a case, for people.
VERDICTS = {HIT: "yes", NONE: "no", UNSCORED: "unscored"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What people say of one measure of one case, and whether a judge's verdict chose the case for them."""

    says: bool
    by_verdict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """The cases of an arm that a measure is over; failed ones, which nobody can label, are not among them.

    Attributes:
        measure: What is labelled.
        arm: Name of the arm.
        judged: What the judge says of each case.
        people: What people say of it; unscored where they have not said.
        by_verdict: Whether a case was chosen for labelling by the judge's verdict on it.
        keys: Of the cases.
    """

    measure: str
    arm: str
    judged: Scores
    people: Tri
    by_verdict: Mask
    keys: NDArray[np.bytes_]

    @property
    def known(self) -> Mask:
        """Which cases people have labelled."""
        return np.not_equal(self.people, UNSCORED)

    @property
    def at_random(self) -> Mask:
        """Which labelled cases were drawn without a look at the verdict."""
        return self.known & ~self.by_verdict
