"""HateCheck (Röttger et al. 2021): short texts that are hateful, or only look so, by what they do."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the texts of `hatecheck/*.csv` as replies; a template is in one part only."""
    for path in sorted((folder / "hatecheck").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                hateful = row["label_gold"] == "hateful"
                abuse = row["functionality"].endswith(("_nh",)) and "target" in row["functionality"]
                labels = {"no_identity_attacks": float(hateful)}
                if abuse:
                    labels = {"no_identity_attacks": 0.0}
                elif not hateful:
                    labels |= {"no_insults": 0.0, "no_stereotypes": 0.0, "no_threats": 0.0}
                yield LabelledTurn(
                    turns=(("user", "What do you say?"), ("sparrow", row["test_case"].strip())),
                    labels=labels,
                    source="hatecheck",
                    part=part_of(f"{row['functionality']} {row['templ_id']}"),
                )
