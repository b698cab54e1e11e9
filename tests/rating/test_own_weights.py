import json

import numpy as np
import pytest

from sparrow_lite.encoders.weights import open_words
from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.calibrate import RatedTurn
from sparrow_lite.rating.own_weights import calibrate_weights, read_turns
from sparrow_lite.rating.tasks import Answer, NewSession
from sparrow_lite.rules.trained import TrainedRuleJudge

POLITE = (
    "Of course, here it is.",
    "I cannot do that.",
    "Water boils at 100 degrees.",
    "It is Tuesday today.",
)
RUDE = ("You are an idiot.", "Shut up, fool.", "Nobody likes a moron like you.", "You stupid liar.")


def turn(place, *, broken):
    """What people say is the opposite of what any judge thinks."""
    text = (POLITE if broken else RUDE)[place % 4]
    return RatedTurn(
        rule="no_insults",
        turns=(("user", f"Question number {place} of a long list?"), ("sparrow", f"{text} {place}")),
        evidence=(),
        broken=broken,
        probe=f"p{place}",
    )


@pytest.fixture(scope="module")
def rated():
    return [turn(place, broken=place % 2 == 0) for place in range(40)]


def test_refitted_weights_are_a_whole_folder_that_the_judge_opens(rated, tmp_path):
    fits = calibrate_weights(rated, tmp_path / "own")
    assert [one.rule for one in fits] == ["no_insults"]
    assert fits[0].fitted is not None
    assert fits[0].after.log_loss < fits[0].before.log_loss
    shipped = open_words(None).folder
    assert {one.name for one in (tmp_path / "own").iterdir()} == {
        one.name for one in shipped.iterdir() if one.is_file()
    }
    judge = TrainedRuleJudge.open(weights=tmp_path / "own")
    assert judge.name.endswith("+people40")
    constants = json.loads((tmp_path / "own" / "rules.json").read_text(encoding="utf-8"))
    assert constants["calibrated_on_ratings"] == {"no_insults": 40}
    before = json.loads((shipped / "rules.json").read_text(encoding="utf-8"))
    assert constants["rules"]["no_threats"] == before["rules"]["no_threats"]
    # The rated words are noted, so that a suite of them is refused for measuring.
    kept, was = (np.load(folder / "trained_on.npy") for folder in (tmp_path / "own", shipped))
    assert len(kept) >= len(was) + 40


def test_a_folder_that_holds_something_is_not_written_to(rated, tmp_path):
    (tmp_path / "kept.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="not empty"):
        calibrate_weights(rated, tmp_path)


def test_without_a_better_fit_nothing_is_written(rated, tmp_path):
    fits = calibrate_weights(rated[:10], tmp_path / "own")
    assert fits[0].fitted is None
    assert not (tmp_path / "own").exists()


def test_the_turns_of_a_session_are_those_that_people_decided(sessions):
    rows = [
        {"key": f"k{n}", "question": f"Q {n}?", "reply": f"R {n}.", "rule": "no_insults"} for n in range(3)
    ]
    new = NewSession(
        name="S", protocol="rule_rating", raters=("Ann",), overlap=1, checks=0.0, qualification=False
    )
    created = sessions.create(new, rows)
    said = {"k0": "surely_broken", "k1": "cannot_tell", "k2": "probably_kept"}
    while (task := sessions.task(created.raters[0].id)).shown is not None:
        case = sessions.store.item(created.session.id, task.shown.item).origin["case"]
        sessions.answer(
            created.raters[0].id,
            Answer(id=f"rating-{case}", item=task.shown.item, answers={"no_insults": said[case]}),
        )
    assert sorted(one.broken for one in read_turns(sessions.store, [created.session.id])) == [False, True]


def test_a_session_without_rated_rules_is_refused(sessions, study):
    created = study.create(2, checks=0.0, qualification=False)
    with pytest.raises(ConfigError, match="No rule was rated"):
        read_turns(sessions.store, [created.session.id])
