import json
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.base import Arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Passage, Usage
from sparrow_lite.harness.play import play
from sparrow_lite.transcript import Role, Turn


@pytest.fixture
def arm(tmp_path: Path) -> Callable[..., Arm]:
    def make(*rows: Any) -> Arm:
        path = tmp_path / "responses.jsonl"
        path.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in rows))
        return open_arm(read_arm(f"file:{path}", ArmSpec(name="base")))

    return make


def test_a_row_becomes_what_the_arm_shows(arm: Any, ask: Any) -> None:
    row = {
        "id": "q1",
        "reply": "It is Paris [2]. And more.",
        "evidence": ["Some text.", {"title": "France", "url": "https://a.example", "text": "Paris is it."}],
        "citations": [
            {"quote": "Paris is", "url": "https://a.example"},
            {"quote": "elsewhere", "sentence": "And more."},
        ],
        "usage": {"requests": 3, "input_tokens": 20, "output_tokens": 5},
        "seconds": 1.5,
    }
    answers = arm(row)
    shown, usage = answers.reply(ask("Capital of France?"))
    assert shown.text == row["reply"]
    assert [(one.id, one.sentence, one.quote, one.start) for one in shown.citations] == [
        (2, "It is Paris.", "Paris is", 0),
        (3, "And more.", "elsewhere", 0),
    ]
    assert shown.evidence[1] == Passage(id=2, url="https://a.example", title="France", text="Paris is it.")
    assert (usage, shown.seconds) == (Usage(requests=3, input_tokens=20, output_tokens=5), 1.5)
    assert play(ask("Capital of France?").probe, answers).seconds == 1.5


def test_rows_are_matched_by_id_and_sample_and_a_suite_of_its_own_comes_first(arm: Any, ask: Any) -> None:
    answers = arm(
        {"id": "q1", "reply": "for all"},
        {"id": "q1", "suite": "facts", "reply": "for facts"},
        {"id": "q1", "sample": 1, "reply": "second", "abstained": "no_results"},
    )
    assert answers.reply(ask("Hi?"))[0].text == "for facts"
    assert answers.reply(ask("Hi?", suite="others"))[0].text == "for all"
    second = answers.reply(ask("Hi?", sample=1))[0]
    assert (second.text, second.abstained) == ("second", "no_results")


def test_a_probe_of_several_replies_gets_one_each_and_the_last_has_the_evidence(arm: Any, ask: Any) -> None:
    turns = tuple(
        Turn(role=role, text=text)
        for role, text in [(Role.USER, "A?"), (Role.SPARROW, "given"), (Role.USER, "B?"), (Role.USER, "C?")]
    )
    row = {"id": "q1", "replies": ["b", "c [1]"], "evidence": ["C is c."], "usage": {"requests": 2}}
    said = play(ask("A?", turns=turns).probe, arm(row))
    assert [turn.text for turn in said.turns] == ["A?", "given", "B?", "b", "C?", "c"]
    assert [len(shown.citations) for _, shown in said.replies] == [0, 1]
    assert said.usage == Usage(requests=2)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "q2", "reply": "other"}, "no response for 'q1'"),
        ({"id": "q1", "sample": 1, "reply": "other"}, "no response for 'q1'"),
        ({"id": "q1", "suite": "others", "reply": "other"}, "no response for 'q1'"),
        ({"id": "q1", "replies": ["one", "two"]}, "row of 'q1' holds 2 replies"),
    ],
    ids=str,
)
def test_a_case_that_the_file_does_not_answer_fails_by_name(
    arm: Any, ask: Any, row: dict[str, Any], words: str
) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        arm(row).reply(ask("Hi?"))
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{", "JSON"),
        ("[]", "line 2: the row"),
        ({"reply": "x"}, "id: Field required"),
        ({"id": "a"}, "either `reply` or `replies`"),
        ({"id": "a", "reply": "x", "replies": ["x"]}, "either `reply` or `replies`"),
        ({"id": "a", "replies": []}, "replies"),
        ({"id": "a", "reply": 3}, "reply: Input should be a valid string"),
        ({"id": "a", "reply": "x", "citation": []}, "citation: Extra inputs"),
        ({"id": "a", "reply": "x", "citations": [{"title": "t"}]}, "citations.0.quote"),
        ({"id": "a", "reply": "x", "evidence": [""]}, "evidence.0.text"),
        ({"id": "a", "reply": "x", "usage": {"tokens": 1}}, "usage.tokens"),
        ({"id": "a", "reply": "x", "seconds": -1}, "seconds"),
        ({"id": "first", "reply": "again"}, "a row of 'first' for this sample already"),
    ],
    ids=str,
)
def test_a_malformed_row_is_refused_with_its_line(arm: Any, row: Any, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        arm({"id": "first", "reply": "fine"}, row)
    assert "line 2" in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as responses"):
        open_arm(read_arm(f"file:{tmp_path / 'none.jsonl'}", ArmSpec(name="base")))


def test_blank_lines_a_byte_order_mark_and_other_scripts_do_no_harm(tmp_path: Path, ask: Any) -> None:
    path = tmp_path / "responses.jsonl"
    rows = ['{"id": "q0", "reply": "é"}', "", '{"id": "q1", "reply": "東京"}']
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    answers = open_arm(read_arm(f"file:{path}", ArmSpec(name="base")))
    assert answers.reply(ask("Hi?"))[0].text == "東京"
    assert answers.reply(ask("Hi?", id="q0"))[0].text == "é"


def test_a_large_file_opens_quickly_and_stays_out_of_memory(tmp_path: Path, ask: Any) -> None:
    path, text = tmp_path / "responses.jsonl", "word " * 200
    with path.open("w") as file:
        for number in range(8_000):
            file.write(json.dumps({"id": f"q{number}", "reply": text}) + "\n")
    spec = read_arm(f"file:{path}", ArmSpec(name="base"))
    started = time.monotonic()
    answers = open_arm(spec)
    assert answers.reply(ask("Hi?", id="q7999"))[0].text == text
    assert time.monotonic() - started < 2.0
    tracemalloc.start()
    try:
        kept = open_arm(spec)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept.concurrency == 1
    assert held < path.stat().st_size / 3
