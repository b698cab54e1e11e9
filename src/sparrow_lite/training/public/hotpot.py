"""HotpotQA (Yang et al. 2018): paragraphs of Wikipedia, and questions that join two of them."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.language import sentences, stems
from sparrow_lite.training.examples import Part, Question, part_of

_PASSAGE_SENTENCES = 5


def read(folder: Path) -> Iterator[tuple[str, Part]]:
    """Yield passages of five sentences of `hotpot/*.csv`, each once, with their part."""
    seen: set[str] = set()
    for row in _rows(folder):
        for passage in _passages(row["context"]):
            if passage not in seen:
                seen.add(passage)
                yield passage, _part(row)


def read_questions(folder: Path) -> Iterator[Question]:
    """Yield the questions whose answer stands in a passage, beside the passage most like the question."""
    for row in _rows(folder):
        answer, wanted = row["answer"], set(stems(row["question"]))
        holding = [one for one in _passages(row["context"]) if answer in one]
        if len(answer) < 3 or not holding:
            continue
        passage = max(holding, key=lambda one: len(wanted & set(stems(one))))
        yield Question(
            id=row["id"],
            question=row["question"],
            passage=passage,
            answers=((passage.find(answer), answer),),
            mistaken=(),
            title="",
            part=_part(row),
        )


def _part(row: dict[str, str]) -> Part:
    return part_of(row["id"], held_out=5, calibrate=5)


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    for path in sorted((folder / "hotpot").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _passages(context: str) -> Iterator[str]:
    spans = sentences(context)
    for at in range(0, len(spans) - 2, _PASSAGE_SENTENCES):
        yield " ".join(span.text for span in spans[at : at + _PASSAGE_SENTENCES])
