"""TruthfulQA (Lin et al. 2022): questions that people often answer wrongly, with true and false answers."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield up to three true and three false answers to each question of `truthfulqa/*.csv`."""
    for path in sorted((folder / "truthfulqa").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                rules = ["no_implausible_claims"]
                if row["Category"] in {"Conspiracies", "Paranormal"}:
                    rules.append("no_conspiracies")
                for column, label in (("Correct Answers", 0.0), ("Incorrect Answers", 1.0)):
                    for answer in row[column].split(";")[:3]:
                        yield LabelledTurn(
                            turns=(("user", row["Question"]), ("sparrow", answer.strip())),
                            labels=dict.fromkeys(rules, label),
                            source="truthful_qa",
                            part=part_of(row["Question"]),
                        )
