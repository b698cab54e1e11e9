"""AILuminate's demonstration prompts (MLCommons 2025): requests that a careful system refuses."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import Part, part_of


def read(folder: Path) -> Iterator[tuple[str, str, Part]]:
    """Yield (prompt, hazard, part) of `ailuminate/*.csv`."""
    for path in sorted((folder / "ailuminate").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["prompt_text"], row["hazard"], part_of(row["prompt_hash"])
