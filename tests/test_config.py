"""Settings: where they come from, and that the documentation names every one."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import ValidationError

from sparrow_lite.config import Settings, read_settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.options import FetchOptions, ModelOptions, SearchMode, SearchOptions, TurnOptions

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"
GROUPS = {"model": ModelOptions, "search": SearchOptions, "fetch": FetchOptions, "turn": TurnOptions}


def test_the_environment_beats_the_file_and_a_flag_beats_both(tmp_path, monkeypatch):
    file = tmp_path / "own.toml"
    file.write_text(
        'model_name = "from-file"\nsearch_name = "from-file"\n[turn]\ncandidates = 2\nmode = "never"\n'
    )
    monkeypatch.setenv("SPARROW_LITE_CONFIG", str(file))
    monkeypatch.setenv("SPARROW_LITE_SEARCH_NAME", "from-environment")
    monkeypatch.setenv("SPARROW_LITE_TURN__CANDIDATES", "4")
    settings = Settings(rule_judge="from-flag")
    assert (settings.model_name, settings.search_name, settings.rule_judge) == (
        "from-file",
        "from-environment",
        "from-flag",
    )
    assert settings.turn == TurnOptions(candidates=4, mode=SearchMode.NEVER)


def test_an_unknown_setting_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "own.toml"
    file.write_text("modle_name = 'x'\n")
    monkeypatch.setenv("SPARROW_LITE_CONFIG", str(file))
    with pytest.raises(ValidationError, match="modle_name"):
        Settings()


BOUNDED = {
    "MODEL__TEMPERATURE": ("-0.1", "2.1", "nan"),
    "MODEL__MAX_TOKENS": ("0", "10000000"),
    "MODEL__SEED": ("-1", "99999999999"),
    "MODEL__TIMEOUT_SECONDS": ("0", "inf", "nan"),
    "MODEL__RETRIES": ("-1", "1000"),
    "SEARCH__LIMIT": ("-3", "0", "100000"),
    "SEARCH__DEADLINE_SECONDS": ("0", "inf"),
    "SEARCH__PER_SECOND": ("0", "-1", "inf"),
    "SEARCH__ANSWERS_TTL_SECONDS": ("-1", "inf"),
    "SEARCH__FAILURES_TTL_SECONDS": ("-1", "inf"),
    "FETCH__PORTS": ("[0]", "[70000]", "[]"),
    "FETCH__REDIRECTS": ("-1", "1000"),
    "FETCH__TIMEOUT_SECONDS": ("0", "-8", "inf"),
    "FETCH__MAX_BYTES": ("0",),
    "FETCH__PAGES": ("-1", "10000"),
    "FETCH__PAGE_CHARS": ("0",),
    "TURN__CANDIDATES": ("-3", "0", "1000000"),
    "TURN__PASSAGES": ("0", "10000"),
    "TURN__PASSAGE_CHARS": ("0", "-900"),
    "TURN__SOFTEN_AT": ("-0.1", "1.5", "nan"),
    "PORT": ("-1", "65536"),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in BOUNDED.items() for value in values]
)
def test_a_number_out_of_its_bounds_is_refused_in_one_line_that_names_it(monkeypatch, name, value):
    monkeypatch.setenv(f"SPARROW_LITE_{name}", value)
    with pytest.raises(ConfigError) as error:
        read_settings()
    assert name.rpartition("__")[2].lower() in str(error.value)
    assert "\n" not in str(error.value)
    assert "Value error" not in str(error.value)


@pytest.mark.parametrize("group", GROUPS)
def test_every_number_of_a_group_has_bounds(group):
    numbers = {
        f"{group}__{field.name}".upper()
        for field in fields(GROUPS[group])
        if re.search(r"\b(?:int|float)\b", str(field.type))
    }
    assert numbers <= set(BOUNDED)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("SPARROW_LITE_MODLE_NAME", "SPARROW_LITE_MODEL_NAME"),
        ("SPARROW_LITE_TURN__CANDIDATE", "SPARROW_LITE_TURN__CANDIDATES"),
        ("SPARROW_LITE_TURN_MODE", "SPARROW_LITE_TURN__MODE"),
        ("sparrow_lite_prot", "SPARROW_LITE_PORT"),
        ("SPARROW_LITE_CONFGI", "SPARROW_LITE_CONFIG"),
        ("SPARROW_LITE_XYZZY", "SPARROW_LITE_"),
    ],
)
def test_a_misspelt_environment_name_is_refused_with_the_nearest_known_one(monkeypatch, name, nearest):
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError) as error:
        read_settings()
    told, hint = str(error.value).split(" is no setting: ")
    assert name in told
    assert nearest in hint


def test_a_group_that_is_set_like_a_name_is_told_from_the_name(monkeypatch):
    monkeypatch.setenv("SPARROW_LITE_MODEL", "foo")
    with pytest.raises(ConfigError, match="SPARROW_LITE_MODEL_NAME") as error:
        read_settings()
    assert "SPARROW_LITE_MODEL__BASE_URL" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_whole_group_may_be_json(monkeypatch):
    monkeypatch.setenv("SPARROW_LITE_TURN", '{"candidates": 3}')
    assert read_settings().turn.candidates == 3


def test_a_judge_that_asks_the_model_needs_one_that_can_judge():
    with pytest.raises(ConfigError, match="model that can judge"):
        read_settings(rule_judge="prompted").options()
    assert read_settings(rule_judge="prompted", model_name="hf:x").options().rule_judge == "prompted"


def test_a_secret_is_never_in_the_repr(monkeypatch):
    monkeypatch.setenv("SPARROW_LITE_AUTH", "ada:hunter2")
    assert "hunter2" not in repr(Settings())


def test_caches_and_indexes_lie_below_the_cache_folder(tmp_path):
    search = Settings(cache_dir=tmp_path).options().search
    assert search.cache_dir == tmp_path / "searches"
    assert search.index_dir == tmp_path / "indexes"


@pytest.mark.parametrize("group", ["", *GROUPS])
def test_the_page_of_settings_names_every_one(group):
    text = PAGE.read_text()
    section = text.split(f"## `[{group}]`")[1].split("\n## ")[0] if group else text.split("\n## ")[0]
    names = (
        [field.name for field in fields(GROUPS[group])] if group else set(Settings.model_fields) - set(GROUPS)
    )
    assert [name for name in names if f"`{name}`" not in section] == []
