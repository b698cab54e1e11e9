"""A real OpenAI-compatible server on the loopback, and probes to ask."""

import json
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.transcript import Role, Transcript, Turn


@pytest.fixture
def whole(openai_server: ModuleType) -> Callable[..., Any]:
    """A function from a message's text to a whole answer; further fields go to message, choice and top."""

    def answer(text: str | None, *, message: Any = None, choice: Any = None, **top: Any) -> Any:
        said = {"role": "assistant", "content": text, **(message or {})}
        choices = [{"index": 0, "message": said, "finish_reason": "stop", **(choice or {})}]
        return openai_server.Served(raw=json.dumps({"id": "1", "choices": choices, **top}))

    return answer


@pytest.fixture
def crowded(openai_server: ModuleType) -> Callable[..., Callable[[Any], Any]]:
    """A function that returns how a server answers that works on `capacity` requests at once, no more."""

    def make(capacity: int, answer: Any, *, seconds: float = 0.02, **refusal: Any) -> Callable[[Any], Any]:
        ends: list[float] = []

        def take(_asked: Any) -> Any:
            now = time.monotonic()
            ends[:] = [end for end in ends if end > now]
            if len(ends) >= capacity:
                return openai_server.Served(status=429, **refusal)
            ends.append(now + seconds)
            return answer

        return take

    return make


@pytest.fixture
def ask() -> Callable[..., Asked]:
    """A function from the dialogue's texts, the user's first, to what an arm is asked for."""

    def make(*texts: str, sample: int = 0, reply: int = 0, **changes: Any) -> Asked:
        roles = (Role.USER, Role.SPARROW)
        turns = tuple(Turn(role=roles[place % 2], text=text) for place, text in enumerate(texts))
        fields = {"id": "q1", "suite": "facts", "kind": ProbeKind.QUESTION, "turns": turns, **changes}
        return Asked(transcript=Transcript(turns=turns), probe=Probe(**fields), sample=sample, reply=reply)

    return make
