"""What the Results pages say, without a browser."""

from pathlib import Path

import pytest

from sparrow_lite.ui.results.pages import Asked, Pages
from sparrow_lite.ui.results.reports import Reports


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


@pytest.fixture
def pages(runs: Path, tmp_path: Path) -> Pages:
    return Pages(runs, Reports(tmp_path / "kept"), told_where=True)


def test_an_empty_folder_says_how_to_make_a_run_and_where(pages, runs):
    page = pages.list()
    assert page.status == 200
    assert "sparrow-lite eval evidence" in page.html
    assert str(runs) in page.html
    hidden = Pages(runs, Reports(runs), told_where=False)
    assert str(runs) not in hidden.list().html


def test_a_run_that_cannot_be_read_is_listed_without_where_it_lies(pages, runs):
    (runs / "broken").mkdir()
    (runs / "broken" / "ledger.sqlite").write_text("no database, but text that is long enough to be none")
    html = pages.list().html
    assert "broken/ledger.sqlite cannot be opened" in html
    assert str(runs) not in html
    assert pages.run("broken", "").status == 404


@pytest.mark.parametrize("name", ["", ".", "..", "../out", "/etc", "in/out", "none", "a\0b"])
def test_only_a_run_of_the_folder_is_opened(pages, runs, write_run, name):
    write_run(runs.parent / "out", right=6)
    write_run(runs / "in" / "out", right=6)
    assert pages.run(name, "").status == 404
    assert pages.report(name, "").status == 404
    assert pages.comparison(Asked(runs=[name, name])).status in {400, 404}


def test_an_unfinished_run_says_how_far_it_is(pages, runs, write_run):
    write_run(runs / "half", right=6, cases=2400)
    assert "Unfinished, 12 of 2,400" in pages.list().html
    assert "Unfinished, 12 of 2,400" in pages.run("half", "").html


def test_the_later_run_is_held_against_the_earlier_one_unless_they_are_swapped(pages, runs, write_run):
    write_run(runs / "old", right=0, day=1)
    write_run(runs / "new", right=12, day=2)
    for asked in (["old", "new"], ["new", "old"]):
        html = pages.comparison(Asked(runs=asked)).html
        assert "new against old" in html
        assert "+100.0 points" in html
        assert ">Better<" in html
    swapped = pages.comparison(Asked(runs=["old", "new"], against="new")).html
    assert "−100.0 points" in swapped
    assert ">Worse<" in swapped


def test_arms_of_other_names_are_compared_when_they_are_chosen(pages, runs, write_run):
    write_run(runs / "old", right=0, day=1, arms=("prompted", "evidence"))
    write_run(runs / "new", right=12, day=2, arms=("full", "rerank"))
    asked = Asked(runs=["old", "new"])
    assert "No arm is in both runs: old has prompted, evidence" in pages.comparison(asked).html
    chosen = pages.comparison(Asked(runs=["old", "new"], pair="1-0")).html
    assert "+100.0 points" in chosen
    assert "selected>rerank against prompted<" in chosen
    assert "no such arms" in pages.comparison(Asked(runs=["old", "new"], pair="7-7")).html


@pytest.mark.parametrize("chosen", [[], ["a"], ["a", "a"], ["a", "b", "c"]])
def test_two_runs_must_be_chosen(pages, runs, write_run, chosen):
    for name in "abc":
        write_run(runs / name, right=6)
    page = pages.comparison(Asked(runs=chosen))
    assert page.status == 400
    assert "Choose two runs" in page.html


def test_runs_that_share_no_probe_are_not_compared(pages, runs, write_run):
    write_run(runs / "a", right=6)
    write_run(runs / "b", right=6, asked="Was it")
    assert "a and b have no probe in common" in pages.comparison(Asked(runs=["a", "b"])).html


def test_hostile_names_stay_text(pages, runs, write_run, hostile):
    name = hostile.replace("/", "")
    write_run(runs / name, right=6, arms=(hostile, "full"), judges=(hostile, "trained"))
    write_run(runs / "other", right=6, arms=(hostile, "full"), judges=(hostile, "trained"))
    told = [pages.list(), pages.run(name, hostile), pages.comparison(Asked(runs=[name, "other"]))]
    for page in told:
        assert page.status == 200
        assert "<img" not in page.html
        assert "&lt;img" in page.html
        assert "{{ 7 * 7 }}" in page.html
