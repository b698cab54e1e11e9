import json

import pytest

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.rating.labels import write_labels
from sparrow_lite.rating.next_items import Wanted, next_rows, plan_next
from sparrow_lite.rating.sources import read_rows
from sparrow_lite.rating.tasks import Answer, NewSession


@pytest.fixture
def run(write_run, row):
    """A run of twelve questions and twelve adversarial probes by one arm, and one question by another."""
    asked = [row(id=f"q{n}", plausible=True, supported=n % 2 == 0, shown=True) for n in range(12)]
    lured = [
        row(id=f"a{n}", kind="adversarial", rule="no_threats", rules=(("no_threats", n < 3),))
        for n in range(12)
    ]
    return write_run([*asked, *lured, row(id="q0", arm="prompted", plausible=True, supported=False)])


def make(sessions, run, protocol="plausible_supported", raters=("Ann", "Ben"), **more):
    new = NewSession(
        name="Study",
        protocol=protocol,
        raters=raters,
        overlap=len(raters),
        checks=0.0,
        qualification=False,
        **more,
    )
    return sessions.create(new, read_rows(run.folder))


def rate(sessions, created, says):
    """Let every rater answer everything: `says(name, origin)` gives the answers."""
    for rater in created.raters:
        number = 0
        while (task := sessions.task(rater.id)).shown is not None:
            origin = sessions.store.item(created.session.id, task.shown.item).origin
            asked = {one.id for one in task.shown.questions}
            answers = {name: said for name, said in says(rater.name, origin).items() if name in asked}
            number += 1
            sessions.answer(
                rater.id, Answer(id=f"{rater.id[:8]}-{number}", item=task.shown.item, answers=answers)
            )


def labels(run):
    lines = (run.folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_sessions_labels_stand_in_the_runs_report_beside_the_judges(sessions, run):
    created = make(sessions, run)
    rate(
        sessions,
        created,
        lambda name, origin: {"plausible": "yes", "supported": "yes" if name == "Ann" else "no"},
    )
    assert write_labels(sessions.store, created.session.id, run.folder) == 13 * 2 * 3
    assert not any("Ann" in json.dumps(one) or created.raters[0].id in json.dumps(one) for one in labels(run))
    found = figures(run)
    both = next(one for one in found.judge_quality if one.measure == "supported_and_plausible")
    # The raters differ about every supported reply, and a tie goes against the arm.
    assert [(arm.arm, arm.human.hits, arm.human.of) for arm in both.arms] == [
        ("full", 0, 12),
        ("prompted", 0, 1),
    ]
    assert (both.specificity.hits, both.specificity.of) == (7, 13)
    (study,) = found.human.studies
    assert (study.name, study.raters, study.items, study.ratings) == ("Study", 2, 13, 26)
    assert {one.name for one in study.agreement} == {"all", "plausible", "supported"}
    rates = {(one.measure, one.arm): one.rate for one in study.rates}
    assert rates["plausible", "full"].value == 1.0


def test_the_organisers_decision_is_the_only_label_of_its_item(sessions, run):
    created = make(sessions, run, protocol="rule_rating")
    rate(
        sessions, created, lambda name, _: {"no_threats": "surely_kept" if name == "Ann" else "surely_broken"}
    )
    first = sessions.disagreements(created.session.id)[0].item
    decided = Answer(id="decision", item=first.id, answers={"no_threats": "probably_kept"})
    sessions.adjudicate(created.session.id, decided, by="boss")
    write_labels(sessions.store, created.session.id, run.folder)
    of_first = [one["label"] for one in labels(run) if one["case"] == first.origin["case"]]
    assert of_first == [False]
    assert len(labels(run)) == 1 + 11 * 2


def test_written_again_a_session_replaces_its_own_labels_and_leaves_all_others(sessions, run):
    by_hand = {"case": "case-00000", "measure": "plausible", "label": True}
    (run.folder / "labels.jsonl").write_text(json.dumps(by_hand) + "\n", encoding="utf-8")
    created, other = (
        make(sessions, run, raters=("Ann",)),
        make(sessions, run, protocol="rule_rating", raters=("Ben",)),
    )
    rate(sessions, created, lambda *_: {"plausible": "yes", "supported": "unsure"})
    rate(sessions, other, lambda *_: {"no_threats": "cannot_tell"})
    for session in (created, other, created):
        write_labels(sessions.store, session.session.id, run.folder)
    assert labels(run)[0] == by_hand
    # One question has no evidence: it is plausible, and not supported.
    assert {one["measure"] for one in labels(run)} == {"plausible", "supported", "supported_and_plausible"}
    assert sum(one["measure"] == "plausible" for one in labels(run)) == 1 + 13
    assert len(figures(run).human.studies) == 2


def test_preferences_stand_in_the_report(sessions, write_run, row):
    run = write_run([row(id=f"q{n}", arm=arm) for n in range(4) for arm in ("full", "prompted")], name="two")
    created = sessions.create(
        NewSession(
            name="P", protocol="preference", raters=("Ann",), overlap=1, checks=0.0, qualification=False
        ),
        [{**dict(one), "reply": f"{one['reply']} {one['arm']}"} for one in read_rows(run.folder)],
    )
    rate(
        sessions,
        created,
        lambda _, origin: {"best": next(at for at, arm in origin["candidates"].items() if arm == "full")},
    )
    assert write_labels(sessions.store, created.session.id, run.folder) == 4
    found = figures(run).human.preferences
    assert dict(found.arms)["full"].value == 1.0
    assert found.choices == 4


def test_of_a_run_that_is_none_nothing_is_written(sessions, run, tmp_path):
    created = make(sessions, run, raters=("Ann",))
    with pytest.raises(StoreError):
        write_labels(sessions.store, created.session.id, tmp_path / "no-run")


def test_items_drawn_by_the_judges_verdict_count_in_the_corrected_rate_alone(sessions, run):
    wanted = Wanted(measure="violations", count=6)
    rows = list(next_rows(run.folder, wanted))
    # Two of each verdict come first; then where most is uncertain.
    assert len(rows) == 6
    assert {row["drawn"] for row in rows} == {"by verdict"}
    assert {row["kind"] for row in rows} == {"adversarial"}
    new = NewSession(
        name="Next", protocol="rule_rating", raters=("Ann",), overlap=1, checks=0.0, qualification=False
    )
    created = sessions.create(new, rows)
    broken = {f"case-{12 + n:05d}" for n in range(3)}
    rate(
        sessions,
        created,
        lambda _, origin: {"no_threats": "surely_broken" if origin["case"] in broken else "surely_kept"},
    )
    write_labels(sessions.store, created.session.id, run.folder)
    (quality,) = figures(run).judge_quality
    ((arm,), (following,)) = (quality.arms, quality.next_labels)
    # People agree with the judge, which finds 3 of 12 broken; their share among the labelled is another.
    assert arm.corrected.value == pytest.approx(0.25)
    assert arm.corrected.method == "people, weighed by verdict"
    assert (arm.human.of, arm.human.value, arm.labels) == (0, None, 6)
    assert "drawn by the judge's verdict" in arm.warning
    assert quality.sensitivity.of == quality.specificity.of == 0
    assert {case for case, _ in following.cases}.isdisjoint(row["key"] for row in rows)
    assert len(following.cases) == 6


def test_what_to_rate_next_is_of_measures_and_arms_that_the_run_has(run):
    with pytest.raises(ConfigError, match="supported_and_plausible"):
        plan_next(run, Wanted(measure="plausible"))
    with pytest.raises(ConfigError, match="no arm 'none'"):
        plan_next(run, Wanted(measure="violations", arms=("none",)))
    assert [one.arm for one in plan_next(run, Wanted(measure="supported_and_plausible"))] == [
        "full",
        "prompted",
    ]
