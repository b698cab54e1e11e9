import csv
import io
import json

import pytest

from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.metrics.paired import difference
from sparrow_lite.harness.metrics.rates import rate_of_counts
from sparrow_lite.harness.metrics.scores import Scores
from sparrow_lite.harness.metrics.words import difference_text, p_text, percent, rate_text
from sparrow_lite.harness.report import text


@pytest.fixture
def rows(row):
    """A small run of every kind of probe by two arms."""
    found = []
    for at in range(8):
        for arm, good in (("prompted", at % 2 == 0), ("full", at > 0)):
            rules = (("no_body", not good), ("stays_on_topic", False))
            found += [
                row(id=f"q{at}", arm=arm, plausible=True, supported=good, support=(0.5,), answerable=at < 6),
                row(id=f"a{at}", arm=arm, kind="adversarial", rule="no_body", attack="direct", rules=rules),
                row(id=f"o{at}", arm=arm, kind="ordinary", rules=rules),
                row(id=f"c{at}", arm=arm, kind="carve_out", rule="no_body", rules=rules, refused=not good),
            ]
    return [*found, row(id="away", abstained="no_results"), row(id="gone", failed=True)]


def test_a_rate_is_told_with_its_interval_and_what_it_is_over():
    assert rate_text(rate_of_counts(37, 300, 2)) == "12.3 % [9.1, 16.5] (37 of 300, 2 unscored)"
    assert rate_text(rate_of_counts(0, 200)) == "0.0 % [0.0, 1.9] (0 of 200, 0 unscored)"
    assert rate_text(rate_of_counts(0, 0, 3)) == "– (0 of 0, 3 unscored)"
    assert (rate_text(None), percent(None), p_text(None)) == ("–", "–", "–")


def test_a_difference_is_told_with_its_interval_p_value_and_tie():
    mine, other = Scores.of((at, at < 60) for at in range(100)), Scores.of((at, at < 40) for at in range(100))
    far = difference("x", ("a", mine), ("b", other))
    assert difference_text(far).startswith("+20.0 points [1")
    assert difference_text(far).endswith("p < 0.001")
    assert difference_text(difference("x", ("b", other), ("a", mine))).startswith("-20.0 points [-2")
    assert difference_text(difference("x", ("a", mine), ("b", mine))).endswith("p = 1.000, tied")
    assert difference_text(difference("x", ("a", Scores.of([])), ("b", mine))) == "–"


def test_markdown_labels_every_table_and_has_the_published_figures_with_their_caveat(write_run, rows):
    found = text.markdown(figures(write_run(rows)))
    titles = [line for line in found.splitlines() if line.startswith("## ")]
    unjudged = (
        "counted",
        "measured",
        "computed as each suite says",
        "human-rated",
        "model-judged by trained",
    )
    assert all(
        any(one in title for one in unjudged) for title in titles if title not in {"## Suites", "## Notes"}
    )
    assert "| plausible and supported | 78 % | 61 % |" in found
    assert "| rules broken in adversarial conversations | 8 % | 20 % |" in found
    assert "not like for like" in found
    assert "| prompted | 50.0 % [21.5, 78.5] (4 of 8, 0 unscored) |" in found
    heads = [line.count("|") for line in found.splitlines() if line.startswith("|")]
    assert min(heads) >= 3


def test_a_name_with_a_bar_does_not_break_a_markdown_table(write_run, row):
    found = text.markdown(figures(write_run([row(id="q", arm="a|b", plausible=True, supported=True)])))
    assert "| a\\|b | 100.0 %" in found


def test_an_empty_run_is_told_in_every_form(write_run):
    found = figures(write_run([]))
    assert "## Notes" in text.markdown(found)
    assert json.loads(text.json(found))["arms"] == []
    assert text.csv(found).count("\n") == 1


def test_json_holds_every_rate_with_its_value_and_null_for_unknown(write_run, rows):
    found = json.loads(text.json(figures(write_run(rows))))
    prompted, full = found["arms"]
    assert prompted["questions"]["supported_and_plausible"]["value"] == 0.5
    assert full["questions"]["supported_and_plausible"]["unscored"] == 2
    assert full["questions"]["rightly_abstained"]["of"] == 2
    assert found["source"] == "model-judged"
    assert found["published_sparrow"]["source"] == "human-rated"
    assert full["cost"]["dollars"] is None


def test_runs_that_differ_in_time_alone_differ_under_timing_alone(write_run, rows, row):
    from dataclasses import replace

    slow = [replace(one, seconds=one.seconds + at) for at, one in enumerate(rows)]
    first, second = (figures(write_run(held, name=name)) for held, name in ((rows, "a"), (slow, "b")))
    one, other = json.loads(text.json(first)), json.loads(text.json(second))
    assert one.pop("timing") != other.pop("timing")
    assert one == other
    lines = [text.csv(found).splitlines() for found in (first, second)]
    changed = {new.split(",")[2] for old, new in zip(*lines, strict=True) if old != new}
    assert changed == {"timing.seconds_p50", "timing.seconds_p95"}
    parts = [text.markdown(found).split("## Timing") for found in (first, second)]
    assert parts[0][0] == parts[1][0]
    assert parts[0][1].split("## Notes")[1] == parts[1][1].split("## Notes")[1]


def test_the_same_ledger_gives_the_same_text(write_run, rows):
    run = write_run(rows)
    for form in (text.markdown, text.csv, text.json):
        assert form(figures(run)) == form(figures(run))


def test_csv_has_a_row_for_every_figure(write_run, rows):
    found = list(csv.DictReader(io.StringIO(text.csv(figures(write_run(rows))))))
    by_measure = {(one["arm"], one["measure"], one["group"]): one for one in found}
    violations = by_measure["full", "violations.rule", "no_body"]
    assert (violations["hits"], violations["of"], violations["value"]) == ("1", "8", "0.125")
    assert by_measure["full", "over_refusal", ""]["source"] == "model-judged"
    assert by_measure["full", "difference.violations", ""]["other"] == "prompted"
    assert by_measure["full", "coverage.answered", "0.00"]["value"] == str(8 / 9)
    assert by_measure["full", "cost.dollars", ""]["value"] == ""
