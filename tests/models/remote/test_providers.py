"""Vendors beside OpenAI, at a loopback server that speaks as theirs do."""

import json
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.models import open_model
from sparrow_lite.models.base import DialogueModel, ModelRequest, OptionScorer, Sampling, Task
from sparrow_lite.options import ModelOptions
from sparrow_lite.transcript import Transcript

REQUEST = ModelRequest(
    task=Task.ANSWER,
    preamble="You are Sparrow.",
    transcript=Transcript().user("What is the capital of France?"),
    instruction="Reply briefly.",
    sampling=Sampling(temperature=0.3, max_tokens=50, seed=11),
)


def _ollama(*words: str, whole: bool = True) -> str:
    lines: list[dict[str, Any]] = [
        {"model": "m", "message": {"role": "assistant", "content": word}, "done": False} for word in words
    ]
    if whole:
        lines.append({"model": "m", "message": {"role": "assistant", "content": ""}, "done": True,
                      "done_reason": "stop"})  # fmt: skip
    return "\n".join(map(json.dumps, lines)) + "\n"


def _anthropic(*words: str, whole: bool = True) -> str:
    message = {"id": "1", "type": "message", "role": "assistant", "model": "m", "content": [],
               "stop_reason": None, "stop_sequence": None,
               "usage": {"input_tokens": 1, "output_tokens": 1}}  # fmt: skip
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}}
            for word in words
        ),
    ]
    if whole:
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
             "usage": {"output_tokens": 2}},
            {"type": "message_stop"},
        ]  # fmt: skip
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)


VENDORS = pytest.mark.parametrize(
    ("name", "body"), [("ollama:m", _ollama), ("anthropic:m", _anthropic)], ids=["ollama", "anthropic"]
)


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OLLAMA_HOST", "OLLAMA_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def _open(name: str, server: Any, retries: int = 1) -> DialogueModel:
    root = server.url.removesuffix("/v1")
    return open_model(name, ModelOptions(base_url=root, retries=retries, timeout_seconds=2.0))


@VENDORS
def test_text_streams_from_other_vendors(
    server: Any, openai_server: ModuleType, name: str, body: Any
) -> None:
    server.answers = [openai_server.Served(raw=body("Paris", " is", " it."))]
    model = _open(name, server)
    assert list(model.write(REQUEST)) == ["Paris", " is", " it."]
    assert isinstance(model, OptionScorer)
    assert model.score_options(REQUEST, ("yes", "no")) is None


@VENDORS
@pytest.mark.parametrize("status", [429, 500, 503])
def test_faults_of_other_vendors_are_tried_again_once_by_us_alone(
    server: Any, openai_server: ModuleType, name: str, body: Any, status: int
) -> None:
    server.answers = [
        openai_server.Served(status=status, headers={"Retry-After": "0"}),
        openai_server.Served(raw=body("Paris.")),
    ]
    assert "".join(_open(name, server).write(REQUEST)) == "Paris."
    assert len(server.seen) == 2


@VENDORS
def test_their_own_retries_are_off(server: Any, openai_server: ModuleType, name: str, body: Any) -> None:
    server.answers = [openai_server.Served(status=503)]
    with pytest.raises(ModelError, match="HTTP 503") as caught:
        list(_open(name, server, retries=0).write(REQUEST))
    assert caught.value.retryable
    assert len(server.seen) == 1


@VENDORS
def test_their_streams_without_an_end_are_cut_off(
    server: Any, openai_server: ModuleType, name: str, body: Any
) -> None:
    server.answers = [openai_server.Served(raw=body("Paris", " is", whole=False))]
    with pytest.raises(ModelError, match="cut off") as caught:
        list(_open(name, server).write(REQUEST))
    assert caught.value.retryable


@VENDORS
def test_malformed_answers_of_theirs_are_model_errors(
    server: Any, openai_server: ModuleType, name: str, body: Any
) -> None:
    server.answers = [openai_server.Served(raw="{not json\n")]
    with pytest.raises(ModelError) as caught:
        list(_open(name, server).write(REQUEST))
    assert not caught.value.retryable


@VENDORS
def test_a_vendor_that_is_not_there_is_a_model_error(server: Any, name: str, body: Any) -> None:
    model = _open(name, server, retries=0)
    server.stop()
    with pytest.raises(ModelError) as caught:
        list(model.write(REQUEST))
    assert caught.value.retryable


def test_ollama_gets_sampling_as_its_options(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(raw=_ollama("Paris."))]
    list(_open("ollama:m", server).write(REQUEST))
    assert server.seen[0]["options"] == {"temperature": 0.3, "num_predict": 50, "seed": 11}
