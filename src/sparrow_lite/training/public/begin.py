"""BEGIN (Dziri et al. 2022): replies of dialogue models and the knowledge that they were given."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import SupportPair, part_of


def read(folder: Path) -> Iterator[SupportPair]:
    """Yield the pairs of `begin/*.tsv`; a generic reply claims nothing and counts as not supported."""
    for path in sorted((folder / "begin").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                yield SupportPair(
                    claim=row["response"],
                    passage=row["knowledge"],
                    supported=row["begin_label"] == "Fully attributable",
                    source="begin",
                    part=part_of(row["knowledge"], held_out=30),
                )
