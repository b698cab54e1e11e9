"""What people say, in each form of the report of one run."""

import csv
import json

import pytest

from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.report import text
from sparrow_lite.harness.report.html import write_html

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def found(write_run, row):
    """A run of 600 probes of which 320 have labels, with choices and a session of a hostile name."""
    rows = [
        row(id=f"{n}", kind="adversarial", rule="no_threats", rules=(("no_threats", n % 10 == 0),))
        for n in range(600)
    ]
    run = write_run([*rows, row(id="q", plausible=True, supported=True)])
    labels = [{"case": f"case-{n:05d}", "measure": "violations", "label": n % 5 == 0} for n in range(320)] + [
        {"case": "case-00600", "measure": "supported_and_plausible", "label": True}
    ]
    choices = [{"item": f"m{n}", "arms": ["full", "prompted"], "best": "full"} for n in range(5)]
    agreed = {
        "group": "all",
        "name": "all",
        "level": "ordinal",
        "items": 40,
        "ratings": 80,
        "alpha": {"value": 0.71, "low": 0.6, "high": 0.8},
        "ac1": {"value": 0.9, "low": None, "high": None},
        "percent": {"value": None, "low": None, "high": None},
    }
    rates = [
        {
            "measure": "broken:no_threats",
            "arm": "full",
            "rate": {"hits": 4, "of": 40, "low": 0.04, "high": 0.23},
        }
    ]
    study = {"name": HOSTILE, "protocol": "rule_rating", "items": 40, "ratings": 80, "raters": 2}
    drawn = {**study, "name": "Drawn", "by_verdict": True, "rates": rates, "agreement": []}
    written = {
        "labels.jsonl": "\n".join(map(json.dumps, labels)),
        "preferences.jsonl": "\n".join(map(json.dumps, choices)),
        "ratings.json": json.dumps({"s": {**study, "agreement": [agreed], "rates": rates}, "d": drawn}),
    }
    for name, content in written.items():
        (run.folder / name).write_text(content, encoding="utf-8")
    return run, figures(run)


def test_markdown_shows_both_rates_the_correction_the_warning_and_the_list(found):
    told = text.markdown(found[1])
    assert "| violations | full | 20.0 % [16.0, 24.7] (64 of 320, 0 unscored) | 10.0 %" in told
    assert "(320 labels, 600 cases)" in told
    assert "with 1 label, fewer than 300" in told
    assert "## What people should rate next (planned)" in told
    assert "judged broken" in told
    assert "0.71 [0.60, 0.80]" in told
    assert "| full over prompted | 100.0 %" in told
    assert "| full | Broken: " in told


def test_json_holds_every_human_figure_and_every_case_to_rate_next(found):
    told = json.loads(text.json(found[1]))
    violations = next(one for one in told["judge_quality"] if one["measure"] == "violations")
    assert violations["arms"][0]["corrected"]["method"] == "ppi++"
    assert len(violations["next_labels"][0]["cases"]) == 100
    assert told["human"]["preferences"]["choices"] == 5
    assert told["human"]["studies"][0]["agreement"][0]["alpha"]["value"] == 0.71


def test_every_row_of_csv_says_who_decided(found):
    rows = list(csv.DictReader(text.csv(found[1]).splitlines()))
    human = [row for row in rows if row["source"] == "human-rated"]
    assert {row["measure"] for row in human} >= {
        "violations",
        "supported_and_plausible",
        "preferred",
        "preferred.pair",
        "study.broken:no_threats",
        "agreement.alpha",
    }
    assert sum(row["measure"] == "next.violations.case" for row in rows) == 100
    corrected = [row for row in rows if row["source"] == "model-judged, corrected"]
    assert [(row["measure"], row["arm"]) for row in corrected] == [("violations", "full")]


def test_the_page_shows_it_all_once_and_takes_names_for_text(found):
    run, counted = found
    write_html(run, counted, run.folder / "report.html")
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert page.count('id="people"') == 1
    for shown in ("320 labels, 600 cases", "fewer than 300", "What to rate next", "human-rated", "0.71"):
        assert shown in page
    assert "#case=case-0" in page
    assert HOSTILE not in page
    # The rates of a session whose items were drawn by verdict are not the run's.
    assert page.count("4 of 40") == 1


def test_a_run_that_nobody_rated_has_no_such_part(write_run, row):
    run = write_run([row(id="q", plausible=True, supported=True)])
    counted = figures(run)
    write_html(run, counted, run.folder / "report.html")
    assert 'id="people"' not in (run.folder / "report.html").read_text(encoding="utf-8")
    assert "rate next" not in text.markdown(counted)
