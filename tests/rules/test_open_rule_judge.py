from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import sparrow_lite.rules
from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.rules import open_rule_judge
from sparrow_lite.rules.base import RuleJudge
from sparrow_lite.rules.lexical import LexicalRuleJudge

MODEL = ScriptedModel({})


@pytest.mark.parametrize(("name", "shown"), [("lexical", "lexical"), ("prompted", "prompted:scripted")])
def test_a_judge_opens_by_name(name: str, shown: str) -> None:
    assert open_rule_judge(name, model=MODEL, own_dir=None).name == shown


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match="no judge of rules 'oracle': choose one of lexical, none, prompted"
    ):
        open_rule_judge("oracle", model=MODEL)


def open_plugged_in(model: DialogueModel, own_dir: Path | None) -> RuleJudge:
    assert model is MODEL
    return LexicalRuleJudge.open(own_dir=own_dir)


def test_another_package_adds_a_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="oracle", group="sparrow_lite.rule_judges", value="x:y")
    monkeypatch.setattr(EntryPoint, "load", lambda _self: open_plugged_in)
    monkeypatch.setattr(sparrow_lite.rules, "entry_points", lambda **_selection: [entry])
    assert open_rule_judge("oracle", model=MODEL).name == "lexical"
    with pytest.raises(ConfigError, match="lexical, none, oracle, prompted"):
        open_rule_judge("sphinx", model=MODEL)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("version: 1\nwords: {}\nphrases: {shouts: ['!']}\n", "phrases: 'shouts' is not one of"),
        ("version: 1\nwords: {}\nphrases: {}\n", "phrases: 'agrees' is missing"),
        ("version: 1\nwords: {group: ['(']}\nphrases: {}\n", "lexicon.yaml line 2, words: field 'group'"),
    ],
)
def test_a_lexicon_with_faults_opens_no_judge(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "lexicon.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError) as caught:
        open_rule_judge("lexical", model=MODEL, own_dir=tmp_path)
    assert fault in str(caught.value)
