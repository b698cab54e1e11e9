from dataclasses import dataclass

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.rating.store import RatingConflict
from sparrow_lite.rating.tasks import NewSession, Said


def test_a_draft_comes_back_and_keeps_only_what_is_asked(sessions, study):
    rater = study.create(qualification=False).raters[0].id
    item = sessions.task(rater).shown.item
    sessions.keep_draft(
        rater, item, {"answers": {"plausible": "yes", "x": "y", "supported": ["no"]}, "comment": "Hm", "z": 1}
    )
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
        return Spoken(f"{self.words} {len(transcript.turns)}")


@dataclass
class Spoken:
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


def test_a_probing_dialogue_is_kept_by_the_server_and_rated_as_it_was(sessions, study):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item
    with pytest.raises(ConfigError, match="Talk with the agent"):
        sessions.answer(rater, study.answer(sessions.task(rater), {"no_body": "surely_kept"}))
    task = sessions.say(rater, Said(item=item, text="Are you cold?", at=0), {"full": Speaker("No.")})
    assert [one["text"] for one in task.shown.draft["dialogue"]] == ["Are you cold?", "No. 1"]
    sessions.keep_draft(rater, item, {"answers": {}, "comment": "warming up", "dialogue": []})
    sessions.say(rater, Said(item=item, text="Really?", at=2), {"full": Speaker("No.")})
    rating = sessions.answer(rater, study.answer(sessions.task(rater), {"no_body": "surely_kept"})).rating
    assert [one["text"] for one in rating.dialogue] == ["Are you cold?", "No. 1", "Really?", "No. 3"]
    with pytest.raises(RatingConflict):
        sessions.say(rater, Said(item=item, text="More", at=4), {"full": Speaker("No.")})


def test_a_turn_from_an_older_tab_and_a_failing_agent_leave_the_dialogue_as_it_was(sessions, study):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item
    sessions.say(rater, Said(item=item, text="One", at=0), {"full": Speaker("Yes.")})
    with pytest.raises(RatingConflict, match="another tab"):
        sessions.say(rater, Said(item=item, text="Two", at=0), {"full": Speaker("Yes.")})
    with pytest.raises(ModelError):
        sessions.say(rater, Said(item=item, text="Two", at=2), {"full": Speaker("", fails=True)})
    assert len(sessions.task(rater).shown.draft["dialogue"]) == 2


def test_what_is_kept_while_the_agent_answers_is_there_afterwards(sessions):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item

    class Slow:
        def reply(self, transcript):
            sessions.keep_draft(rater, item, {"comment": "It takes long."})
            return Spoken("Done.")

    draft = sessions.say(rater, Said(item=item, text="One", at=0), {"full": Slow()}).shown.draft
    assert (draft["comment"], len(draft["dialogue"])) == ("It takes long.", 2)


def test_a_dialogue_that_is_rated_while_the_agent_answers_stays_as_it_was_rated(sessions, study):
    rater = probing(sessions)
    item = sessions.task(rater).shown.item
    sessions.say(rater, Said(item=item, text="One", at=0), {"full": Speaker("Yes.")})

    class Slow:
        def reply(self, transcript):
            sessions.answer(rater, study.answer(sessions.task(rater), {"no_body": "surely_kept"}))
            return Spoken("Done.")

    with pytest.raises(RatingConflict, match="rated in another tab"):
        sessions.say(rater, Said(item=item, text="Two", at=2), {"full": Slow()})
    assert len(sessions.task_at(rater, 0).shown.rating.dialogue) == 2


def test_half_a_character_is_no_error(sessions):
    _, rater = preferring(sessions)
    said = Said(item=sessions.task(rater).shown.item, text="Oh \ud83d", at=0, choice="A")
    task = sessions.say(rater, said, {"one": Speaker("B1"), "two": Speaker("B2")})
    assert [one["text"] for one in task.shown.draft["dialogue"] if one["role"] == "user"] == ["Oh ?"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000])
def test_an_empty_or_overlong_turn_is_refused(sessions, study, text):
    rater = probing(sessions)
    with pytest.raises(ConfigError):
        sessions.say(rater, Said(item=sessions.task(rater).shown.item, text=text, at=0), {"f": Speaker("x")})


def test_a_probing_dialogue_ends_at_its_bound(sessions, study):
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


def test_in_a_preference_dialogue_the_chosen_reply_goes_on_and_arms_stay_hidden(sessions, study):
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
    again = Said(item=task.shown.item, text="More", at=len(dialogue), choice="A")
    with pytest.raises(ConfigError, match="last round"):
        sessions.say(rater, again, talkers)
    feedback = sessions.answer(rater, study.answer(task, {"best_2": "tie_good"}))
    assert feedback.rating.answers == {"best": letter, "best_2": "tie_good"}
    assert not any("arm" in one for one in feedback.rating.dialogue)
    (kept,) = sessions.store.current(session)
    chosen = [one for one in kept.dialogue if one.get("chosen") == "true"]
    assert [(one["arm"], one["text"]) for one in chosen] == [("two", "A2")]


def test_a_preference_dialogue_may_end_after_the_first_round(sessions, study):
    _, rater = preferring(sessions, rounds=3)
    task = sessions.task(rater)
    feedback = sessions.answer(rater, study.answer(task, {"best": "A"}))
    assert feedback.rating.answers == {"best": "A"}
    assert [one["chosen"] for one in feedback.rating.dialogue] == ["true", "false"]


def test_on_a_tie_the_reply_that_goes_on_is_drawn_and_none_counts_as_chosen(sessions, study):
    _, rater = preferring(sessions)
    said = Said(item=sessions.task(rater).shown.item, text="Go on", at=0, choice="tie_bad")
    task = sessions.say(rater, said, {"one": Speaker("B1"), "two": Speaker("B2")})
    first = [one for one in task.shown.draft["dialogue"] if one.get("round") == "1"]
    assert [one["chosen"] for one in first] == ["false", "false"]
    assert sorted(one["continues"] for one in first) == ["false", "true"]


@pytest.mark.parametrize("choice", [None, "C", "best"])
def test_a_round_without_a_choice_among_its_replies_does_not_go_on(sessions, study, choice):
    _, rater = preferring(sessions)
    said = Said(item=sessions.task(rater).shown.item, text="Go on", at=0, choice=choice)
    with pytest.raises(ConfigError, match="no choice"):
        sessions.say(rater, said, {"one": Speaker("B1"), "two": Speaker("B2")})
