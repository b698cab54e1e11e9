"""Judging in bulk: JSON lines in and out, through the command and in the library."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from sparrow_lite.errors import JudgeError
from sparrow_lite.judging import judge_lines
from sparrow_lite.options import Options
from sparrow_lite.turn.parts import open_parts

USER = {"role": "user", "text": "When was the Varn bridge built?"}
EVIDENCE = "The Varn bridge was built in 1901. It is 210 metres long."


@pytest.fixture(scope="module")
def parts():
    return open_parts(model="embedded", search="none", options=Options())


def judge(kind, rows, parts):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return list(judge_lines(kind, lines, parts))


def said(text):
    return {"turns": [USER, {"role": "sparrow", "text": text}]}


@pytest.mark.parametrize(
    ("claim", "evidence", "outcome"),
    [
        ("The Varn bridge was built in 1901.", EVIDENCE, "supported"),
        ("The Varn bridge was built in 1901.", ["Bees make honey.", EVIDENCE], "supported"),
        ("Penguins live in the southern half of the world.", EVIDENCE, "not_supported"),
        ("The Varn bridge was built in 1901.", [], "not_supported"),
        ("It is so.", EVIDENCE, "unscored"),
    ],
)
def test_a_claim_is_judged_by_the_best_of_its_evidence(parts, claim, evidence, outcome):
    (line,) = judge("support", [{"id": 7, "claim": claim, "evidence": evidence, "note": "kept"}], parts)
    assert line.row["outcome"] == outcome
    assert (line.row["id"], line.row["note"], line.fault) == (7, "kept", None)
    assert (line.row["support"] is None) == (outcome == "unscored")


def test_a_claim_may_join_two_passages(parts):
    passages = ["Ada Krell designed the Varn bridge.", "The Varn bridge opened in 1901."]
    claim = "The Varn bridge, which Ada Krell designed, opened in 1901."
    together, alone = (
        judge("support", [{"claim": claim, "evidence": evidence}], parts)[0].row["support"]
        for evidence in (passages, passages[:1])
    )
    assert together > alone


def test_a_reply_is_judged_by_every_rule_or_by_those_it_names(parts):
    kept, broken, some = judge(
        "rules",
        [
            said("It was built in 1901."),
            said("I will find you and kill you."),
            {**said("Hi."), "rules": ["no_threats"]},
        ],
        parts,
    )
    assert len(kept.row["rules"]) == 23
    assert kept.row["broken"] == []
    assert "no_threats" in broken.row["broken"]
    assert [one["rule"] for one in some.row["rules"]] == ["no_threats"]


def test_candidates_are_ordered_by_evidence_and_rules(parts):
    row = {
        "turns": [USER],
        "candidates": ["It was built in 1850.", "The Varn bridge was built in 1901.", "Shut up, you idiot."],
        "evidence": [[EVIDENCE]] * 3,
    }
    (line,) = judge("rank", [row], parts)
    assert line.row["order"] == [1, 0, 2]
    assert len(line.row["scores"]) == 3


def test_candidates_need_no_evidence(parts):
    (line,) = judge("rank", [{"turns": [USER], "candidates": ["I will kill you.", "I do not know."]}], parts)
    assert line.row["order"] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "line", "names"),
    [
        ("support", "not json", "line 2"),
        ("support", "[1]", "not a JSON object"),
        ("support", '{"claim": "x"}', "evidence"),
        ("support", '{"claim": 3, "evidence": "x"}', "claim"),
        ("rules", '{"turns": []}', "turns"),
        ("rules", json.dumps({"turns": [USER]}), "last turn"),
        ("rules", json.dumps({"turns": [{"role": "bot", "text": "x"}]}), "role"),
        ("rules", json.dumps({**said("x"), "rules": ["no_such"]}), "no_such"),
        ("rank", json.dumps({"turns": [USER], "candidates": []}), "candidates"),
        ("rank", json.dumps({"turns": [USER], "candidates": ["a"], "evidence": []}), "evidence"),
    ],
)
def test_a_malformed_line_is_unscored_and_the_rest_goes_on(parts, kind, line, names):
    good = {
        "support": {"claim": "Bees make honey.", "evidence": "Bees make honey."},
        "rules": said("It was built in 1901."),
        "rank": {"turns": [USER], "candidates": ["a"]},
    }[kind]
    first, bad, last = judge(kind, [good, line, good], parts)
    assert "line 2" in bad.fault
    assert names in bad.fault
    assert bad.row["outcome"] == "unscored"
    assert first.row == last.row
    assert first.fault is None


class BrokenJudge:
    name, supported_at = "broken", 0.5

    def score(self, claim, passages):
        raise JudgeError("out of order")


def test_a_judge_that_fails_is_unscored_and_no_fault_of_the_line(parts):
    row = {"claim": "Bees make honey.", "evidence": "Bees make honey."}
    (line,) = judge("support", [row], replace(parts, support=BrokenJudge()))
    assert (line.row["outcome"], line.row["error"], line.fault) == ("unscored", "out of order", None)


def test_the_command_reads_standard_input_and_exits_with_1_for_a_malformed_line():
    lines = '{"claim": "Bees make honey.", "evidence": "Bees make honey."}\n\nbad\n'
    done = subprocess.run(
        [sys.executable, "-m", "sparrow_lite", "judge", "support"],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [row["outcome"] for row in out] == ["supported", "unscored"]
    assert "line 3" in done.stderr
