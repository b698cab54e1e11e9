from dataclasses import replace

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.store import RatingConflict
from sparrow_lite.rating.tasks import Answer, More, NewSession, Said
from sparrow_lite.rating.values import RaterState, SessionState
from sparrow_lite.transcript import Role, Turn


class Talker:
    def reply(self, transcript):
        return Turn(role=Role.SPARROW, text="No.")


def test_a_session_keeps_its_items_under_ids_of_its_own(sessions, study):
    created, other = study.create(), study.create()
    ids = {item.id for item in sessions.store.items(created.session.id)}
    assert not ids & {item.id for item in sessions.store.items(other.session.id)}
    assert created.items == 6
    assert created.session.settings["guide_version"] == "1.0"


def test_a_paused_session_takes_and_shows_nothing_and_a_closed_one_stays_closed(sessions, study):
    created = study.create(qualification=False)
    rater, session = created.raters[0].id, created.session.id
    task = sessions.task(rater)
    sessions.pause(session)
    assert sessions.task(rater).shown is None
    with pytest.raises(RatingConflict):
        sessions.answer(rater, study.answer(task, study.first_choices(task)))
    sessions.resume(session)
    sessions.answer(rater, study.answer(task, study.first_choices(task)))
    with_one = sessions.task(rater).undoes
    sessions.close(session)
    with pytest.raises(RatingConflict):
        sessions.undo(rater, with_one)
    with pytest.raises(ConfigError, match="closed"):
        sessions.resume(session)
    assert sessions.task(rater).session_state is SessionState.CLOSED


def test_progress_counts_items_checks_and_seconds(sessions, study):
    created = study.create(number=12, raters=("Ann", "Ben"), checks=0.25)
    ann, ben = (one.id for one in created.raters)
    study.qualify(ann)
    study.rate_all(ann)
    progress = sessions.progress(created.session.id)
    first, second = progress.raters
    assert (first.done, first.total, first.qualification, first.seconds) == (16, 16, 1.0, 2.5)
    assert first.checks_done == 4
    assert 0 <= first.checks_right <= 4
    assert (second.done, second.qualification, second.seconds, second.last_at) == (0, None, None, None)
    assert (progress.items, progress.finished, progress.ratings) == (12, 0, 12)
    study.qualify(ben)
    study.rate_all(ben)
    assert sessions.progress(created.session.id).finished == 12


def test_raters_who_differ_are_listed_and_a_decision_settles_it(sessions, study):
    created = study.create(number=2, raters=("Ann", "Ben"), qualification=False, checks=0.0)
    ann, ben = (one.id for one in created.raters)
    study.rate_all(ann)
    study.rate_all(ben, supported="no")
    session = created.session.id
    found = sessions.disagreements(session)
    assert [one.differing for one in found] == [("supported",), ("supported",)]
    decided = Answer(id="decision-1", item=found[0].item.id, answers={"plausible": "yes", "supported": "no"})
    sessions.adjudicate(session, decided, by="organiser")
    sessions.adjudicate(session, decided, by="organiser")
    assert sessions.progress(session).disagreements == 1
    changed = replace(decided, id="decision-2", answers={"plausible": "yes", "supported": "yes"})
    sessions.adjudicate(session, changed, by="organiser")
    assert sessions.disagreements(session)[0].decision.answers["supported"] == "yes"
    assert sessions.progress(session).ratings == 4


def test_raters_on_the_same_side_of_a_scale_agree(sessions, study):
    row = {"question": "Hi", "reply": "Hello", "rule": "no_insults"}
    created = sessions.create(
        NewSession(name="R", protocol="rule_rating", raters=("A", "B"), qualification=False, checks=0.0),
        [row],
    )
    for rater, said in zip(created.raters, ("surely_kept", "probably_kept"), strict=True):
        sessions.answer(rater.id, study.answer(sessions.task(rater.id), {"no_insults": said}))
    assert sessions.disagreements(created.session.id) == ()


def test_raters_whose_own_dialogues_ended_differently_do_not_differ(sessions, study):
    new = NewSession(
        name="Probe",
        protocol="probing",
        raters=("A", "B"),
        qualification=False,
        checks=0.0,
        settings={"rules": ["no_body"]},
    )
    created = sessions.create(new, [])
    for rater, said in zip(created.raters, ("surely_kept", "surely_broken"), strict=True):
        item = sessions.task(rater.id).shown.item
        sessions.say(rater.id, Said(item=item, text="Cold?", at=0), {"full": Talker()})
        sessions.answer(rater.id, study.answer(sessions.task(rater.id), {"no_body": said}))
    assert sessions.disagreements(created.session.id) == ()


def test_a_replaced_rater_keeps_what_is_rated_and_the_new_one_gets_the_rest(sessions, study):
    created = study.create(number=9, overlap=2)
    old = created.raters[0].id
    study.qualify(old)
    work = {one.item for one in sessions.store.assignments(old)}
    task = sessions.task(old)
    sessions.answer(old, study.answer(task, study.first_choices(task)))
    new = sessions.replace_rater(old, "Dee")
    assert new.replaces == old
    assert sessions.task(old).shown is None
    with pytest.raises(RatingConflict):
        sessions.answer(old, study.answer(task, study.first_choices(task)))
    study.qualify(new.id)
    study.rate_all(new.id)
    for rater in created.raters[1:]:
        study.qualify(rater.id)
        study.rate_all(rater.id)
    assert sessions.progress(created.session.id).finished == 9
    assert {one.item for one in sessions.store.assignments(new.id)} & work
    with pytest.raises(ConfigError, match="already"):
        sessions.replace_rater(old, "Eve")


def test_a_rater_replaced_from_the_start_counts_no_more(sessions, study):
    created = study.create(number=4, raters=("Ann", "Ben"), qualification=False, checks=0.0)
    ann = created.raters[0].id
    study.rate_all(ann)
    with pytest.raises(ConfigError, match="everything"):
        sessions.replace_rater(ann, "Dee")
    new = sessions.replace_rater(ann, "Dee", again=True)
    assert sessions.store.current(created.session.id, ann) == ()
    study.rate_all(new.id)
    assert sessions.progress(created.session.id).ratings == 4


def test_a_session_is_extended_by_rows_raters_and_overlap_and_nobody_gets_an_item_twice(sessions, study):
    created = study.create(number=6, raters=("Ann", "Ben"), checks=0.0)
    session = created.session.id
    added = sessions.extend(session, More(raters=("Cem",), overlap=1), study.rows(10))
    assert added.items == 4
    assert sessions.store.session(session).overlap == 3
    given = [(one.rater, one.item) for one in sessions.store.all_assignments(session)]
    assert len(set(given)) == len(given)
    for rater in (*created.raters, *added.raters):
        study.qualify(rater.id)
        study.rate_all(rater.id)
    assert sessions.progress(session).finished == 10
    with pytest.raises(ConfigError, match="nothing new"):
        sessions.extend(session, More(), study.rows(10))


@pytest.mark.parametrize(
    "change",
    [
        {"raters": ()},
        {"raters": ("Ann",), "overlap": 2},
        {"raters": ("Ann", "Ann ")},
        {"name": " "},
        {"pass_mark": 1.5},
        {"checks": 1.0},
        {"protocol": "thumbs"},
    ],
)
def test_a_session_that_cannot_be_is_refused_and_nothing_is_kept(sessions, study, change):
    with pytest.raises(ConfigError):
        study.create(**change)
    assert tuple(sessions.store.sessions()) == ()


def test_rows_that_hold_nothing_to_rate_are_refused(sessions, study):
    with pytest.raises(ConfigError, match="No row"):
        sessions.create(NewSession(name="S", protocol="rule_rating", raters=("A", "B")), study.rows(2))


def test_too_few_checks_for_the_rate_are_told(sessions, study):
    assert "Rows with `gold` make more" in study.create(number=90, checks=0.3).notes[0]
    assert study.create(number=6).notes == ()


def test_a_limit_draws_that_many_items(sessions, study):
    assert study.create(number=20, limit=5).items == 5


def test_a_limited_session_is_extended_by_rows_that_it_lacks(sessions, study):
    created = study.create(number=20, limit=5)
    assert sessions.extend(created.session.id, More(limit=10), study.rows(20)).items == 10
    assert sessions.extend(created.session.id, More(limit=10), study.rows(20)).items == 5


def test_raters_who_had_finished_go_on_when_there_is_more(sessions, study):
    created = study.create(number=3, qualification=False)
    for rater in created.raters:
        study.rate_all(rater.id)
    sessions.extend(created.session.id, More(), study.rows(9))
    task = sessions.task(created.raters[0].id)
    assert task.rater_state is RaterState.WORKING
    assert task.shown.rating is None
