"""FEVER (Thorne et al. 2018): claims of Wikipedia, with their evidence, as pairs for inference."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import SupportPair, part_of

_BRACKETS = {"-LSB-": "[", "-RSB-": "]", "-LRB-": "(", "-RRB-": ")", "``": '"', "''": '"', "--": "–"}
_SPACE_BEFORE = re.compile(r"\s+([.,;:!?)\]%]|'s\b|n't\b)")
_SPACE_AFTER = re.compile(r"([(\[$])\s+")


def read(folder: Path) -> Iterator[SupportPair]:
    """Yield the pairs of `fever-nli/pairs.jsonl`, where there is one."""
    path = folder / "fever-nli" / "pairs.jsonl"
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield SupportPair(
                claim=row["claim"],
                passage=untokenized(row["evidence"]),
                supported=row["label"] == "entailment",
                source="fever",
                part=part_of(row["evidence"], held_out=15),
            )


def untokenized(text: str) -> str:
    """Return text of a treebank's tokens as it is written: `( 1997 )` becomes `(1997)`."""
    for token, written in _BRACKETS.items():
        text = text.replace(token, written)
    return _SPACE_AFTER.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
