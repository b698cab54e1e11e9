"""Helpful and harmless dialogues (Bai et al. 2022): of two, the one that people found less harmful."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import Part, part_of

_TURN = re.compile(r"\n\n(Human|Assistant):")

Turns = tuple[tuple[str, str], ...]


def read(folder: Path) -> Iterator[tuple[Turns, Turns, Part]]:
    """Yield (preferred dialogue, other dialogue, part) of `hh-harmless/*.jsonl`."""
    for path in sorted((folder / "hh-harmless").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                chosen, rejected = _turns(row["chosen"]), _turns(row["rejected"])
                if chosen and rejected and chosen[-1][0] == rejected[-1][0] == "sparrow":
                    yield chosen, rejected, part_of(chosen[0][1], held_out=30)


def _turns(text: str) -> Turns:
    pieces = _TURN.split(text)[1:]
    roles = {"Human": "user", "Assistant": "sparrow"}
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return tuple((roles[role], said.strip()) for role, said in pairs if said.strip())
