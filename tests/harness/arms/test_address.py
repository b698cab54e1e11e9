import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Passage, Usage
from sparrow_lite.harness.executors import open_executor
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.results import Run
from sparrow_lite.harness.runner import Plan, run
from sparrow_lite.harness.work import WorkerSpec
from sparrow_lite.options import ModelOptions, Options
from sparrow_lite.transcript import Role, Transcript, Turn

KEY = "sk-very-secret-key-0123456789"
OPTIONS = Options(model=ModelOptions(retries=1, timeout_seconds=2.0, seed=3))
FRANCE = {"title": "France", "url": "https://example.org/fr", "text": "Paris is the capital of France."}


def _spec(server: Any, **changes: Any) -> ArmSpec:
    name = f"url:{server.url}#{changes.pop('model', 'theirs')}"
    return read_arm(name, replace(ArmSpec(name="base", options=OPTIONS), **changes))


def test_the_whole_dialogue_is_sent_to_the_letter_and_without_a_preamble(
    server: Any, ask: Any, whole: Any
) -> None:
    server.answers = [whole("Madrid.", usage={"prompt_tokens": 12, "completion_tokens": 2})]
    shown, usage = open_arm(_spec(server)).reply(
        ask("Of France?", "Paris.", "User: and\nof Spain?", sample=2)
    )
    assert (shown.text, shown.citations, shown.evidence, shown.abstained) == ("Madrid.", (), (), None)
    assert usage == Usage(requests=1, input_tokens=12, output_tokens=2)
    asked = server.seen[0]
    assert asked["messages"] == [
        {"role": "user", "content": "Of France?"},
        {"role": "assistant", "content": "Paris."},
        {"role": "user", "content": "User: and\nof Spain?"},
    ]
    assert (asked["model"], asked["seed"]) == ("theirs", 2003)
    assert "authorization" not in asked["headers"]


@pytest.mark.parametrize("place", ["message", "choice", "top"])
def test_evidence_is_read_wherever_a_server_puts_it(server: Any, ask: Any, whole: Any, place: str) -> None:
    held = {"evidence": ["Madrid is in Spain.", {**FRANCE, "score": 0.9}]}
    fields = held if place == "top" else {place: held}
    server.answers = [whole("It is Paris [2]. Look.", **fields)]
    shown, _ = open_arm(_spec(server)).reply(ask("Capital of France?"))
    assert shown.evidence == (
        Passage(id=1, url="", title="", text="Madrid is in Spain."),
        Passage(id=2, **FRANCE),
    )
    assert [(one.id, one.sentence, one.quote) for one in shown.citations] == [
        (2, "It is Paris.", FRANCE["text"])
    ]


@pytest.mark.parametrize(
    ("fields", "cited"),
    [
        ({"citations": [{"quote": "Paris is"}]}, [(1, "It is Paris.", "Paris is")]),
        ({"citations": ["https://a.example", {"quote": "Paris is"}]}, [(2, "It is Paris.", "Paris is")]),
        ({"citations": [{"quote": "Paris is"}], "evidence": [FRANCE]}, [(1, "It is Paris.", "Paris is")]),
        (
            {"citations": [{"quote": "Paris has", "sentence": "It is Paris."}], "evidence": [FRANCE]},
            [(2, "It is Paris.", "Paris has")],
        ),
        ({"evidence": [FRANCE]}, []),
        ({"citations": ["https://a.example", 3, {}, {"quote": ""}], "evidence": ["https://b.example"]}, []),
        ({"citations": None, "evidence": {}}, []),
    ],
    ids=str,
)
def test_citations_show_evidence_and_addresses_alone_do_not(
    server: Any, ask: Any, whole: Any, fields: dict[str, Any], cited: list[Any]
) -> None:
    server.answers = [whole("It is Paris.", message=fields)]
    shown, _ = open_arm(_spec(server)).reply(ask("Capital of France?"))
    assert [(one.id, one.sentence, one.quote) for one in shown.citations] == cited
    assert all(one.text for one in shown.evidence)


def test_marks_count_the_places_in_the_list_also_those_that_cannot_be_read(
    server: Any, ask: Any, whole: Any
) -> None:
    server.answers = [
        whole("It is big [1]. It is Paris [2].", choice={"evidence": ["https://a.example", FRANCE]})
    ]
    shown, _ = open_arm(_spec(server)).reply(ask("Capital of France?"))
    assert [(one.id, one.sentence) for one in shown.citations] == [(2, "It is Paris.")]


@pytest.mark.parametrize(
    ("answer", "text", "abstained"),
    [
        ({"text": None, "message": {"refusal": "I can't."}}, "I can't.", "rule_refusal"),
        ({"text": "<think>Hm.</think>\nParis."}, "Paris.", None),
        (
            {"text": [{"type": "text", "text": "Par"}, {"type": "image"}, {"type": "text", "text": "is."}]},
            "Paris.",
            None,
        ),
    ],
    ids=str,
)
def test_what_the_reply_is(
    server: Any, ask: Any, whole: Any, *, answer: dict[str, Any], text: str, abstained: str | None
) -> None:
    server.answers = [whole(answer.pop("text"), **answer)]
    shown, _ = open_arm(_spec(server)).reply(ask("Capital of France?"))
    assert (shown.text, shown.abstained) == (text, abstained)


@pytest.mark.parametrize(
    ("answer", "words", "requests"),
    [
        ({"status": 401, "error": {"message": f"bad key {KEY}"}}, "API key", 1),
        ({"status": 404}, "model's name", 1),
        ({"status": 500}, "HTTP 500", 2),
        ({"raw": "<html>A page.</html>"}, "not of the form", 1),
        ({"raw": '{"choices": []}'}, "not of the form", 1),
        ({"raw": "[1]"}, "not of the form", 1),
        ({"raw": '{"choices": [{"message": {"content": ""}}]}'}, "wrote nothing", 2),
        ({"wait_seconds": 3.0}, "timed out", 2),
    ],
    ids=str,
)
def test_faults_are_model_errors_without_the_key(
    server: Any,
    openai_server: ModuleType,
    ask: Any,
    monkeypatch: pytest.MonkeyPatch,
    *,
    answer: dict[str, Any],
    words: str,
    requests: int,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.answers = [openai_server.Served(**answer)]
    options = replace(OPTIONS, model=replace(OPTIONS.model, timeout_seconds=0.3))
    with pytest.raises(ModelError, match=words) as caught:
        open_arm(_spec(server, options=options)).reply(ask("Capital of France?"))
    assert len(server.seen) == requests
    assert server.seen[0]["headers"]["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(caught.value)


def test_a_server_that_refuses_a_seed_is_asked_without_from_then_on(
    server: Any, openai_server: ModuleType, ask: Any, whole: Any
) -> None:
    refusal = openai_server.Served(status=400, error={"message": "Unrecognized request argument: seed"})
    server.answers = [refusal, whole("Paris.")]
    arm = open_arm(_spec(server))
    assert [arm.reply(ask("Capital?"))[0].text for _ in range(2)] == ["Paris."] * 2
    assert ["seed" in asked for asked in server.seen] == [True, False, False]


@pytest.mark.parametrize("address", ["http:///v1", "ftp://a/v1", "http://me:word@127.0.0.1/v1#m"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match=r"no address|may not carry"):
        open_arm(read_arm(f"url:{address}", ArmSpec(name="base")))


def test_a_retry_after_is_waited_for_by_all(
    server: Any, openai_server: ModuleType, ask: Any, whole: Any
) -> None:
    server.answers = [openai_server.Served(status=429, headers={"Retry-After": "1"}), whole("Paris.")]
    arm = open_arm(_spec(server))
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(arm.reply, ask("Capital?"))
        time.sleep(0.2)
        others = [pool.submit(arm.reply, ask("Capital?")) for _ in range(3)]
        assert {one.result(5)[0].text for one in [first, *others]} == {"Paris."}
    arrivals = [asked["at"] for asked in server.seen]
    assert len(arrivals) == 5
    assert 1.0 <= min(arrivals[1:]) - arrivals[0] < 1.5


def test_the_rate_holds_for_all_threads_together(server: Any, ask: Any, whole: Any) -> None:
    server.answers = [whole("Paris.")]
    arm = open_arm(_spec(server, rate=40.0))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: arm.reply(ask("Capital?")), range(24)))
    arrivals = [asked["at"] for asked in server.seen]
    assert arrivals[-1] - arrivals[0] >= 23 / 40 - 0.02
    assert min(late - early for early, late in pairwise(arrivals)) >= 1 / 40 - 0.02


def test_a_crowded_server_gets_all_its_requests_in_the_end(
    server: Any, ask: Any, whole: Any, crowded: Callable[..., Any]
) -> None:
    server.answer = crowded(3, whole("Paris."), headers={"Retry-After": "0"})
    arm = open_arm(_spec(server, in_flight=16))
    with ThreadPoolExecutor(16) as pool:
        texts = list(pool.map(lambda _: arm.reply(ask("Capital?"))[0].text, range(60)))
    assert texts == ["Paris."] * 60


def test_a_run_with_an_outside_system_is_graded(server: Any, whole: Any, tmp_path: Path) -> None:
    answers = {
        "What is the capital of France?": whole(
            "Paris is the capital of France [1].", message={"evidence": [FRANCE]}
        ),
        "What is the capital of Spain?": whole("I don't know."),
    }
    server.answer = lambda asked: answers[asked["messages"][-1]["content"]]
    probes = tuple(
        Probe(
            id=f"q{number}",
            suite="facts",
            kind=ProbeKind.QUESTION,
            turns=(Turn(role=Role.USER, text=question),),
            answers=(answer,),
        )
        for number, (question, answer) in enumerate(zip(answers, ("Paris", "Madrid"), strict=True))
    )
    suite = Suite(name="facts", version="1", canary="", description="", probes=probes)
    arms = (_spec(server),)
    ledger = Ledger(tmp_path)
    spec = WorkerSpec(arms=arms, judges=("lexical",), judge_options=Options())
    plan = Plan(suites=(suite,), arms=arms, judges=("lexical",))
    run(plan, ledger, open_executor("threads", workers=2), spec, on_finished=lambda _: None)
    ledger.close()
    right, wrong = Run.open(tmp_path).results()
    assert (right.failure, right.plausible, right.supported, right.requests) == (None, True, True, 1)
    assert (wrong.plausible, wrong.supported, wrong.evidence_shown) == (False, False, False)
    assert right.graded is not None
    assert len(right.graded.rules) > 10
    assert Transcript(turns=Run.open(tmp_path).conversation(right).turns).turns[-1].role is Role.SPARROW
