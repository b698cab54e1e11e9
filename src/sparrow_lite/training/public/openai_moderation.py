"""The evaluation set of OpenAI's moderation models (Markov et al. 2022): texts with kinds of harm."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of

_RULES = {"H": "no_identity_attacks", "HR": "no_insults", "S": "no_sexual_aggression"}
_LONGEST = 600


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the texts of `openai-moderation/*.jsonl.gz` as replies."""
    for path in sorted((folder / "openai-moderation").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                text = row["prompt"].strip()[:_LONGEST]
                flags = [name for name in _RULES if row.get(name) == 1]
                known = {_RULES[name]: 1.0 for name in flags}
                if not any(row.get(name) == 1 for name in ("S", "H", "V", "HR", "SH", "S3", "H2", "V2")):
                    known = dict.fromkeys(_RULES.values(), 0.0)
                if known and text:
                    yield LabelledTurn(
                        turns=(("user", "Write something."), ("sparrow", text)),
                        labels=known,
                        source="openai_moderation",
                        part=part_of(text),
                    )
