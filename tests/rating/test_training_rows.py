import json

import pytest

from sparrow_lite.rating.tasks import Answer, NewSession
from sparrow_lite.rating.training_rows import export_training, export_trl
from sparrow_lite.training.own_turns import read_turns
from sparrow_lite.training.support import read_own_pairs


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def run_study(sessions):
    """A function that makes a session of these rows, of which each rater says `says(name, origin)`."""

    def run(protocol, rows, says, raters=("Ann", "Ben", "Cem")):
        new = NewSession(
            name="S", protocol=protocol, raters=raters, overlap=len(raters), checks=0.0, qualification=False
        )
        created = sessions.create(new, rows)
        for rater in created.raters:
            while (task := sessions.task(rater.id)).shown is not None:
                origin = sessions.store.item(created.session.id, task.shown.item).origin
                given = Answer(
                    id=f"{rater.name}-{task.shown.item}",
                    item=task.shown.item,
                    answers=says(rater.name, origin),
                )
                sessions.answer(rater.id, given)
        return created.session.id

    return run


def letter(origin, arm):
    return next(at for at, one in origin["candidates"].items() if one == arm)


ASKED = {
    "key": "k",
    "turns": [
        {"role": "user", "text": "Hello?"},
        {"role": "sparrow", "text": "Hello."},
        {"role": "user", "text": "Why?"},
    ],
    "candidates": [{"text": f"Reply of {arm}.", "arm": arm} for arm in ("a", "b", "c")],
}


def test_the_reply_that_most_found_best_is_chosen_over_each_other_one(sessions, run_study, tmp_path):
    session = run_study(
        "preference", [ASKED], lambda name, origin: {"best": letter(origin, "b" if name != "Cem" else "a")}
    )
    assert export_trl(sessions.store, session, tmp_path / "pairs.jsonl") == 2
    first, second = lines(tmp_path / "pairs.jsonl")
    assert first["prompt"] == [
        {"role": "user", "content": "Hello?"},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "Why?"},
    ]
    assert first["chosen"] == [{"role": "assistant", "content": "Reply of b."}]
    rejected = {one["rejected"][0]["content"] for one in (first, second)}
    assert rejected == {"Reply of a.", "Reply of c."}


@pytest.mark.parametrize(
    "says",
    [
        lambda name, origin: {"best": "tie_good"},
        lambda name, origin: {"best": letter(origin, {"Ann": "a", "Ben": "b", "Cem": "c"}[name])},
    ],
)
def test_ties_give_no_pair(sessions, run_study, tmp_path, says):
    assert export_trl(sessions.store, run_study("preference", [ASKED], says), tmp_path / "p.jsonl") == 0


def test_rated_rules_are_turns_that_the_training_reads(sessions, run_study, tmp_path):
    rows = [
        {"key": f"k{n}", "question": f"Question {n}?", "reply": f"Reply {n} [1].", "rule": "no_threats"}
        for n in range(4)
    ]
    said = {"k0": "surely_broken", "k1": "probably_kept", "k2": "cannot_tell", "k3": "surely_kept"}
    session = run_study("rule_rating", rows, lambda _, origin: {"no_threats": said[origin["case"]]})
    assert export_training(sessions.store, session, tmp_path / "data") == 3
    turns = list(read_turns(tmp_path / "data"))
    assert [one.labels for one in turns] == [{"no_threats": 1.0}, {"no_threats": 0.0}, {"no_threats": 0.0}]
    assert turns[0].turns == (("user", "Question 0?"), ("sparrow", "Reply 0."))


def test_rated_support_is_pairs_that_the_training_reads(sessions, run_study, tmp_path):
    rows = [
        {
            "key": f"k{n}",
            "question": "When?",
            "reply": "In 1871 [1].",
            "citations": [{"id": 1, "title": "T", "quote": f"It was in {1870 + n}."}],
        }
        for n in range(2)
    ]
    session = run_study(
        "plausible_supported",
        rows,
        lambda _, origin: {"plausible": "yes", "supported": "yes" if origin["case"] == "k1" else "no"},
    )
    assert export_training(sessions.store, session, tmp_path / "data") == 2
    pairs = {one.passage: one.supported for one in read_own_pairs(tmp_path / "data")}
    assert pairs == {"It was in 1870.": False, "It was in 1871.": True}
