from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms import read_arm
from sparrow_lite.harness.arms.spec import ArmSpec, Price, ladder_arm
from sparrow_lite.options import ModelOptions, Options, SearchMode

BASE = ArmSpec(name="base", search="starter", options=Options(model=ModelOptions(seed=7)), rate=9.0)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], ArmSpec]:
    def make(text: str) -> ArmSpec:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return read_arm(str(path), BASE)

    return make


def test_an_empty_file_is_the_full_arm_under_the_files_name(read: Callable[[str], ArmSpec]) -> None:
    assert read("") == replace(ladder_arm("full", BASE), name="mine")


def test_every_key_changes_its_part_and_the_rest_is_the_ladders(
    read: Callable[[str], ArmSpec], tmp_path: Path
) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "script.jsonl").touch()
    arm = read("""
        name = "two"
        extends = "rerank"
        model = "scripted:script.jsonl"
        search = "corpus:elsewhere"
        rule_judge = "lexical"
        prompts_dir = "words"
        rate = 5
        in_flight = 3
        [turn]
        candidates = 2
        mode = "always"
        [model_options]
        temperature = 0
        [search_options]
        cache_dir = "cache"
        [price]
        input = 0.25
        output = 2.0
    """)
    options = arm.options
    assert (arm.name, arm.model) == ("two", f"scripted:{tmp_path / 'script.jsonl'}")
    assert arm.search == "corpus:elsewhere"  # nothing of that name lies beside the file
    assert (arm.rate, arm.in_flight, arm.price) == (5.0, 3, Price(input=0.25, output=2.0))
    assert (options.turn.candidates, options.turn.mode, options.turn.revise) == (2, SearchMode.ALWAYS, False)
    assert (options.model.temperature, options.model.seed) == (0.0, 7)
    assert options.search.cache_dir == tmp_path / "cache"
    assert (options.rule_judge, options.prompts_dir) == ("lexical", tmp_path / "words")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('modle = "embedded"', "no key 'modle': the nearest is 'model'"),
        ("zebra = 1", "no key 'zebra': known are name, extends"),
        ("[turn]\ncandidate = 2", r"\[turn\]: there is no key 'candidate': the nearest is 'candidates'"),
        ("[price]\nimput = 2", r"\[price\]: there is no key 'imput': the nearest is 'input'"),
        ("[model_options]\nsede = 2", r"\[model_options\].*the nearest is 'seed'"),
        ('[turn]\ncandidates = "2"', "candidates: Input should be a valid integer"),
        ("[turn]\ncandidates = true", "candidates: Input should be a valid integer"),
        ("[turn]\ncandidates = 100", "at most 64"),
        ('[turn]\nmode = "sometimes"', "mode: Input should be 'auto', 'always' or 'never'"),
        ("[search_options]\nlimit = 2026-01-01", "limit: Input should be a valid integer"),
        ("turn = 3", "turn: Input should be a valid dictionary"),
        ("price = 3", "price: Input should be"),
        ("[price]\ninput = -1", "price.input: Input should be greater"),
        ("rate = 0", "rate: Input should be greater"),
        ("rate = inf", "rate: Input should be a finite"),
        ("in_flight = 0", "in_flight: Input should be greater"),
        ('name = ""', "name: String should have"),
        ('extends = "fuller"', "no arm 'fuller': the ladder is"),
        ('prompts_dir = "nowhere"', "nowhere is not a folder"),
        ('rule_judge = "prompted"', "needs a model that can judge"),
        ("= 3", "cannot be read as an arm"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_file(
    read: Callable[[str], ArmSpec], text: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read(text)
    if "extends" not in text:
        assert "mine.toml" in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as an arm"):
        read_arm(str(tmp_path / "none.toml"), BASE)


def test_what_costs_and_hurries_does_not_change_the_fingerprint(read: Callable[[str], ArmSpec]) -> None:
    plain, hurried = read(""), read("rate = 2\nin_flight = 8\n[price]\ninput = 1")
    assert plain.fingerprint == hurried.fingerprint
    assert plain.fingerprint != read("[turn]\ncandidates = 3").fingerprint


def test_processes_share_a_rate_and_the_number_in_flight() -> None:
    shared = replace(BASE, rate=6.0, in_flight=10).shared_among(4)
    assert (shared.rate, shared.in_flight) == (1.5, 2)
    assert replace(BASE, rate=None, in_flight=2).shared_among(4).in_flight == 1
