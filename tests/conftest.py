"""What many tests share: an agent of known parts, without network and without the user's own settings."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sparrow_lite.agent import Sparrow
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import Options, SearchMode, TurnOptions
from sparrow_lite.turn.parts import Parts, open_parts


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings, caches and keys of the machine out of the tests."""
    import os

    for name in list(os.environ):
        if name.startswith(("SPARROW_LITE_", "OPENAI_", "ANTHROPIC_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SPARROW_LITE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SPARROW_LITE_DATA_DIR", str(tmp_path / "data"))
    config = tmp_path / "empty.toml"
    config.touch()
    monkeypatch.setenv("SPARROW_LITE_CONFIG", str(config))


@pytest.fixture
def write_replay(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a replay file: `write_replay({"query": [(url, title, text), ...]})`."""

    def write(searches: dict[str, list[tuple[str, str, str]]]) -> Path:
        path = tmp_path / "replay.jsonl"
        lines = [
            {
                "query": query,
                "searched_at": "2026-01-02T03:04:05+00:00",
                "results": [
                    {"url": url, "title": title, "snippet": None, "text": text}
                    for url, title, text in results
                ],
            }
            for query, results in searches.items()
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return write


@pytest.fixture
def open_scripted_sparrow() -> Callable[..., tuple[Sparrow, ScriptedModel, Parts]]:
    """A function that opens an agent on a scripted model: `open(replies, search="none", **parts)`."""

    def open_one(
        replies: object, *, search: str = "none", mode: str = "auto", candidates: int = 1, **changes: object
    ) -> tuple[Sparrow, ScriptedModel, Parts]:
        options = Options(turn=TurnOptions(mode=SearchMode(mode), candidates=candidates))
        model = ScriptedModel(replies, cycled=True)
        parts = open_parts(model="embedded", search=search, options=options)
        parts = dataclasses.replace(parts, model=model, **changes)
        return Sparrow(parts), model, parts

    return open_one
