"""Tokens on their way from the thread that computes them to the one that reads them."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stream:
    """What transformers calls a streamer: takes tokens in one thread, and is read in another."""

    abandoned: threading.Event = field(default_factory=threading.Event)
    count: int = 0
    _tokens: "queue.SimpleQueue[int | None]" = field(default_factory=queue.SimpleQueue)
    _prompt_seen: bool = False

    def put(self, tokens: Any) -> None:
        """Take the prompt, which `generate` puts first and is ignored, then each token."""
        if self._prompt_seen:
            for token in tokens.reshape(-1).tolist():
                self.put_token(token)
        self._prompt_seen = True

    def put_token(self, token: int) -> None:
        """Take one token."""
        self.count += 1
        self._tokens.put(token)

    def end(self) -> None:
        """End the reading."""
        self._tokens.put(None)

    def __iter__(self) -> Iterator[int]:
        return iter(self._tokens.get, None)
