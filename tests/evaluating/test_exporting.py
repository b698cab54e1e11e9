import json
from pathlib import Path

import pytest


@pytest.fixture
def run(door, questions) -> str:
    arms = ("--arm", "refuses", "--arm", "random_evidence")
    door("eval", questions(3), *arms, "--judge", "lexical", "--out", "run")
    return "run"


def test_json_lines_and_parquet_hold_the_same_cases(door, run, rows_of):
    parquet = pytest.importorskip("pyarrow.parquet")
    assert (
        "6 cases in cases.parquet"
        in door("eval", "export", run, "--format", "parquet", "--out", "cases.parquet").stdout
    )
    rows = rows_of(run)
    assert parquet.read_table("cases.parquet").to_pylist() == rows
    assert [len(row["citations"]) for row in rows] == [0, 1] * 3


def test_logs_for_inspect_are_read_back_by_inspect(door, run):
    log = pytest.importorskip("inspect_ai.log")
    told = door("eval", "export", run, "--format", "inspect", "--out", "logs").stdout
    assert "2 logs in logs" in told
    assert "inspect view --log-dir logs" in told
    read = [log.read_eval_log(str(path)) for path in sorted(Path("logs").glob("*.eval"))]
    assert [len(one.samples) for one in read] == [3, 3]
    assert {one.eval.model for one in read} == {"sparrow-lite/refuses", "sparrow-lite/random_evidence"}


@pytest.mark.parametrize("form", ["jsonl", "parquet", "inspect"])
def test_a_place_that_cannot_be_written_is_told_in_one_line(door, run, form):
    Path("file").touch()
    done = door("eval", "export", run, "--format", form, "--out", "file/cases", code=1)
    assert "file" in done.stderr
    assert done.stderr.count("\n") == 1
    assert json.loads(door("report", run, "--format", "json").stdout)["arms"]
