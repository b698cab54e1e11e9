"""Judges of evidence, and the check that ties each sentence of a reply to words of a page."""

from collections.abc import Callable
from importlib.metadata import entry_points

from sparrow_lite.errors import ConfigError
from sparrow_lite.support.base import SupportJudge


def open_support_judge(name: str) -> SupportJudge:
    """Return the judge of evidence of this name.

    Other packages add one through the entry-point group `sparrow_lite.support_judges`.

    Raises:
        ConfigError: For an unknown name.
    """
    known: dict[str, Callable[[], SupportJudge]] = {"lexical": _open_lexical}
    if name in known:
        return known[name]()
    for entry in entry_points(group="sparrow_lite.support_judges", name=name):
        opened: SupportJudge = entry.load()()
        return opened
    raise ConfigError(f"There is no support judge {name!r}: choose one of {', '.join(sorted(known))}.")


def _open_lexical() -> SupportJudge:
    from sparrow_lite.support.lexical import LexicalSupportJudge

    return LexicalSupportJudge()
