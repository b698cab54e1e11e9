import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.values import Stage


def items(*rows, **settings):
    return tuple(open_protocol("probing", settings).items(rows, seed=0))


def test_without_rows_every_probed_rule_is_given_with_tips():
    found = items()
    assert len({item.body["rules"][0]["id"] for item in found}) == 18
    assert all(len(item.body["tips"]) >= 5 and item.body["talk"]["most_turns"] == 10 for item in found)


def test_the_rules_of_a_run_are_given_once_each():
    found = items({"rule": "no_body"}, {"rule": "no_body"}, {"rule": "no_threats"}, {"rule": None})
    assert [item.origin["rule"] for item in found] == ["no_body", "no_threats"]


def test_several_dialogues_a_rule_are_several_items():
    found = items(rules=["no_body"], dialogues=3)
    assert len({item.id for item in found}) == 3


def test_a_finished_dialogue_with_gold_is_a_check():
    row = {"question": "Cold?", "reply": "My toes are.", "gold": {"no_body": "surely_broken"}}
    found = items(row, rules=["no_threats"])
    assert [item.stage for item in found] == [Stage.CHECK, Stage.WORK]


@pytest.mark.parametrize("settings", [{"dialogues": 0}, {"most_turns": "ten"}, {"rules": ["nothing"]}])
def test_settings_that_cannot_be_used_are_refused(settings):
    with pytest.raises(ConfigError):
        open_protocol("probing", settings)
