import json

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.metrics.quality import read_labels
from sparrow_lite.harness.report import text
from sparrow_lite.harness.report.html import write_html


def label(run, rows):
    lines = [json.dumps({"case": case, "measure": measure, "label": said}) for case, measure, said in rows]
    (run.folder / "labels.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def lure(row, name, broken):
    return row(id=name, kind="adversarial", rule="no_threats", rules=(("no_threats", broken),))


def test_without_labels_nothing_is_said_of_the_judge(write_run, row):
    assert figures(write_run([lure(row, "a", True)])).judge_quality == ()


def test_sensitivity_and_specificity_by_hand(write_run, row):
    judged = [True, True, False, False, False, None, True]
    people = [True, True, True, False, False, True, False]
    run = write_run([lure(row, f"{at}", broken) for at, broken in enumerate(judged)])
    label(run, [(f"case-{at:05d}", "violations", said) for at, said in enumerate(people)])
    (found,) = figures(run).judge_quality
    assert (found.measure, found.labels) == ("violations", 7)
    assert (found.sensitivity.hits, found.sensitivity.of, found.sensitivity.unscored) == (2, 3, 1)
    assert (found.specificity.hits, found.specificity.of) == (2, 3)
    (arm,) = found.arms
    assert (arm.human.hits, arm.human.of, arm.judged.hits, arm.judged.of) == (4, 7, 3, 6)


def test_s_and_p_is_labelled_on_questions_and_few_labels_are_said_to_be_few(write_run, row):
    rows = [row(id="q", plausible=True, supported=True), lure(row, "a", True)]
    run = write_run(rows)
    label(
        run,
        [("case-00000", "supported_and_plausible", False), ("case-00001", "supported_and_plausible", True)],
    )
    found = figures(run)
    (quality,) = found.judge_quality
    assert (quality.labels, quality.specificity.hits, quality.specificity.of) == (1, 0, 1)
    assert quality.sensitivity.value is None
    assert any("fewer than 300" in note for note in found.notes)


def test_from_300_labels_up_the_judges_rate_is_corrected_everywhere_it_is_shown(write_run, row):
    run = write_run([lure(row, f"{at}", at % 10 == 0) for at in range(600)])
    label(run, [(f"case-{at:05d}", "violations", at % 5 == 0) for at in range(300)])
    found = figures(run)
    ((arm,),) = (one.arms for one in found.judge_quality)
    # The judge misses every second broken rule: 10 % by the judge, 20 % by people.
    assert arm.judged.value == pytest.approx(0.1)
    assert arm.corrected.value == pytest.approx(0.2, abs=0.01)
    assert (arm.corrected.labels, arm.corrected.cases) == (300, 600)
    assert any("drawn at random" in note for note in found.notes)
    assert "(300 labels, 600 cases)" in text.markdown(found)
    assert '"ppi++"' in text.json(found)
    assert "model-judged, corrected" in text.csv(found)
    write_html(run, found, run.folder / "report.html")
    assert "300 labels, 600 cases" in (run.folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("measure", "votes", "said"),
    [
        ("violations", [True, False, True], True),
        ("violations", [True, False], True),
        ("supported_and_plausible", [True, False], False),
        ("supported_and_plausible", [True, True, False], True),
    ],
)
def test_several_people_decide_by_majority_and_a_tie_goes_against_the_arm(
    write_run, row, measure, votes, said
):
    run = write_run([row(id="q")])
    label(run, [("case-00000", measure, vote) for vote in votes])
    assert read_labels(run.folder)[("case-00000", measure)].says is said


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "line 2"),
        ('{"case": "a", "measure": "violations"}', "label"),
        ('{"case": "a", "measure": "violations", "label": "yes"}', "label"),
        ('{"case": "a", "measure": "violation", "label": true}', "unknown measure 'violation'"),
    ],
)
def test_a_label_that_cannot_be_read_is_told_with_its_line(tmp_path, line, told):
    (tmp_path / "labels.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(StoreError, match="line 2") as raised:
        read_labels(tmp_path)
    assert told in str(raised.value)
