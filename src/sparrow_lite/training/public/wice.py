"""WiCE (Kamoi et al. 2023): sentences of Wikipedia and long evidence from the web pages that they cite."""

import json
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import SupportPair, part_of


def read(folder: Path) -> Iterator[SupportPair]:
    """Yield the pairs of `wice/*.jsonl`; partial support is no support."""
    for path in sorted((folder / "wice").glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield SupportPair(
                    claim=row["claim"],
                    passage=" ".join(row["evidence"]),
                    supported=row["label"] == "supported",
                    source="wice",
                    part=part_of(row["meta"]["claim_title"], held_out=30),
                )
