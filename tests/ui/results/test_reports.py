"""Reports are written once for each state of a run, where nobody else can write."""

import stat
from contextlib import closing
from typing import Any

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.ui.results import reports as module
from sparrow_lite.ui.results.reports import Reports


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every path that a report was written to."""
    paths: list[Any] = []
    write = module.html.write_html

    def count(run: Any, figures: Any, path: Any) -> None:
        paths.append(path)
        write(run, figures, path)

    monkeypatch.setattr(module.html, "write_html", count)
    return paths


def read(reports: Reports, run: Any, judge: str | None = None) -> bytes:
    with reports.open(run, judge) as file:
        return file.read()


def test_a_report_is_kept_until_its_run_changes(tmp_path, write_run, written):
    run = write_run(tmp_path / "run", right=6)
    reports = Reports(tmp_path / "kept")
    first = read(reports, run)
    assert b"50.0 %" in first
    assert read(reports, run) == first
    assert len(written) == 1
    with closing(Ledger(run)) as ledger:
        ledger.write_manifest({**(ledger.manifest() or {}), "code": "another"})
    assert b"another" in read(reports, run)
    (run / "labels.jsonl").write_text(
        '{"case": "key-0", "measure": "supported_and_plausible", "label": true}\n'
    )
    assert b"human-rated" in read(reports, run)
    assert len(written) == 3
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_each_set_of_judges_has_its_own_report(tmp_path, write_run, written):
    run = write_run(tmp_path / "run", right=6, judges=("trained", "lexical"))
    reports = Reports(tmp_path / "kept")
    assert b"judged by lexical" in read(reports, run, "lexical")
    assert b"judged by trained" in read(reports, run)
    read(reports, run, "lexical")
    assert len(written) == 2
    with pytest.raises(ConfigError, match="not judged by 'nobody'"):
        reports.open(run, "nobody")


def test_only_the_owner_can_write_where_reports_are_kept(tmp_path, write_run):
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o777)
    kept.chmod(0o777)
    read(Reports(kept), write_run(tmp_path / "run", right=6))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
