"""The agents that the app talks to: what it needs of one, and one kept for each choice of parts."""

import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from sparrow_lite.events import Event
from sparrow_lite.rules.base import Rule
from sparrow_lite.transcript import Transcript


class SparrowLike(Protocol):
    """An agent. Implementations are safe to call from several threads."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that it is held to, in order."""
        ...

    def stream(self, transcript: Transcript) -> Iterator[Event]:
        """Yield the turn's events, `ReplyFinished` last.

        Raises:
            SparrowError: When the turn cannot be had; also while iterating.
        """
        ...


OpenSparrow = Callable[[str, str], SparrowLike]


class Sparrows:
    """Opens an agent for each (model, search) once; safe to call from several threads."""

    def __init__(self, open_sparrow: OpenSparrow) -> None:
        self._open = open_sparrow
        self._lock = threading.Lock()
        self._opened: dict[tuple[str, str], SparrowLike] = {}

    def get(self, model: str, search: str) -> SparrowLike:
        """Return the agent, opened when it is first asked for.

        Raises:
            SparrowError: When it cannot be opened.
        """
        # One lock for all: two large models must not load at once.
        with self._lock:
            if (model, search) not in self._opened:
                self._opened[model, search] = self._open(model, search)
            return self._opened[model, search]
