"""SimpleQA (Wei et al. 2024): `simple_qa_test_set.csv`, with columns metadata, problem, answer.

The revised SimpleQA Verified has the last two as well. `metadata` holds a Python dictionary with the topic
and the type of answer. The authors' grader is a model and is not used: see `published/accepted.py`.
Licence: MIT. Source: https://github.com/openai/simple-evals
"""

import ast
from pathlib import Path
from typing import Any

from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.public.assemble import asked, assemble, ids_of, labelled
from sparrow_lite.harness.suites.public.table import Row, read_rows


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {"problem": ("problem",), "answer": ("answer",)}
    optional = {"metadata": ("metadata",), "topic": ("topic",), "answer_type": ("answer_type",)}
    rows = list(read_rows(path, needed, optional))
    ids = ids_of([row.required("problem") for row in rows])
    probes = [_probe(row, name) for name, row in zip(ids, rows, strict=True)]
    return assemble("simpleqa", probes, path, "SimpleQA: short questions with one right answer.", "accepted")


def _probe(row: Row, name: str) -> Probe:
    about = _metadata(row)
    return Probe(
        id=name,
        suite="simpleqa",
        kind=ProbeKind.QUESTION,
        turns=asked(row.text("problem")),
        answers=(row.required("answer"),),
        labels=labelled(
            scorer="accepted",
            topic=row.text("topic") or str(about.get("topic", "")),
            answer_type=row.text("answer_type") or str(about.get("answer_type", "")),
        ),
    )


def _metadata(row: Row) -> dict[str, Any]:
    """What the cell says of the question; nothing where it cannot be read, since no score needs it."""
    cell = row.cells.get("metadata")
    if isinstance(cell, dict):
        return cell
    try:
        held = ast.literal_eval(row.text("metadata") or "{}")
    except (ValueError, SyntaxError):
        return {}
    return held if isinstance(held, dict) else {}
