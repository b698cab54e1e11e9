"""Settings: where they come from, and that the documentation names every one."""

from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import ValidationError

from sparrow_lite.config import Settings
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


@pytest.mark.parametrize("name", ["TURN__CANDIDATES", "SEARCH__LIMIT"])
def test_a_number_below_one_is_refused(monkeypatch, name):
    monkeypatch.setenv(f"SPARROW_LITE_{name}", "-3")
    with pytest.raises(ValidationError, match="at least 1"):
        Settings()


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
