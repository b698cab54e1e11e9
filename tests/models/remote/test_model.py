import json
import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.models import open_model
from sparrow_lite.models.base import (
    CountingScorer,
    DialogueModel,
    ModelRequest,
    OptionScorer,
    Sampling,
    Task,
    Tokens,
)
from sparrow_lite.options import ModelOptions
from sparrow_lite.transcript import Transcript

OPTIONS = ModelOptions(retries=2, timeout_seconds=0.6)
TEXT = "Paris is the capital of France [1]."
KEY = "sk-very-secret-key-0123456789"


def _request(**changes: Any) -> ModelRequest:
    request = ModelRequest(
        task=Task.ANSWER,
        preamble="You are Sparrow.",
        transcript=Transcript().user("What is the capital of France?"),
        instruction="Reply briefly.",
        sampling=Sampling(temperature=0.3, max_tokens=50, seed=11),
    )
    return replace(request, **changes)


def _open(server: Any, options: ModelOptions = OPTIONS) -> DialogueModel:
    return open_model(f"{server.url}#tiny", options)


def _written(model: DialogueModel, request: ModelRequest | None = None) -> str:
    return "".join(model.write(request or _request()))


def test_text_streams_in_pieces(server: Any) -> None:
    model = _open(server)
    pieces = list(model.write(_request()))
    assert len(pieces) > 3
    assert "".join(pieces) == TEXT
    assert (model.name, model.revision, model.default_candidates) == (f"{server.url}#tiny", None, 8)
    assert isinstance(model, OptionScorer)


def test_the_server_gets_messages_and_sampling(server: Any) -> None:
    _written(_open(server))
    asked = server.seen[0]
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["messages"][1]["content"] == "What is the capital of France?\n\nReply briefly."
    assert asked["model"] == "tiny"
    assert (asked["temperature"], asked["max_tokens"], asked["seed"]) == (0.3, 50, 11)
    assert asked["stream"] is True


@pytest.mark.parametrize("by_option", [True, False], ids=["base_url", "shorthand"])
def test_an_address_needs_no_key(server: Any, by_option: bool) -> None:
    options = replace(OPTIONS, base_url=server.url)
    model = open_model("openai:tiny", options) if by_option else _open(server)
    assert _written(model) == TEXT
    assert server.seen[0]["headers"]["authorization"] == "Bearer not-needed"


def test_a_key_comes_from_the_vendors_own_variable(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    _written(_open(server))
    assert server.seen[0]["headers"]["authorization"] == f"Bearer {KEY}"


def test_the_users_turn_is_never_written(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(text="Sparrow: Paris.\n\nUser: And of Spain?")]
    assert _written(_open(server)) == "Paris."


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503},
        {"status": 429},
        {"status": 408},
        {"wait_seconds": 3.0},
        {"cut_after": 0},
        {"stall_after": 0},
    ],
    ids=str,
)
def test_a_fault_before_any_text_is_tried_again(
    server: Any, openai_server: ModuleType, fault: dict[str, Any]
) -> None:
    server.answers = [openai_server.Served(**fault), openai_server.Served()]
    assert _written(_open(server)) == TEXT
    assert len(server.seen) == 2


def test_a_retry_after_is_waited_for(server: Any, openai_server: ModuleType) -> None:
    busy = openai_server.Served(status=429, headers={"Retry-After": "1"})
    server.answers = [busy, openai_server.Served()]
    assert _written(_open(server, replace(OPTIONS, timeout_seconds=5.0))) == TEXT
    first, second = (asked["at"] for asked in server.seen)
    assert 1.0 <= second - first < 1.4


def test_a_retry_after_beyond_the_timeout_is_not_waited_for(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(status=429, headers={"Retry-After": "3600"})]
    started = time.monotonic()
    with pytest.raises(ModelError) as caught:
        _written(_open(server))
    assert time.monotonic() - started < 1.0
    assert caught.value.retryable
    assert caught.value.retry_after_seconds == 3600.0


def test_tries_end_where_the_options_say(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(status=500, headers={"Retry-After": "0"})]
    with pytest.raises(ModelError, match="HTTP 500") as caught:
        _written(_open(server))
    assert caught.value.retryable
    assert len(server.seen) == 1 + OPTIONS.retries


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"status": 400, "error": {"message": "maximum context length"}}, "maximum context"),
        ({"status": 401}, "API key"),
        ({"status": 403}, "may not use"),
        ({"status": 404}, "model's name"),
        ({"status": 429, "error": {"code": "insufficient_quota"}}, "HTTP 429"),
        ({"raw": "data: {not json\n\n"}, "not of the form"),
        ({"raw": "<html>A page.</html>"}, "not of the form"),
        ({"raw": ""}, "not of the form"),
        ({"chunks": ({"error": {"message": "out of cards"}},)}, "out of cards"),
        ({"chunks": ({"id": "1", "choices": [{"index": 0}]},)}, "not of the form"),
        ({"text": ""}, "without any text"),
    ],
    ids=str,
)
def test_what_trying_again_cannot_mend_fails_at_once(
    server: Any, openai_server: ModuleType, answer: dict[str, Any], words: str
) -> None:
    server.answers = [openai_server.Served(**answer)]
    with pytest.raises(ModelError, match=words) as caught:
        _written(_open(server))
    assert not caught.value.retryable
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"cut_after": 3},
        {"stall_after": 3},
        {"chunks": ({"id": "1", "choices": [{"index": 0, "delta": {"content": "Paris is"}}]},)},
    ],
    ids=["closed", "silent", "ended without a reason"],
)
def test_a_stream_cut_after_text_raises_and_is_not_tried_again(
    server: Any, openai_server: ModuleType, answer: dict[str, Any]
) -> None:
    server.answers = [openai_server.Served(**answer)]
    pieces: list[str] = []
    with pytest.raises(ModelError) as caught:
        pieces.extend(_open(server).write(_request()))
    assert caught.value.retryable
    assert len(server.seen) == 1


def test_text_before_a_cut_was_given_out(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(cut_after=3)]
    stream = _open(server).write(_request())
    pieces = [next(stream), next(stream), next(stream)]
    with pytest.raises(ModelError):
        next(stream)
    assert "".join(pieces) == "Paris is the"


def test_answers_without_choices_are_a_model_error(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(chunks=({"id": "1", "choices": []},))]
    with pytest.raises(ModelError):
        _written(_open(server, replace(OPTIONS, retries=0)))


def test_a_server_that_is_not_there_says_what_to_check(server: Any) -> None:
    model = _open(server, replace(OPTIONS, retries=0))
    server.stop()
    with pytest.raises(ModelError, match="Check that the server runs") as caught:
        _written(model)
    assert caught.value.retryable


@pytest.mark.parametrize("status", [401, 500])
def test_no_error_contains_the_key(
    server: Any, openai_server: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    echo = {"message": f"Incorrect API key provided: {KEY}."}
    server.answers = [openai_server.Served(status=status, error=echo)]
    with pytest.raises(ModelError) as caught:
        _written(_open(server, replace(OPTIONS, retries=0)))
    chain: BaseException | None = caught.value
    while chain is not None:
        assert KEY not in str(chain)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)


@pytest.mark.parametrize("refused", ["temperature", "seed", "max_tokens"])
def test_a_parameter_that_the_server_refuses_is_left_out_from_then_on(
    server: Any, openai_server: ModuleType, refused: str
) -> None:
    def answer(asked: dict[str, Any]) -> Any:
        if refused in asked:
            message = f"Unsupported parameter: '{refused}' is not supported with this model."
            return openai_server.Served(status=400, error={"message": message})
        return openai_server.Served()

    server.answer = answer
    model = _open(server)
    assert [_written(model), _written(model)] == [TEXT, TEXT]
    assert [refused in asked for asked in server.seen] == [True, False, False]
    if refused == "max_tokens":
        assert server.seen[-1]["max_completion_tokens"] == 50


def test_threads_that_are_refused_a_parameter_together_all_get_their_text(
    server: Any, openai_server: ModuleType
) -> None:
    meeting = threading.Barrier(4)

    def answer(asked: dict[str, Any]) -> Any:
        if "temperature" in asked:
            message = "'temperature' is not supported with this model."
            return openai_server.Served(status=400, error={"message": message}, wait_seconds=0.1)
        return openai_server.Served()

    def write(_: int) -> str:
        meeting.wait(5)
        return _written(model)

    server.answer = answer
    model = _open(server)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, range(4))) == [TEXT] * 4


def test_several_threads_may_write_at_once(server: Any) -> None:
    model = _open(server)
    with ThreadPoolExecutor(model.concurrency) as threads:
        texts = list(threads.map(lambda _: _written(model), range(model.concurrency)))
    assert texts == [TEXT] * model.concurrency


def _told_at_the_end(model: DialogueModel) -> tuple[str, Any]:
    stream, text = model.write(_request()), ""
    while True:
        try:
            text += next(stream)
        except StopIteration as end:
            return text, end.value


def _piece(text: str | None, tokens: tuple[int, int] | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None if text else "stop"}
    told = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": 0} if tokens else None
    return {"id": "1", "choices": [choice], "usage": told}


@pytest.mark.parametrize(
    ("pieces", "tokens"),
    [
        ((_piece("Paris"), _piece(None), {**_piece(None, (9, 2)), "choices": []}), (9, 2)),
        ((_piece("Par", (9, 1)), _piece("is", (9, 2)), _piece(None, (9, 2))), (9, 2)),
        ((_piece("Paris"), _piece(None)), None),
    ],
    ids=["last of all", "with every piece", "never"],
)
def test_the_tokens_that_a_stream_tells_are_returned_at_its_end(
    server: Any, openai_server: ModuleType, pieces: Any, tokens: tuple[int, int] | None
) -> None:
    server.answers = [openai_server.Served(chunks=pieces)]
    text, told = _told_at_the_end(_open(server))
    assert text == "Paris"
    assert told == (Tokens(input=tokens[0], output=tokens[1]) if tokens else None)
    assert server.seen[0]["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Unrecognized request argument supplied: stream_options"),
        (422, "[{'loc': ['body', 'stream_options'], 'msg': 'Extra inputs are not permitted'}]"),
    ],
)
def test_a_server_that_refuses_to_tell_tokens_still_answers(
    server: Any, openai_server: ModuleType, status: int, message: str
) -> None:
    refusal = openai_server.Served(status=status, error={"message": message})
    server.answers = [refusal, openai_server.Served()]
    model = _open(server)
    assert [_told_at_the_end(model) for _ in range(2)] == [(TEXT, None)] * 2
    assert ["stream_options" in asked for asked in server.seen] == [True, False, False]


def test_scoring_tells_its_tokens_too(server: Any, openai_server: ModuleType) -> None:
    used = {"prompt_tokens": 40, "completion_tokens": 1, "total_tokens": 41}
    choice = {"index": 0, "message": {"role": "assistant", "content": "Yes"}}
    server.answers = [openai_server.Served(raw=json.dumps({"id": "1", "choices": [choice], "usage": used}))]
    model = _open(server)
    assert isinstance(model, CountingScorer)
    assert model.score_and_count(_request(), ("yes", "no")) == (None, Tokens(input=40, output=1))


def test_options_are_scored_from_the_servers_token_scores(server: Any, openai_server: ModuleType) -> None:
    scores = {"Yes": math.log(0.5), " yes": math.log(0.1), "No": math.log(0.2), "I": math.log(0.1)}
    server.answers = [openai_server.Served(text="Yes", top_logprobs=scores)]
    model = _open(server)
    assert isinstance(model, OptionScorer)
    scored = model.score_options(_request(task=Task.JUDGE), ("yes", "no"))
    assert scored == pytest.approx((0.75, 0.25))
    assert server.seen[0]["logprobs"] is True


def test_a_server_without_token_scores_gives_none(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(text="Yes")]
    model = _open(server)
    assert isinstance(model, OptionScorer)
    assert model.score_options(_request(task=Task.JUDGE), ("yes", "no")) is None


def test_a_server_that_refuses_token_scores_is_asked_for_them_once(
    server: Any, openai_server: ModuleType
) -> None:
    message = "'logprobs' is not supported with this model."
    server.answers = [openai_server.Served(status=400, error={"message": message})]
    model = _open(server)
    assert isinstance(model, OptionScorer)
    assert [model.score_options(_request(), ("yes", "no")) for _ in range(3)] == [None] * 3
    assert len(server.seen) == 1


def test_scoring_raises_what_is_not_about_scores(server: Any, openai_server: ModuleType) -> None:
    server.answers = [openai_server.Served(status=401)]
    model = _open(server)
    assert isinstance(model, OptionScorer)
    with pytest.raises(ModelError, match="API key"):
        model.score_options(_request(), ("yes", "no"))


def test_nothing_is_traced_unless_the_user_says_so(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain_core.tracers.langchain import LangChainTracer

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a tracer was made")

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(LangChainTracer, "__init__", refuse)
    assert _written(_open(server)) == TEXT


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("http://127.0.0.1:1/v1", "names no model"),
        ("http:///v1#tiny", "no address"),
        ("http://me:secret@127.0.0.1/v1#tiny", "may not carry"),
        ("openai:gpt-nano", "OPENAI_API_KEY"),
        ("anthropic:claude", "ANTHROPIC_API_KEY"),
        ("groq:llama", "pip install langchain-groq"),
    ],
)
def test_names_that_cannot_be_opened_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    for key in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(key, raising=False)
    with pytest.raises(ConfigError, match=words) as caught:
        open_model(name, OPTIONS)
    assert "secret" not in str(caught.value)
