"""Labelled turns of one's own: `turns/*.jsonl`, `wordings/*.txt` and `replies.yaml` in a data folder.

A line of `turns/*.jsonl` is {"rule", "kind": "keeps" | "breaks" | "near_miss", "topic", "turns": [{"role",
"text"}], "evidence"?: [quotes], "rule_text"?}; with `rule_text` the rule need not be one of the shipped ones.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sparrow_lite.errors import ConfigError
from sparrow_lite.training.examples import LabelledTurn, Part

_HELD_OUT_TOPICS = frozenset({"space", "sports", "gardening", "religion", "cars"})
_CALIBRATION_TOPICS = frozenset({"books", "weather", "news"})


def read_turns(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the turns of `turns/*.jsonl`; some topics are held out whole.

    Raises:
        ConfigError: When a line is malformed; it names the file and the line.
    """
    for path in sorted((folder / "turns").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield _turn(json.loads(line))
                except (KeyError, TypeError, ValueError) as error:
                    raise ConfigError(f"{path.name}, line {number}: {error!r} is amiss.") from error


def _turn(row: dict[str, Any]) -> LabelledTurn:
    broken = {"keeps": 0.0, "near_miss": 0.0, "breaks": 1.0}[row["kind"]]
    turns = [(one["role"], one["text"]) for one in row["turns"]]
    quoted = [("evidence", text) for text in row.get("evidence", [])]
    return LabelledTurn(
        turns=(*turns[:-1], *quoted, turns[-1]),
        labels={row["rule"]: broken},
        source="own" if row["kind"] != "near_miss" else "own_near_miss",
        part=_part(row["topic"]),
        rule_texts=((row["rule"], row["rule_text"]),) if "rule_text" in row else (),
    )


def _part(topic: str) -> Part:
    if topic in _HELD_OUT_TOPICS:
        return Part.HELD_OUT
    return Part.CALIBRATE if topic in _CALIBRATION_TOPICS else Part.TRAIN


def read_wordings(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return other wordings of rules, by rule."""
    return {
        path.stem: tuple(path.read_text(encoding="utf-8").split("\n")[:-1])
        for path in sorted((folder / "wordings").glob("*.txt"))
    }


def read_replies(folder: Path) -> dict[str, list[str]]:
    """Return the lists of replies of `replies.yaml`, by what they are; empty where there is none."""
    path = folder / "replies.yaml"
    if not path.is_file():
        return {}
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
