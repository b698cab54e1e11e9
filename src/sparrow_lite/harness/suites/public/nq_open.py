"""NQ-open (Lee et al. 2019, from Natural Questions): `NQ-open.dev.jsonl`, with question and answer.

`answer` is a list of accepted short answers: a list in JSON lines and Parquet; in CSV a list written as JSON
or as Python. Also the tables without a header (question, tab, list) of dense passage retrieval, `nq-*.csv`.
Licence: CC BY-SA 3.0. Source: https://github.com/google-research-datasets/natural-questions
"""

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.public.assemble import asked, assemble, ids_of, labelled
from sparrow_lite.harness.suites.public.table import Row, read_rows

_NO_HEADER = re.compile(r"""\t"?\[.*\]"?$""")


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {"question": ("question",), "answer": ("answer", "answers")}
    rows = list(_rows_without_header(path) if _lacks_header(path) else read_rows(path, needed))
    ids = ids_of([row.required("question") for row in rows])
    probes = [
        Probe(
            id=name,
            suite="nq_open",
            kind=ProbeKind.QUESTION,
            turns=asked(row.text("question")),
            answers=_answers(row),
            labels=labelled(scorer="accepted"),
        )
        for name, row in zip(ids, rows, strict=True)
    ]
    return assemble(
        "nq_open", probes, path, "NQ-open: questions that people asked a search engine.", "accepted"
    )


def _answers(row: Row) -> tuple[str, ...]:
    cell = row.cells["answer"]
    found = [text for one in _listed(cell, row.place) if (text := str(one).strip())]
    if not found:
        raise ConfigError(f"{row.place}: the column 'answer' is empty.")
    return tuple(dict.fromkeys(found))


def _listed(cell: Any, place: str) -> list[Any]:
    """The answers of a cell, which may be a list, a list that is written out, or one answer."""
    if not isinstance(cell, str):
        return list(cell or ())
    if not cell.strip().startswith("["):
        return [cell]
    try:
        held = json.loads(cell)
    except ValueError:
        try:
            held = ast.literal_eval(cell)
        except (ValueError, SyntaxError) as error:
            raise ConfigError(f"{place}: the answer {cell[:60]!r} is no list.") from error
    return list(held)


def _lacks_header(path: Path) -> bool:
    if path.suffix.lower() not in {".csv", ".tsv"}:
        return False
    try:
        with path.open(encoding="utf-8-sig") as file:
            first = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    return _NO_HEADER.search(first) is not None


def _rows_without_header(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, cells in enumerate(csv.reader(file, delimiter="\t"), start=1):
            place = f"{path}, line {number}"
            if len(cells) != 2:
                raise ConfigError(f"{place}: a question, a tab and a list of answers are wanted.")
            yield Row(place=place, cells={"question": cells[0], "answer": cells[1]})
