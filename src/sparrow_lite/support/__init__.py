"""Judges of evidence, and the check that ties each sentence of a reply to words of a page."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.support.base import SupportJudge


def open_support_judge(name: str, *, weights: Path | None = None) -> SupportJudge:
    """Return the judge of evidence of this name.

    Other packages add one through the entry-point group `sparrow_lite.support_judges`.

    Args:
        name: `trained` or `lexical`, or that of an entry point.
        weights: Folder of the user's own weights; None for the shipped ones.

    Raises:
        ConfigError: For an unknown name, or weights that cannot be found.
    """
    known: dict[str, Callable[[Path | None], SupportJudge]] = {
        "trained": _open_trained,
        "lexical": _open_lexical,
    }
    if name in known:
        return known[name](weights)
    for entry in entry_points(group="sparrow_lite.support_judges", name=name):
        opened: SupportJudge = entry.load()()
        return opened
    raise ConfigError(f"There is no support judge {name!r}: choose one of {', '.join(sorted(known))}.")


def _open_trained(weights: Path | None) -> SupportJudge:
    from sparrow_lite.support.trained import TrainedSupportJudge

    return TrainedSupportJudge.open(weights)


def _open_lexical(_weights: Path | None) -> SupportJudge:
    from sparrow_lite.support.lexical import LexicalSupportJudge

    return LexicalSupportJudge()
