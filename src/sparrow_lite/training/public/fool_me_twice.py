"""FoolMeTwice (Eisenschlos et al. 2021): claims written in a game to be hard to tell true from false."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sparrow_lite.training.examples import Part, SupportPair, part_of


def read(folder: Path) -> Iterator[SupportPair]:
    """Yield the claims of `fool-me-twice/*.jsonl` with their gold evidence.

    For training, each claim is also given with the other sentences that were retrieved from its page, which
    do not support it.
    """
    for path in sorted((folder / "fool-me-twice").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield from _pairs(json.loads(line))


def _pairs(row: dict[str, Any]) -> Iterator[SupportPair]:
    part = part_of(row["wikipedia_page"], held_out=30)
    gold = [one["text"] for one in row["gold_evidence"]]
    yield SupportPair(
        claim=row["text"],
        passage=" ".join(gold),
        supported=row["label"] == "SUPPORTS",
        source="fool_me_twice",
        part=part,
    )
    others = [one["text"] for one in row["retrieved_evidence"] if one["text"] not in gold]
    if part is Part.TRAIN and others and row["label"] == "SUPPORTS":
        yield SupportPair(
            claim=row["text"], passage=" ".join(others), supported=False, source="same_page", part=part
        )
    if part is Part.TRAIN and others:
        yield SupportPair(
            claim=row["text"],
            passage=" ".join([others[0], *gold, *others[1:3]]),
            supported=row["label"] == "SUPPORTS",
            source="fool_me_twice",
            part=part,
        )
