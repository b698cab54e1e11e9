"""What leaves a session: files for training and for other tools, and labels for a run's report."""

from typing import Any

from sparrow_lite.ui.rating.asking import Asked, Missing
from sparrow_lite.ui.rating.callers import session_of
from sparrow_lite.ui.rating.parts import RatingParts


def export(parts: RatingParts, asked: Asked) -> Any:
    """Return a file of the session's ratings."""
    session_of(parts, asked)
    raise Missing("There is no such form of export yet.")


def write_into_run(parts: RatingParts, asked: Asked) -> Any:
    """Write the session's labels into its run, whose report then stands corrected."""
    session_of(parts, asked)
    raise Missing("There is no run to write into.")
