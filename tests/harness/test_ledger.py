import dataclasses
import json
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import event

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.case import Finished, Status
from sparrow_lite.harness.conversation import Conversation, Shown, Usage
from sparrow_lite.harness.graded import Graded, RuleGrade
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.transcript import Role, Turn
from sparrow_lite.verdict import Outcome


@pytest.fixture
def ledger(tmp_path):
    found = Ledger(tmp_path / "run")
    yield found
    found.close()


@pytest.fixture
def finished(odd):
    """A function that makes finished cases: `finished(3)`."""

    def make(count: int, *, text: str = "Hello.") -> list[Finished]:
        cases = odd.make_plan(["go on"] * count).cases()
        return [
            Finished(case=case, status=Status.DONE, conversation=_said(text), grades=(_grades("lexical"),))
            for case in cases
        ]

    return make


def _said(text: str) -> Conversation:
    turns = (Turn(role=Role.USER, text="Hi."), Turn(role=Role.SPARROW, text=text))
    return Conversation(turns=turns, replies=((1, Shown(text=text)),), usage=Usage(requests=2), seconds=0.5)


def _grades(judge: str, outcome: Outcome = Outcome.KEPT) -> Graded:
    rule = RuleGrade(rule="no_threats", outcome=outcome, probability=0.25, at=1, reason=None)
    return Graded(judge=judge, rules=(rule,), plausible=True, plausible_by="answers", support=(None, 0.5))


def test_what_is_written_is_read_again_as_it_was(ledger, finished):
    wanted = finished(3)
    ledger.write(wanted)
    rows = list(ledger.graded_cases("lexical"))
    assert [row.key for row, _ in rows] == [one.case.key for one in wanted]
    assert [grades for _, grades in rows] == [one.grades[0] for one in wanted]
    assert ledger.conversation(rows[0][0].text) == wanted[0].conversation
    assert ledger.count() == (3, 0)
    assert ledger.judges() == ("lexical",)
    assert ledger.done() == {one.case.key: one.case.ordinal for one in wanted}


def test_a_case_that_is_there_stays_as_it_is_with_its_text_and_grades(ledger, finished):
    ledger.write(finished(1))
    other = dataclasses.replace(finished(1, text="Other.")[0], grades=(_grades("lexical", Outcome.BROKEN),))
    ledger.write([other])
    [(row, grades)] = ledger.graded_cases("lexical")
    assert ledger.conversation(row.text).last.text == "Hello."
    assert grades == _grades("lexical")


def test_judging_again_replaces_what_the_same_judges_said(ledger, finished):
    [one] = finished(1)
    ledger.write([one])
    ledger.write_grades([(one.case.key, _grades("lexical", Outcome.BROKEN)), (one.case.key, _grades("b"))])
    assert dict(ledger.grades("lexical")) == {one.case.key: _grades("lexical", Outcome.BROKEN)}
    assert [grades for _, grades in ledger.graded_cases("nobody")] == [None]


def test_failed_cases_are_forgotten_and_the_others_stay(ledger, finished):
    done, failed = finished(2)
    failed = Finished(case=failed.case, status=Status.FAILED, reason="no answer", tries=4)
    ledger.write([done, failed])
    [row] = [one for one in ledger.cases() if one.status == Status.FAILED]
    assert (row.reason, row.tries, row.text) == ("no answer", 4, None)
    assert ledger.reasons(3) == ("no answer",)
    assert ledger.forget_failed({done.case.key}) == 0
    assert ledger.forget_failed({done.case.key, failed.case.key}) == 1
    assert set(ledger.done()) == {done.case.key}
    assert ledger.reasons(3) == ()


def test_cases_take_another_place_in_the_plan(ledger, finished):
    cases = finished(3)
    ledger.write(cases)
    ledger.renumber({cases[0].case.key: 9})
    assert [row.ordinal for row in ledger.cases()] == [1, 2, 9]


def _limit_pages(engine, spare: int) -> None:
    """Let a file grow by so many pages only, as on a disk that is nearly full."""
    engine.dispose()

    def limit(connection, _record) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + spare}")

    event.listen(engine, "connect", limit)


@pytest.mark.parametrize("file", ["_cases", "_texts"])
def test_a_full_disk_is_told_and_loses_nothing_that_was_acknowledged(ledger, finished, file):
    cases = finished(2000, text="No two bytes alike. " * 50)
    ledger.write(cases[:10])
    engine = getattr(ledger, file)
    _limit_pages(engine, 8)
    acknowledged = [10]

    def write_on() -> None:
        for start in range(10, 2000, 50):
            ledger.write(_distinct(cases[start : start + 50]))
            acknowledged.append(start + 50)

    with pytest.raises(StoreError, match="full"):
        write_on()
    kept = acknowledged[-1]
    assert kept < 2000
    folder = ledger.folder
    ledger.close()
    again = Ledger(folder)
    assert set(again.done().values()) == set(range(kept))
    for row, grades in again.graded_cases("lexical"):
        assert grades is not None
        assert again.conversation(row.text).last.text
    again.write(_distinct(cases[kept:]))
    assert len(again.done()) == 2000


def _distinct(cases: list[Finished]) -> list[Finished]:
    return [dataclasses.replace(one, conversation=_said(f"{one.case.key} " * 40)) for one in cases]


def test_a_second_process_that_writes_is_refused_and_a_dead_one_leaves_no_lock(ledger, finished, tmp_path):
    script = (
        "import sys, time; from pathlib import Path; from sparrow_lite.harness.ledger import Ledger\n"
        "with Ledger(Path(sys.argv[1])).writing(): print('held', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", script, ledger.folder], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match="another process"):
            ledger.write(finished(1))
        assert ledger.done() == {}, "reading goes on"
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    with ledger.writing(), ledger.writing():
        ledger.write(finished(1))
    assert len(ledger.done()) == 1


def test_two_ledgers_of_one_process_do_not_write_at_once_either(ledger, finished):
    second = Ledger(ledger.folder)
    with ledger.writing(), pytest.raises(StoreError, match="another process"):
        second.write(finished(1))
    second.write(finished(1))
    assert len(ledger.done()) == 1


@pytest.mark.parametrize("file", ["ledger.sqlite", "texts.sqlite"])
def test_a_file_that_is_no_ledger_is_refused(tmp_path, file):
    (tmp_path / file).write_text("This is no database. " * 100)
    with pytest.raises(StoreError, match=file):
        Ledger(tmp_path)


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    Ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="upgrade"):
        Ledger(tmp_path)


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(StoreError, match="holds no run"):
        Ledger.of(tmp_path)
    assert not (tmp_path / "ledger.sqlite").exists()


def test_a_text_that_is_missing_or_damaged_is_told(ledger, finished):
    ledger.write(finished(1))
    [row] = ledger.cases()
    with sqlite3.connect(ledger.folder / "texts.sqlite") as connection:
        connection.execute("UPDATE texts SET body = x'00'")
    with pytest.raises(StoreError, match="damaged"):
        ledger.conversation(row.text)
    with pytest.raises(StoreError, match="not whole"):
        ledger.conversation("another")


def test_the_manifest_keeps_its_order(ledger):
    assert ledger.manifest() is None
    for arms in (["b", "a"], ["c", "b", "a"]):
        ledger.write_manifest({"arms": dict.fromkeys(arms)})
        assert json.dumps(ledger.manifest()) == json.dumps({"arms": dict.fromkeys(arms)})
