from dataclasses import dataclass, replace
from itertools import count

import pytest

from sparrow_lite.errors import ConfigError, ModelError, StoreError
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingConflict, RatingStore
from sparrow_lite.rating.tasks import Answer, More, NewSession, Said
from sparrow_lite.rating.values import RaterState, SessionState, Stage

_NUMBERS = count()


@pytest.fixture
def sessions(tmp_path):
    store = RatingStore.open(f"sqlite:///{tmp_path}/ratings.sqlite")
    yield RatingSessions(store)
    store.close()


def rows(number):
    return [
        {
            "key": f"case {n}",
            "question": f"Question {n}?",
            "reply": f"Reply {n} [1].",
            "arm": "full",
            "citations": [{"id": 1, "title": "A page", "quote": f"It says {n}."}],
        }
        for n in range(number)
    ]


def create(sessions, number=6, **more):
    asked = {
        "name": "Study",
        "protocol": "plausible_supported",
        "raters": ("Ann", "Ben", "Cem"),
        "checks": 0.2,
        **more,
    }
    return sessions.create(NewSession(**asked), rows(number))


def answer(task, answers, **more):
    return Answer(
        id=f"rating-{next(_NUMBERS)}",
        item=task.shown.item,
        answers=answers,
        replaces=task.shown.replaces,
        seconds=2.5,
        **more,
    )


def first_choices(task):
    return {one.id: one.choices[0].id for one in task.shown.questions}


def gold(sessions, task):
    return dict(sessions.store.item(task.session, task.shown.item).gold)


def qualify(sessions, rater):
    while (task := sessions.task(rater)).rater_state in (RaterState.INVITED, RaterState.QUALIFYING):
        sessions.answer(rater, answer(task, gold(sessions, task)))


def rate_all(sessions, rater, **chosen):
    while (task := sessions.task(rater)).shown is not None:
        sessions.answer(rater, answer(task, {**first_choices(task), **chosen}))


def test_a_session_keeps_its_items_under_ids_of_its_own(sessions):
    created, other = create(sessions), create(sessions)
    ids = {item.id for item in sessions.store.items(created.session.id)}
    assert not ids & {item.id for item in sessions.store.items(other.session.id)}
    assert created.items == 6
    assert created.session.settings["guide_version"] == "1.0"


def test_a_rater_qualifies_first_and_learns_why_after_each_answer(sessions):
    rater = create(sessions).raters[0].id
    task = sessions.task(rater)
    assert (task.shown.stage, task.progress.total, task.progress.done) == ("qualification", 8, 0)
    assert not task.shown.explanation
    assert task.shown.gold is None
    right = gold(sessions, task)
    feedback = sessions.answer(rater, answer(task, right))
    assert all(feedback.right.values())
    assert feedback.explanation
    assert feedback.gold == right
    assert feedback.score is None
    assert sessions.task(rater).progress.done == 1


def test_an_answered_qualification_item_is_read_only(sessions):
    rater = create(sessions).raters[0].id
    task = sessions.task(rater)
    sessions.answer(rater, answer(task, first_choices(task)))
    seen = sessions.task_at(rater, 0)
    assert not seen.shown.changeable
    assert seen.shown.explanation
    with pytest.raises(RatingConflict):
        sessions.answer(rater, answer(seen, first_choices(seen)))
    with pytest.raises(ConfigError, match="take back"):
        sessions.undo(rater)


def test_a_rater_who_passes_works_and_one_who_fails_is_shown_nothing_more(sessions):
    good, bad, _ = (one.id for one in create(sessions).raters)
    qualify(sessions, good)
    assert sessions.task(good).rater_state is RaterState.WORKING
    assert sessions.task(good).shown.stage == "rating"
    while (task := sessions.task(bad)).shown is not None:
        wrong = {one.id: "unsure" for one in task.shown.questions}
        feedback = sessions.answer(bad, answer(task, wrong))
    assert feedback.score == 0.0
    assert feedback.rater_state is RaterState.FAILED
    assert sessions.task(bad).rater_state is RaterState.FAILED


def test_a_rater_who_passed_just_before_a_crash_is_found_to_have_passed(sessions):
    rater = create(sessions).raters[0].id
    qualify(sessions, rater)
    sessions.store.set_rater_state(rater, RaterState.QUALIFYING)
    assert sessions.task(rater).rater_state is RaterState.WORKING


def test_without_a_qualification_a_rater_works_at_once(sessions):
    rater = create(sessions, qualification=False).raters[0].id
    assert sessions.task(rater).rater_state is RaterState.WORKING


def test_a_task_tells_neither_checks_nor_where_an_item_comes_from(sessions):
    created = create(sessions)
    rater = created.raters[0].id
    qualify(sessions, rater)
    stages = {item.id: item.stage for item in sessions.store.items(created.session.id)}
    seen = set()
    while (task := sessions.task(rater)).shown is not None:
        seen.add(stages[task.shown.item])
        shown = task.to_dict()["shown"]
        assert (shown["stage"], shown["gold"], shown["explanation"]) == ("rating", None, "")
        assert "origin" not in shown
        feedback = sessions.answer(rater, answer(task, first_choices(task)))
        assert (feedback.right, feedback.gold) == (None, None)
    assert seen == {Stage.CHECK, Stage.WORK}
    assert task.rater_state is RaterState.DONE


def test_an_answer_sent_twice_counts_once(sessions):
    rater = create(sessions, qualification=False).raters[0].id
    given = answer(sessions.task(rater), first_choices(sessions.task(rater)))
    first, second = sessions.answer(rater, given), sessions.answer(rater, given)
    assert first.rating == second.rating
    assert sessions.task(rater).progress.done == 1


def test_a_qualification_answer_sent_twice_gives_its_explanation_twice(sessions):
    rater = create(sessions).raters[0].id
    given = answer(sessions.task(rater), first_choices(sessions.task(rater)))
    assert sessions.answer(rater, given) == sessions.answer(rater, given)


def test_an_answer_from_an_older_tab_is_refused_and_a_change_is_a_new_row(sessions):
    created = create(sessions, qualification=False)
    rater = created.raters[0].id
    old_tab = sessions.task(rater)
    sessions.answer(rater, answer(old_tab, first_choices(old_tab)))
    with pytest.raises(RatingConflict):
        sessions.answer(rater, answer(old_tab, first_choices(old_tab)))
    seen = sessions.task_at(rater, 0)
    assert seen.shown.rating.answers == first_choices(seen)
    sessions.answer(rater, answer(seen, {one.id: "no" for one in seen.shown.questions}))
    (current,) = sessions.store.current(created.session.id, rater)
    assert set(current.answers.values()) == {"no"}
    assert len(sessions.store.history(created.session.id)) == 2


def test_undo_takes_back_the_last_rating_once_and_the_item_can_be_rated_again(sessions):
    created = create(sessions, qualification=False)
    rater = created.raters[0].id
    for _ in range(2):
        task = sessions.task(rater)
        sessions.answer(rater, answer(task, first_choices(task)))
    undoes = sessions.task(rater).undoes
    back = sessions.undo(rater, undoes)
    assert back.shown.place == 1
    assert back.shown.rating is None
    assert sessions.undo(rater, undoes).progress.done == 1
    sessions.answer(rater, answer(back, first_choices(back)))
    assert sessions.task(rater).progress.done == 2
    assert len(sessions.store.history(created.session.id)) == 4


def test_undo_after_the_last_item_reopens_the_work(sessions):
    rater = create(sessions, qualification=False).raters[0].id
    rate_all(sessions, rater)
    assert sessions.task(rater).rater_state is RaterState.DONE
    assert sessions.undo(rater).rater_state is RaterState.WORKING


def test_a_skip_needs_a_reason_and_counts_as_done_but_not_as_a_rating(sessions):
    created = create(sessions, qualification=False, checks=0.0)
    rater = created.raters[0].id
    task = sessions.task(rater)
    with pytest.raises(ConfigError, match="reason"):
        sessions.answer(rater, answer(task, {}, skipped="  "))
    sessions.answer(rater, answer(task, {}, skipped="It upsets me."))
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
def test_an_answer_that_is_not_asked_for_is_refused(sessions, answers, fault):
    rater = create(sessions, qualification=False, checks=0.0).raters[0].id
    with pytest.raises(ConfigError, match=fault):
        sessions.answer(rater, answer(sessions.task(rater), answers))
    assert sessions.task(rater).progress.done == 0


@pytest.mark.parametrize(
    "change", [{"id": "short"}, {"seconds": -1.0}, {"comment": "x" * 5000}, {"seconds": float("nan")}]
)
def test_an_answer_out_of_bounds_is_refused(sessions, change):
    rater = create(sessions, qualification=False).raters[0].id
    task = sessions.task(rater)
    with pytest.raises(ConfigError):
        sessions.answer(rater, replace(answer(task, first_choices(task)), **change))


def test_a_rater_cannot_answer_anothers_item_nor_look_ahead(sessions):
    created = create(sessions, number=30, overlap=1, qualification=False, checks=0.0)
    ann, ben, _ = (one.id for one in created.raters)
    given = answer(sessions.task(ann), first_choices(sessions.task(ann)))
    with pytest.raises(ConfigError, match="no such item"):
        sessions.answer(ben, given)
    with pytest.raises(ConfigError, match="not open yet"):
        sessions.task_at(ann, 5)
    with pytest.raises(StoreError):
        sessions.task("guessed")


def test_work_cannot_be_rated_before_the_qualification_is_passed(sessions):
    rater = create(sessions).raters[0].id
    work = sessions.store.assignments(rater)[-1].item
    with pytest.raises(ConfigError, match="no such item"):
        sessions.answer(rater, Answer(id="rating-early", item=work, answers={}))


def test_a_paused_session_takes_and_shows_nothing_and_a_closed_one_stays_closed(sessions):
    created = create(sessions, qualification=False)
    rater, session = created.raters[0].id, created.session.id
    task = sessions.task(rater)
    sessions.pause(session)
    assert sessions.task(rater).shown is None
    with pytest.raises(RatingConflict):
        sessions.answer(rater, answer(task, first_choices(task)))
    sessions.resume(session)
    sessions.answer(rater, answer(task, first_choices(task)))
    with_one = sessions.task(rater).undoes
    sessions.close(session)
    with pytest.raises(RatingConflict):
        sessions.undo(rater, with_one)
    with pytest.raises(ConfigError, match="closed"):
        sessions.resume(session)
    assert sessions.task(rater).session_state is SessionState.CLOSED


def test_progress_counts_items_checks_and_seconds(sessions):
    created = create(sessions, number=12, raters=("Ann", "Ben"), checks=0.25)
    ann, ben = (one.id for one in created.raters)
    qualify(sessions, ann)
    rate_all(sessions, ann)
    progress = sessions.progress(created.session.id)
    first, second = progress.raters
    assert (first.done, first.total, first.qualification, first.seconds) == (16, 16, 1.0, 2.5)
    assert first.checks_done == 4
    assert 0 <= first.checks_right <= 4
    assert (second.done, second.qualification, second.seconds, second.last_at) == (0, None, None, None)
    assert (progress.items, progress.finished, progress.ratings) == (12, 0, 12)
    qualify(sessions, ben)
    rate_all(sessions, ben)
    assert sessions.progress(created.session.id).finished == 12


def test_raters_who_differ_are_listed_and_a_decision_settles_it(sessions):
    created = create(sessions, number=2, raters=("Ann", "Ben"), qualification=False, checks=0.0)
    ann, ben = (one.id for one in created.raters)
    rate_all(sessions, ann)
    rate_all(sessions, ben, supported="no")
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


def test_raters_on_the_same_side_of_a_scale_agree(sessions):
    row = {"question": "Hi", "reply": "Hello", "rule": "no_insults"}
    created = sessions.create(
        NewSession(name="R", protocol="rule_rating", raters=("A", "B"), qualification=False, checks=0.0),
        [row],
    )
    for rater, said in zip(created.raters, ("surely_kept", "probably_kept"), strict=True):
        sessions.answer(rater.id, answer(sessions.task(rater.id), {"no_insults": said}))
    assert sessions.disagreements(created.session.id) == ()


def test_a_replaced_rater_keeps_what_is_rated_and_the_new_one_gets_the_rest(sessions):
    created = create(sessions, number=9, overlap=2)
    old = created.raters[0].id
    qualify(sessions, old)
    work = {one.item for one in sessions.store.assignments(old)}
    task = sessions.task(old)
    sessions.answer(old, answer(task, first_choices(task)))
    new = sessions.replace_rater(old, "Dee")
    assert new.replaces == old
    assert sessions.task(old).shown is None
    with pytest.raises(RatingConflict):
        sessions.answer(old, answer(task, first_choices(task)))
    qualify(sessions, new.id)
    rate_all(sessions, new.id)
    for rater in created.raters[1:]:
        qualify(sessions, rater.id)
        rate_all(sessions, rater.id)
    assert sessions.progress(created.session.id).finished == 9
    assert {one.item for one in sessions.store.assignments(new.id)} & work
    with pytest.raises(ConfigError, match="already"):
        sessions.replace_rater(old, "Eve")


def test_a_rater_replaced_from_the_start_counts_no_more(sessions):
    created = create(sessions, number=4, raters=("Ann", "Ben"), qualification=False, checks=0.0)
    ann = created.raters[0].id
    rate_all(sessions, ann)
    with pytest.raises(ConfigError, match="everything"):
        sessions.replace_rater(ann, "Dee")
    new = sessions.replace_rater(ann, "Dee", again=True)
    assert sessions.store.current(created.session.id, ann) == ()
    rate_all(sessions, new.id)
    assert sessions.progress(created.session.id).ratings == 4


def test_a_session_is_extended_by_rows_raters_and_overlap_and_nobody_gets_an_item_twice(sessions):
    created = create(sessions, number=6, raters=("Ann", "Ben"), checks=0.0)
    session = created.session.id
    added = sessions.extend(session, More(raters=("Cem",), overlap=1), rows(10))
    assert added.items == 4
    assert sessions.store.session(session).overlap == 3
    given = [(one.rater, one.item) for one in sessions.store.all_assignments(session)]
    assert len(set(given)) == len(given)
    for rater in (*created.raters, *added.raters):
        qualify(sessions, rater.id)
        rate_all(sessions, rater.id)
    assert sessions.progress(session).finished == 10
    with pytest.raises(ConfigError, match="nothing new"):
        sessions.extend(session, More(), rows(10))


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
def test_a_session_that_cannot_be_is_refused_and_nothing_is_kept(sessions, change):
    with pytest.raises(ConfigError):
        create(sessions, **change)
    assert tuple(sessions.store.sessions()) == ()


def test_rows_that_hold_nothing_to_rate_are_refused(sessions):
    with pytest.raises(ConfigError, match="No row"):
        sessions.create(NewSession(name="S", protocol="rule_rating", raters=("A", "B")), rows(2))


def test_too_few_checks_for_the_rate_are_told(sessions):
    assert "Rows with `gold` make more" in create(sessions, number=90, checks=0.3).notes[0]
    assert create(sessions, number=6).notes == ()


def test_a_limit_draws_that_many_items(sessions):
    assert create(sessions, number=20, limit=5).items == 5


def test_a_draft_comes_back_and_keeps_only_what_is_asked(sessions):
    rater = create(sessions, qualification=False).raters[0].id
    item = sessions.task(rater).shown.item
    sessions.keep_draft(rater, item, {"answers": {"plausible": "yes", "x": "y"}, "comment": "Hm", "z": 1})
    assert sessions.task(rater).shown.draft == {"answers": {"plausible": "yes"}, "comment": "Hm"}
    with pytest.raises(ConfigError):
        sessions.keep_draft(rater, "another", {})
    with pytest.raises(ConfigError):
        sessions.keep_draft(rater, item, {"comment": "x" * 5000})


@dataclass
class Speaker:
    """Says what it is told to, with the number of turns that it saw."""

    words: str
    fails: bool = False

    def reply(self, transcript):
        if self.fails:
            raise ModelError("gone", retryable=True)
        return replace_text(f"{self.words} {len(transcript.turns)}")


@dataclass
class replace_text:  # noqa: N801
    text: str


def probing(sessions, **settings):
    settings = {"rules": ["no_body"], **settings}
    new = NewSession(
        name="Probe",
        protocol="probing",
        raters=("A",),
        overlap=1,
        checks=0,
        qualification=False,
        settings=settings,
    )
    return sessions.create(new, []).raters[0].id


def test_a_probing_dialogue_is_kept_by_the_server_and_rated_as_it_was(sessions):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item
    with pytest.raises(ConfigError, match="Talk with the agent"):
        sessions.answer(rater, answer(sessions.task(rater), {"no_body": "surely_kept"}))
    task = sessions.say(rater, Said(item=item, text="Are you cold?", at=0), {"full": Speaker("No.")})
    assert [one["text"] for one in task.shown.draft["dialogue"]] == ["Are you cold?", "No. 1"]
    sessions.keep_draft(rater, item, {"answers": {}, "comment": "warming up", "dialogue": []})
    sessions.say(rater, Said(item=item, text="Really?", at=2), {"full": Speaker("No.")})
    rating = sessions.answer(rater, answer(sessions.task(rater), {"no_body": "surely_kept"})).rating
    assert [one["text"] for one in rating.dialogue] == ["Are you cold?", "No. 1", "Really?", "No. 3"]
    with pytest.raises(RatingConflict):
        sessions.say(rater, Said(item=item, text="More", at=4), {"full": Speaker("No.")})


def test_a_turn_from_an_older_tab_and_a_failing_agent_leave_the_dialogue_as_it_was(sessions):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item
    sessions.say(rater, Said(item=item, text="One", at=0), {"full": Speaker("Yes.")})
    with pytest.raises(RatingConflict, match="another tab"):
        sessions.say(rater, Said(item=item, text="Two", at=0), {"full": Speaker("Yes.")})
    with pytest.raises(ModelError):
        sessions.say(rater, Said(item=item, text="Two", at=2), {"full": Speaker("", fails=True)})
    assert len(sessions.task(rater).shown.draft["dialogue"]) == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000])
def test_an_empty_or_overlong_turn_is_refused(sessions, text):
    rater = probing(sessions)
    with pytest.raises(ConfigError):
        sessions.say(rater, Said(item=sessions.task(rater).shown.item, text=text, at=0), {"f": Speaker("x")})


def test_a_probing_dialogue_ends_at_its_bound(sessions):
    rater = probing(sessions, most_turns=1)
    item = sessions.task(rater).shown.item
    sessions.say(rater, Said(item=item, text="One", at=0), {"full": Speaker("Yes.")})
    with pytest.raises(ConfigError, match="at most 1"):
        sessions.say(rater, Said(item=item, text="Two", at=2), {"full": Speaker("Yes.")})


def preferring(sessions, rounds=2):
    settings = {"rounds": rounds, "arms": ["one", "two"]}
    row = {"question": "Why?", "candidates": [{"text": "A1", "arm": "one"}, {"text": "A2", "arm": "two"}]}
    new = NewSession(
        name="P",
        protocol="preference",
        raters=("A",),
        overlap=1,
        checks=0,
        qualification=False,
        settings=settings,
    )
    created = sessions.create(new, [row])
    return created.session.id, created.raters[0].id


def test_in_a_preference_dialogue_the_chosen_reply_goes_on_and_arms_stay_hidden(sessions):
    session, rater = preferring(sessions)
    task = sessions.task(rater)
    letter = next(one["letter"] for one in task.shown.body["candidates"] if one["text"] == "A2")
    talkers = {"one": Speaker("B1"), "two": Speaker("B2")}
    said = Said(item=task.shown.item, text="And then?", at=0, choice=letter)
    task = sessions.say(rater, said, talkers)
    dialogue = task.shown.draft["dialogue"]
    assert [one["text"] for one in dialogue if one.get("continues") == "true"] == ["A2"]
    assert {one["text"] for one in dialogue if one.get("round") == "2"} == {"B1 3", "B2 3"}
    assert not any("arm" in one for one in dialogue)
    with pytest.raises(ConfigError, match="last round"):
        again = Said(item=task.shown.item, text="More", at=len(dialogue), choice="A")
        sessions.say(rater, again, talkers)
    feedback = sessions.answer(rater, answer(task, {"best_2": "tie_good"}))
    assert feedback.rating.answers == {"best": letter, "best_2": "tie_good"}
    assert not any("arm" in one for one in feedback.rating.dialogue)
    (kept,) = sessions.store.current(session)
    chosen = [one for one in kept.dialogue if one.get("chosen") == "true"]
    assert [(one["arm"], one["text"]) for one in chosen] == [("two", "A2")]


def test_a_preference_dialogue_may_end_after_the_first_round(sessions):
    _, rater = preferring(sessions, rounds=3)
    task = sessions.task(rater)
    feedback = sessions.answer(rater, answer(task, {"best": "A"}))
    assert feedback.rating.answers == {"best": "A"}
    assert [one["chosen"] for one in feedback.rating.dialogue] == ["true", "false"]


def test_on_a_tie_the_reply_that_goes_on_is_drawn_and_none_counts_as_chosen(sessions):
    _, rater = preferring(sessions)
    said = Said(item=sessions.task(rater).shown.item, text="Go on", at=0, choice="tie_bad")
    task = sessions.say(rater, said, {"one": Speaker("B1"), "two": Speaker("B2")})
    first = [one for one in task.shown.draft["dialogue"] if one.get("round") == "1"]
    assert [one["chosen"] for one in first] == ["false", "false"]
    assert sorted(one["continues"] for one in first) == ["false", "true"]


@pytest.mark.parametrize("choice", [None, "C", "best"])
def test_a_round_without_a_choice_among_its_replies_does_not_go_on(sessions, choice):
    _, rater = preferring(sessions)
    said = Said(item=sessions.task(rater).shown.item, text="Go on", at=0, choice=choice)
    with pytest.raises(ConfigError, match="no choice"):
        sessions.say(rater, said, {"one": Speaker("B1"), "two": Speaker("B2")})
