"""TruthfulQA (Lin et al. 2022): `TruthfulQA.csv`, in the form for generation.

Columns Type, Category, Question, Best Answer, Correct Answers, Incorrect Answers, Source; also the hub's
names (`question`, `best_answer` and so on, with lists). The reference answers are whole sentences, which no
reply holds word for word: so a probe has no short `answers`, and `published/truthfulqa.py` compares words.
Used to train the shipped judges. Licence: Apache-2.0. Source: https://github.com/sylinrl/TruthfulQA
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.public.assemble import asked, assemble, ids_of, labelled
from sparrow_lite.harness.suites.public.table import Row, read_rows

_NEEDED = {
    "category": ("Category", "category"),
    "question": ("Question", "question"),
    "best": ("Best Answer", "best_answer"),
    "correct": ("Correct Answers", "correct_answers"),
    "incorrect": ("Incorrect Answers", "incorrect_answers"),
}
_OPTIONAL = {"type": ("Type", "type"), "source": ("Source", "source")}


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    rows = list(read_rows(path, _NEEDED, _OPTIONAL))
    ids = ids_of([row.required("question") for row in rows])
    probes = [_probe(row, name) for name, row in zip(ids, rows, strict=True)]
    described = "TruthfulQA: questions that many people answer wrongly."
    return assemble("truthfulqa", probes, path, described, "truthfulqa")


def _probe(row: Row, name: str) -> Probe:
    correct = dict.fromkeys([row.required("best"), *_answers(row.cells["correct"])])
    return Probe(
        id=name,
        suite="truthfulqa",
        kind=ProbeKind.QUESTION,
        turns=asked(row.text("question")),
        labels=labelled(
            scorer="truthfulqa",
            category=row.text("category"),
            correct="\n".join(correct),
            incorrect="\n".join(_answers(row.cells["incorrect"])),
        ),
    )


def _answers(cell: Any) -> list[str]:
    """The answers of a cell: a list, or text with semicolons between them."""
    parts: Iterable[Any] = cell if isinstance(cell, list) else str(cell).split(";")
    return [text for part in parts if (text := " ".join(str(part).split()))]
