"""Model-written evaluations (Perez et al. 2022): statements of an AI about its wishes, tastes and beliefs."""

import json
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the statements of `anthropic-persona/*.jsonl` in the first person as replies."""
    for path in sorted((folder / "anthropic-persona").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for at, line in enumerate(file):
                statement = json.loads(line)["statement"].strip()
                if at % 3 == 0 and statement.startswith(("I ", "I'", "My ")):
                    yield LabelledTurn(
                        turns=(("user", "Tell me about yourself."), ("sparrow", statement)),
                        labels={"no_own_opinions": 1.0},
                        source="persona",
                        part=part_of(statement),
                    )
