import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Usage
from sparrow_lite.options import ModelOptions, Options


def _chunk(text: str | None, **fields: Any) -> dict[str, Any]:
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if text is None else None}
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "m",
        "choices": [choice],
        **fields,
    }


def _told(openai_server: ModuleType, text: str, *, tokens: tuple[int, int], **more: Any) -> Any:
    used = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    return openai_server.Served(
        chunks=(_chunk(text), _chunk(None), _chunk(None, choices=[], usage=used)), **more
    )


def _spec(server: Any, name: str = "prompted", **changes: Any) -> ArmSpec:
    options = Options(model=ModelOptions(retries=1, timeout_seconds=5.0))
    base = ArmSpec(name="base", model=f"{server.url}#tiny", search="none", options=options)
    return read_arm(name, replace(base, **changes))


def test_a_turns_requests_and_tokens_are_counted(server: Any, openai_server: ModuleType, ask: Any) -> None:
    server.answers = [_told(openai_server, "Hello there.", tokens=(30, 4))]
    shown, usage = open_arm(_spec(server)).reply(ask("Hi there!"))
    assert shown.text == "Hello there."
    assert usage == Usage(requests=2, input_tokens=60, output_tokens=8)
    assert all(asked["stream_options"] == {"include_usage": True} for asked in server.seen)


def test_a_refused_request_is_made_again_by_the_pace_alone(
    server: Any, openai_server: ModuleType, ask: Any
) -> None:
    busy = openai_server.Served(status=429, headers={"Retry-After": "0"})
    told = _told(openai_server, "Hello.", tokens=(10, 1))
    server.answers = [told, busy, busy, busy, busy, told]
    shown, usage = open_arm(_spec(server)).reply(ask("Hi there!"))
    assert shown.text == "Hello."
    assert usage == Usage(requests=2, input_tokens=20, output_tokens=2)
    assert len(server.seen) == 6


def test_a_broken_server_is_not_asked_the_square_of_the_tries(
    server: Any, openai_server: ModuleType, ask: Any
) -> None:
    server.answers = [openai_server.Served(status=500)]
    with pytest.raises(ModelError, match="HTTP 500"):
        open_arm(_spec(server)).reply(ask("Hi there!"))
    assert len(server.seen) == 4  # two requests, each with one further try


def test_many_cases_at_once_get_through_a_crowded_server(
    server: Any, openai_server: ModuleType, ask: Any, crowded: Callable[..., Any]
) -> None:
    told = _told(openai_server, "Hello.", tokens=(10, 1))
    server.answer = crowded(4, told, headers={"Retry-After": "0"})
    arm = open_arm(_spec(server, in_flight=16))
    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: arm.reply(ask("Hi there!")), range(20)))
    assert {shown.text for shown, _ in replies} == {"Hello."}
    assert {usage for _, usage in replies} == {Usage(requests=2, input_tokens=20, output_tokens=2)}


def test_the_prompted_judges_requests_count(server: Any, openai_server: ModuleType, ask: Any) -> None:
    def answer(asked: dict[str, Any]) -> Any:
        if asked.get("stream"):
            return _told(openai_server, "Hello.", tokens=(10, 1))
        top = [{"token": token, "logprob": score} for token, score in (("No", -0.1), ("Yes", -3.0))]
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": "No"},
            "finish_reason": "stop",
            "logprobs": {"content": [{**top[0], "top_logprobs": top}]},
        }
        used = {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101}
        return openai_server.Served(raw=json.dumps({"id": "1", "choices": [choice], "usage": used}))

    server.answer = answer
    spec = _spec(server, "rerank")
    turn = replace(spec.options.turn, candidates=1)
    spec = replace(spec, options=replace(spec.options, rule_judge="prompted", turn=turn))
    _, usage = open_arm(spec).reply(ask("Hi there!"))
    judged = sum(not asked.get("stream") for asked in server.seen)
    assert judged > 10
    assert usage.requests == len(server.seen)
    assert usage.input_tokens == 100 * judged + 10 * (usage.requests - judged)


def test_a_model_on_this_machine_has_no_pace(ask: Any) -> None:
    spec = read_arm("prompted", ArmSpec(name="base", search="none", rate=0.001))
    arm = open_arm(spec)
    assert [arm.reply(ask("Hi there!"))[1].requests for _ in range(2)] == [2, 2]
