"""The runs of a folder, and where the next one lies."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.shelf import list_runs, name_run


def test_runs_are_told_in_a_line_each(tmp_path, write_run, row):
    write_run([row(id="a"), row(id="b", arm="prompted", failed=True)], name="one").close()
    (tmp_path / "no run").mkdir()
    (line,) = list_runs(tmp_path)
    assert (line.name, line.suites, line.arms, line.judges) == (
        "one",
        ("small",),
        ("full", "prompted"),
        ("trained",),
    )
    assert (line.done, line.failed, line.planned, line.finished, line.fault) == (1, 1, 2, True, None)


def test_a_run_that_cannot_be_read_is_listed_with_its_fault(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "ledger.sqlite").write_text("no database, but some text that is long enough")
    (line,) = list_runs(tmp_path)
    assert line.name == "broken"
    assert "cannot be opened" in line.fault


def test_a_folder_that_is_not_there_holds_no_runs_and_a_file_is_an_error(tmp_path):
    assert list_runs(tmp_path / "none") == ()
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be read"):
        list_runs(tmp_path / "file")


@pytest.mark.parametrize(
    ("suites", "name"),
    [
        (("evidence", "adversarial"), "2026-01-15-093000-evidence-adversarial"),
        (("/of mine/../my suite.jsonl",), "2026-01-15-093000-my-suite"),
        (("..",), "2026-01-15-093000"),
    ],
)
def test_a_new_run_is_named_by_its_time_and_suites(tmp_path: Path, suites: tuple[str, ...], name: str):
    now = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
    first = name_run(tmp_path, suites, now)
    assert first == tmp_path / name
    first.mkdir()
    assert name_run(tmp_path, suites, now) == tmp_path / f"{name}-2"
