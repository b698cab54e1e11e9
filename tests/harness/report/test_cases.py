import base64
import gzip
import json
from typing import Any

from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.report.cases import CASES_A_BLOCK, _reply, case_blocks

Reported = Any


def opened(text: str) -> str:
    return gzip.decompress(base64.b64decode(text)).decode()


def test_blocks_hold_every_case_in_order_then_probes_and_cases(paged: Reported) -> None:
    blocks = list(case_blocks(paged.run, "trained"))
    assert [block.kind for block in blocks] == ["conversations", "conversations", "probes", "cases"]
    held = [json.loads(opened(block.text))["cases"] for block in blocks[:2]]
    assert [len(one) for one in held] == [CASES_A_BLOCK, 10]
    lines = [json.loads(line) for line in opened(blocks[3].text).splitlines()]
    assert [line[0] for line in lines] == [case["key"] for one in held for case in one]


def test_a_probe_of_several_arms_and_a_passage_stand_once(reported: Reported) -> None:
    conversations, probes, cases = case_blocks(reported.run, "trained")
    assert opened(probes.text).count("\n") == 4
    assert [json.loads(line)[1] for line in opened(cases.text).splitlines()] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert len(json.loads(opened(conversations.text))["passages"]) == 2


def test_a_record_that_is_not_the_agents_is_shown_as_far_as_it_is_understood(reported: Reported) -> None:
    record = {"candidates": ["odd", {"text": "A.", "draft": "A.", "verdicts": "none"}], "search": ["odd"]}
    plain = _reply(Shown(text="A.", record=record), {})
    assert plain["search"] == {}
    assert [one["text"] for one in plain["candidates"]] == ["A."]


def test_a_rule_that_does_not_count_breaks_no_dialogue_in_the_list(write_run, row) -> None:
    talks = (("answers_question", True), ("no_threats", False), ("no_insults", None))
    threats = (("answers_question", False), ("no_threats", True), ("no_insults", None))
    run = write_run([row(id="a", kind="ordinary", rules=talks), row(id="b", kind="ordinary", rules=threats)])
    *_, cases = case_blocks(run, None, {"no_threats"})
    assert [json.loads(line)[4] for line in opened(cases.text).splitlines()] == ["kept", "broken"]
    *_, cases = case_blocks(run, None)
    assert [json.loads(line)[4] for line in opened(cases.text).splitlines()] == ["broken", "broken"]
