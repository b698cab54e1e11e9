"""Where a reply ends: before the first line on which the model starts to write somebody's turn.

The one place that keeps models from writing the user's turn, whatever their vendor's stop settings do.
"""

import re
from collections.abc import Iterable, Iterator

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import Task

_SPEAKERS = ("User", "Sparrow")
_SEARCHERS = ("Search Query", "Search Result")
_DRAFTS = frozenset({Task.ANSWER, Task.REVISE})
_ECHO = re.compile(r"^\s*Sparrow:[ \t]*")
_ATTACKER_ECHO = re.compile(r"^\s*User:[ \t]*")
_DECORATION = " \t*_#>"


class TurnEnd:
    """Finds where a text starts a new turn. Search lines end only a reply: a query may need them."""

    def __init__(self, task: Task) -> None:
        self._names = _SPEAKERS + _SEARCHERS if task in _DRAFTS else _SPEAKERS
        names = "|".join(self._names)
        self._start = re.compile(rf"\n[ \t*_#>]*(?:{names})(?: \[\d+\])?[ *_]*:")

    def found(self, text: str) -> int | None:
        """Return the index of the line end after which a new turn starts; None when none does."""
        match = self._start.search(text)
        return match.start() if match else None

    def may_follow(self, line: str) -> bool:
        """Return whether more text could still make this unfinished line start a new turn."""
        core = line.strip(_DECORATION)
        return any(name.startswith(core) or core.startswith(f"{name} [") for name in self._names)


def until_turn(pieces: Iterable[str], task: Task) -> Iterator[str]:
    """Yield the text up to the first new turn, without space around it and without its speaker's name.

    Holds back only what could still become the start of a turn, so that a stream stays a stream.

    Raises:
        ModelError: When nothing is left; also whatever `pieces` raises.
    """
    end = TurnEnd(task)
    echo = _ATTACKER_ECHO if task is Task.ATTACK else _ECHO
    held, begun = "\n", False  # invariant: the line end before a possible turn is never given out early
    for piece in pieces:
        held += piece
        if not begun:
            held = "\n" + echo.sub("", held.lstrip())
        stop = end.found(held)
        if stop is not None:
            held = held[:stop]
            break
        ready = _ready(held, end)
        if ready:
            yield held[:ready] if begun else held[:ready].lstrip()
            held, begun = held[ready:], True
    rest = held.rstrip() if begun else held.strip()
    if rest:
        yield rest
    elif not begun:
        raise ModelError("The model wrote nothing: ask again or try another model.", retryable=True)


def _ready(held: str, end: TurnEnd) -> int:
    """Return how many characters can be given out; space at the end waits for what follows it."""
    line_at = held.rfind("\n") + 1
    if line_at and end.may_follow(held[line_at:]):
        return len(held[:line_at].rstrip())
    return len(held.rstrip())
