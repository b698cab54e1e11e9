"""Where the rows of a rating session come from: a run's folder, or a file of JSON lines."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError

_MOST_LINE_CHARS = 4_000_000


def read_rows(path: Path, judge: str | None = None) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a run, each with `run`, the folder, or those of a file, in its order.

    Args:
        path: A run's folder, or a file of JSON lines.
        judge: Whose verdicts the rows of a run hold; None for the run's first judges.

    Raises:
        ConfigError: When there is no such folder or file, a line is not a JSON object, or the judges have not
            judged the run.
        StoreError: When the run's files are not whole.
    """
    if path.is_dir():
        from sparrow_lite.harness.interop.export import rows
        from sparrow_lite.harness.results import Run

        for row in rows(Run.open(path), judge):
            yield {**row, "run": str(path.resolve())}
    else:
        yield from _lines(path)


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    row = _row(path, number, line)
                    if set(row) != {"canary"}:
                        yield row
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}. Give a run's folder or JSON lines.") from error


def _row(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        if len(line) > _MOST_LINE_CHARS:
            raise ValueError("it is longer than 4,000,000 characters")
        row = json.loads(line)
    except ValueError as error:
        raise ConfigError(f"{path}, line {number} is not JSON: {error}.") from error
    if not isinstance(row, Mapping):
        raise ConfigError(f"{path}, line {number} is not a JSON object.")
    return row
