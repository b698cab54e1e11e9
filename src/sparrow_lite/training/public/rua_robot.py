"""R-U-A-Robot (Gros et al. 2021): ways to ask whether one talks to a machine, and talk that does not ask."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import Part


def read(folder: Path) -> Iterator[tuple[str, bool, Part]]:
    """Yield (user's turn, whether it asks, part) of `r-u-a-robot/{pos,neg}.{train,val}.csv`."""
    for kind in ("pos", "neg"):
        for split, part in (("train", Part.TRAIN), ("val", Part.HELD_OUT)):
            path = folder / "r-u-a-robot" / f"{kind}.{split}.csv"
            if path.is_file():
                with path.open(encoding="utf-8", newline="") as file:
                    for row in csv.DictReader(file):
                        yield row["text"], kind == "pos", part
