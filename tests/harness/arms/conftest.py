"""A real OpenAI-compatible server on the loopback, and probes to ask."""

import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.transcript import Role, Transcript, Turn


@pytest.fixture(scope="session")
def openai_server() -> ModuleType:
    """The module `tests/models/openai_server.py`."""
    path = Path(__file__).parents[2] / "models" / "openai_server.py"
    spec = importlib.util.spec_from_file_location("openai_server_for_arms", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def server(openai_server: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running server, and an environment without proxies."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with openai_server.serve() as running:
        yield running


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
