"""Where a run lies when no folder is given for it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sparrow_lite.cli import main
from sparrow_lite.harness.shelf import list_runs

ASKED = ["eval", "ordinary", "--arm", "refuses", "--judge", "none", "--limit", "3"]


def test_a_run_without_out_lies_in_runs_dir_and_goes_on_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPARROW_LITE_RUNS_DIR", str(tmp_path))
    done = CliRunner().invoke(main, ASKED)
    assert done.exit_code == 0, done.output
    (line,) = list_runs(tmp_path)
    assert line.name.endswith("-ordinary")
    assert (line.cases, line.finished) == (3, True)
    assert f"--out {tmp_path / line.name} goes on with it" in done.stderr
    again = CliRunner().invoke(main, [*ASKED, "--out", str(tmp_path / line.name)])
    assert "0 now" in again.output
    assert len(list_runs(tmp_path)) == 1
