"""Scores that public suites define themselves, one file each: what they say of one reply, and in all."""

from collections.abc import Mapping

from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.probe import Probe


def score_published(probe: Probe, last: Shown) -> Mapping[str, str] | None:
    """Return what the probe's published scorer says of the last reply; None for suites without one."""
    del probe, last
    return None
