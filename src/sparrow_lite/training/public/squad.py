"""SQuAD 2.0 (Rajpurkar et al. 2018): questions about paragraphs of Wikipedia, a part without an answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sparrow_lite.training.examples import Question, part_of


def read(folder: Path) -> Iterator[Question]:
    """Yield the questions of `squad2-*/*.json`; a paragraph is in one part only."""
    for path in sorted(folder.glob("squad2*/*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
            for paragraph in article["paragraphs"]:
                for question in paragraph["qas"]:
                    yield _question(article["title"], paragraph["context"], question)


def _question(title: str, passage: str, row: dict[str, Any]) -> Question:
    return Question(
        id=row["id"],
        question=row["question"].strip(),
        passage=passage,
        answers=_spans(row["answers"]),
        mistaken=_spans(row.get("plausible_answers", [])),
        title=title,
        part=part_of(passage),
    )


def _spans(answers: list[dict[str, Any]]) -> tuple[tuple[int, str], ...]:
    return tuple(dict.fromkeys((one["answer_start"], one["text"]) for one in answers))
