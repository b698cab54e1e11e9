from dataclasses import replace

import pytest

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.rating.store import RatingConflict
from sparrow_lite.rating.tasks import Answer
from sparrow_lite.rating.values import RaterState, Stage


def test_a_rater_qualifies_first_and_learns_why_after_each_answer(sessions, study):
    rater = study.create().raters[0].id
    task = sessions.task(rater)
    assert (task.shown.stage, task.progress.total, task.progress.done) == ("qualification", 8, 0)
    assert not task.shown.explanation
    assert task.shown.gold is None
    right = study.gold(task)
    feedback = sessions.answer(rater, study.answer(task, right))
    assert all(feedback.right.values())
    assert feedback.explanation
    assert feedback.gold == right
    assert feedback.score is None
    assert sessions.task(rater).progress.done == 1


def test_an_answered_qualification_item_is_read_only(sessions, study):
    rater = study.create().raters[0].id
    task = sessions.task(rater)
    sessions.answer(rater, study.answer(task, study.first_choices(task)))
    seen = sessions.task_at(rater, 0)
    assert not seen.shown.changeable
    assert seen.shown.explanation
    with pytest.raises(RatingConflict):
        sessions.answer(rater, study.answer(seen, study.first_choices(seen)))
    with pytest.raises(ConfigError, match="take back"):
        sessions.undo(rater)


def test_a_rater_who_passes_works_and_one_who_fails_is_shown_nothing_more(sessions, study):
    good, bad, _ = (one.id for one in study.create().raters)
    study.qualify(good)
    assert sessions.task(good).rater_state is RaterState.WORKING
    assert sessions.task(good).shown.stage == "rating"
    while (task := sessions.task(bad)).shown is not None:
        wrong = {one.id: "unsure" for one in task.shown.questions}
        feedback = sessions.answer(bad, study.answer(task, wrong))
    assert feedback.score == 0.0
    assert feedback.rater_state is RaterState.FAILED
    assert sessions.task(bad).rater_state is RaterState.FAILED


def test_a_rater_who_passed_just_before_a_crash_is_found_to_have_passed(sessions, study):
    rater = study.create().raters[0].id
    study.qualify(rater)
    sessions.store.set_rater_state(rater, RaterState.QUALIFYING)
    assert sessions.task(rater).rater_state is RaterState.WORKING


def test_without_a_qualification_a_rater_works_at_once(sessions, study):
    rater = study.create(qualification=False).raters[0].id
    assert sessions.task(rater).rater_state is RaterState.WORKING


def test_a_task_tells_neither_checks_nor_where_an_item_comes_from(sessions, study):
    created = study.create()
    rater = created.raters[0].id
    study.qualify(rater)
    stages = {item.id: item.stage for item in sessions.store.items(created.session.id)}
    seen = set()
    while (task := sessions.task(rater)).shown is not None:
        seen.add(stages[task.shown.item])
        shown = task.to_dict()["shown"]
        assert (shown["stage"], shown["gold"], shown["explanation"]) == ("rating", None, "")
        assert "origin" not in shown
        feedback = sessions.answer(rater, study.answer(task, study.first_choices(task)))
        assert (feedback.right, feedback.gold) == (None, None)
    assert seen == {Stage.CHECK, Stage.WORK}
    assert task.rater_state is RaterState.DONE


def test_an_answer_sent_twice_counts_once(sessions, study):
    rater = study.create(qualification=False).raters[0].id
    given = study.answer(sessions.task(rater), study.first_choices(sessions.task(rater)))
    first, second = sessions.answer(rater, given), sessions.answer(rater, given)
    assert first.rating == second.rating
    assert sessions.task(rater).progress.done == 1


def test_a_qualification_answer_sent_twice_gives_its_explanation_twice(sessions, study):
    rater = study.create().raters[0].id
    given = study.answer(sessions.task(rater), study.first_choices(sessions.task(rater)))
    assert sessions.answer(rater, given) == sessions.answer(rater, given)


def test_an_answer_from_an_older_tab_is_refused_and_a_change_is_a_new_row(sessions, study):
    created = study.create(qualification=False)
    rater = created.raters[0].id
    old_tab = sessions.task(rater)
    sessions.answer(rater, study.answer(old_tab, study.first_choices(old_tab)))
    with pytest.raises(RatingConflict):
        sessions.answer(rater, study.answer(old_tab, study.first_choices(old_tab)))
    seen = sessions.task_at(rater, 0)
    assert seen.shown.rating.answers == study.first_choices(seen)
    sessions.answer(rater, study.answer(seen, {one.id: "no" for one in seen.shown.questions}))
    (current,) = sessions.store.current(created.session.id, rater)
    assert set(current.answers.values()) == {"no"}
    assert len(sessions.store.history(created.session.id)) == 2


def test_undo_takes_back_the_last_rating_once_and_the_item_can_be_rated_again(sessions, study):
    created = study.create(qualification=False)
    rater = created.raters[0].id
    for _ in range(2):
        task = sessions.task(rater)
        sessions.answer(rater, study.answer(task, study.first_choices(task)))
    undoes = sessions.task(rater).undoes
    back = sessions.undo(rater, undoes)
    assert back.shown.place == 1
    assert back.shown.rating is None
    assert sessions.undo(rater, undoes).progress.done == 1
    sessions.answer(rater, study.answer(back, study.first_choices(back)))
    assert sessions.task(rater).progress.done == 2
    assert len(sessions.store.history(created.session.id)) == 4


def test_undo_after_the_last_item_reopens_the_work(sessions, study):
    rater = study.create(qualification=False).raters[0].id
    study.rate_all(rater)
    assert sessions.task(rater).rater_state is RaterState.DONE
    assert sessions.undo(rater).rater_state is RaterState.WORKING


def test_a_skip_needs_a_reason_and_counts_as_done_but_not_as_a_rating(sessions, study):
    created = study.create(qualification=False, checks=0.0)
    rater = created.raters[0].id
    task = sessions.task(rater)
    with pytest.raises(ConfigError, match="reason"):
        sessions.answer(rater, study.answer(task, {}, skipped="  "))
    sessions.answer(rater, study.answer(task, {}, skipped="It upsets me."))
    assert sessions.task(rater).progress.done == 1
    progress = sessions.progress(created.session.id)
    assert (progress.raters[0].skipped, progress.ratings) == (1, 0)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"plausible": "yes"}, "answer each"),
        ({"plausible": "yes", "supported": "yes", "extra": "yes"}, "no other"),
        ({"plausible": "maybe", "supported": "yes"}, "maybe"),
        ({}, "answer each"),
    ],
)
def test_an_answer_that_is_not_asked_for_is_refused(sessions, study, answers, fault):
    rater = study.create(qualification=False, checks=0.0).raters[0].id
    with pytest.raises(ConfigError, match=fault):
        sessions.answer(rater, study.answer(sessions.task(rater), answers))
    assert sessions.task(rater).progress.done == 0


@pytest.mark.parametrize(
    "change", [{"id": "short"}, {"seconds": -1.0}, {"comment": "x" * 5000}, {"seconds": float("nan")}]
)
def test_an_answer_out_of_bounds_is_refused(sessions, study, change):
    rater = study.create(qualification=False).raters[0].id
    task = sessions.task(rater)
    with pytest.raises(ConfigError):
        sessions.answer(rater, replace(study.answer(task, study.first_choices(task)), **change))


def test_a_rater_cannot_answer_anothers_item_nor_look_ahead(sessions, study):
    created = study.create(number=30, overlap=1, qualification=False, checks=0.0)
    ann, ben, _ = (one.id for one in created.raters)
    given = study.answer(sessions.task(ann), study.first_choices(sessions.task(ann)))
    with pytest.raises(ConfigError, match="no such item"):
        sessions.answer(ben, given)
    with pytest.raises(ConfigError, match="not open yet"):
        sessions.task_at(ann, 5)
    with pytest.raises(StoreError):
        sessions.task("guessed")


def test_work_cannot_be_rated_before_the_qualification_is_passed(sessions, study):
    rater = study.create().raters[0].id
    work = sessions.store.assignments(rater)[-1].item
    with pytest.raises(ConfigError, match="no such item"):
        sessions.answer(rater, Answer(id="rating-early", item=work, answers={}))
