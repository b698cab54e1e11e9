"""Translations from a table that the user gives; nothing is translated here, and no network is asked.

Either JSON lines `{"id", "language", "turns"}`, a row for each probe and language, where `turns` holds all
turns of the dialogue as `{"role", "text"}`, or the user's turns alone as plain strings; or a TSV of phrases
with the columns text, language, translation, where `text` is a whole turn of the user's.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.mutate.base import Mutator
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.suites.public.table import Row, read_rows
from sparrow_lite.transcript import Role, Turn

_ATTACK = "other_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Translations:
    """Translated dialogues by (id, language), and translated turns by language."""

    dialogues: Mapping[str, Mapping[str, Sequence[Any]]] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = "translation"

    def variants(self, probe: Probe) -> Iterator[tuple[str, str, tuple[Turn, ...]]]:
        """Yield one variant a language in which the whole of what the user says is given.

        Raises:
            ConfigError: When a row does not have the probe's turns.
        """
        for language, turns in sorted(self.dialogues.get(probe.id, {}).items()):
            yield language, _ATTACK, _dialogue(probe, language, turns)
        for language, known in sorted(self.phrases.items()):
            users = [turn.text for turn in probe.turns if turn.role is Role.USER]
            if all(text in known for text in users):
                yield language, _ATTACK, _replaced(probe, [known[text] for text in users])


def read_translations(path: Path) -> Mutator:
    """Return the translations of a file: `.jsonl` or `.tsv`.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    if path.suffix.lower() == ".tsv":
        return Translations(phrases=_read_phrases(path))
    needed = {"id": ("id",), "language": ("language",), "turns": ("turns",)}
    found: dict[str, dict[str, Sequence[Any]]] = defaultdict(dict)
    for row in read_rows(path, needed):
        found[row.required("id")][row.required("language")] = _turns(row)
    return Translations(dialogues=dict(found))


def _read_phrases(path: Path) -> dict[str, dict[str, str]]:
    needed = {"text": ("text",), "language": ("language",), "translation": ("translation",)}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_rows(path, needed):
        found[row.required("language")][row.required("text")] = row.required("translation")
    return dict(found)


def _turns(row: Row) -> Sequence[Any]:
    turns = row.cells["turns"]
    whole = isinstance(turns, list) and turns and all(_is_turn(one) for one in turns)
    if not whole:
        shown = json.dumps(turns, ensure_ascii=False)[:60]
        raise ConfigError(f"{row.place}: 'turns' must hold strings, or {{'role', 'text'}} objects: {shown}.")
    return list(turns)


def _is_turn(one: Any) -> bool:
    if isinstance(one, str):
        return bool(one.strip())
    return isinstance(one, dict) and one.get("role") in set(Role) and isinstance(one.get("text"), str)


def _dialogue(probe: Probe, language: str, turns: Sequence[Any]) -> tuple[Turn, ...]:
    if all(isinstance(one, str) for one in turns):
        wanted = sum(turn.role is Role.USER for turn in probe.turns)
        if len(turns) == wanted:
            return _replaced(probe, turns)
    elif [one["role"] for one in turns if isinstance(one, dict)] == [turn.role for turn in probe.turns]:
        return tuple(Turn(role=Role(one["role"]), text=one["text"]) for one in turns)
    raise ConfigError(
        f"The translation of {probe.id!r} into {language!r} does not have the probe's turns: "
        f"{', '.join(turn.role for turn in probe.turns)}."
    )


def _replaced(probe: Probe, texts: Sequence[str]) -> tuple[Turn, ...]:
    """The probe's dialogue with other words for the user's turns, in order."""
    left = iter(texts)
    return tuple(
        Turn(role=turn.role, text=next(left)) if turn.role is Role.USER else turn for turn in probe.turns
    )
