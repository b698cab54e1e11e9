"""Rows of a table file, by the names of its columns: CSV, TSV, JSON, JSON lines or Parquet, by its ending.

Owns reading and checking; what the columns mean is each suite's own.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError

Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        place: Where it stands, for messages: `FILE, line N`.
        cells: Values by the names that the reader asked for.
    """

    place: str
    cells: Mapping[str, Any]

    def text(self, name: str) -> str:
        """Return a cell's text; empty when an optional column is missing or the cell holds nothing."""
        value = self.cells.get(name)
        return "" if value is None else str(value).strip()

    def required(self, name: str) -> str:
        """Return a cell's text.

        Raises:
            ConfigError: When it is empty.
        """
        value = self.text(name)
        if not value:
            raise ConfigError(f"{self.place}: the column {name!r} is empty.")
        return value


def read_rows(path: Path, needed: Columns, optional: Columns | None = None) -> Iterator[Row]:
    """Yield the rows of a file, in order.

    Args:
        path: A `.csv`, `.tsv`, `.json` (a list), `.jsonl` or `.parquet` file.
        needed: By our names, the names under which a column that must be there is published.
        optional: Likewise, for columns that may be missing.

    Raises:
        ConfigError: With the file, the missing column and the columns found; for a row that is not whole; for
            a file without rows, or that cannot be read.
    """
    count = 0
    for place, raw in _raw_rows(path):
        cells = {name: raw[_found(known, raw, place)] for name, known in needed.items()}
        for name, known in (optional or {}).items():
            cells[name] = next((raw[one] for one in known if one in raw), None)
        count += 1
        yield Row(place=place, cells=cells)
    if not count:
        raise ConfigError(f"{path} holds no rows.")


def _found(known: Sequence[str], raw: Mapping[str, Any], place: str) -> str:
    for one in known:
        if one in raw:
            return one
    also = f" (or {', '.join(map(repr, known[1:]))})" if known[1:] else ""
    columns = ", ".join(raw) or "none"
    raise ConfigError(f"{place}: the column {known[0]!r}{also} is missing. Columns found: {columns}.")


def _raw_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = {".tsv": _tsv, ".csv": _csv, ".json": _json, ".jsonl": _jsonl, ".parquet": _parquet}.get(
        path.suffix.lower()
    )
    if reader is None:
        raise ConfigError(f"{path}: its name must end with .csv, .tsv, .json, .jsonl or .parquet.")
    try:
        yield from reader(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error


def _csv(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return _separated(path, delimiter=",", quoting=csv.QUOTE_MINIMAL)


def _tsv(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return _separated(path, delimiter="\t", quoting=csv.QUOTE_NONE)


def _separated(path: Path, *, delimiter: str, quoting: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows under the header. A quote is an ordinary character in TSV, as the sets that use it write it."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, quoting=quoting, strict=True)  # type: ignore[arg-type]
        header = [name.strip() for name in next(reader, [])]
        for row in reader:
            if not any(row):
                continue
            place = f"{path}, line {reader.line_num}"
            if len(row) != len(header):
                raise ConfigError(
                    f"{place}: {len(row)} cells under {len(header)} columns ({', '.join(header)}): "
                    "the file is damaged, or its quoting is."
                )
            yield place, dict(zip(header, row, strict=True))


def _jsonl(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield from _objects([_parsed(line, f"{path}, line {number}")], f"{path}, line {number}")


def _json(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    held = _parsed(path.read_text(encoding="utf-8-sig"), str(path))
    if not isinstance(held, list):
        raise ConfigError(f"{path}: a list of JSON objects is wanted.")
    for number, row in enumerate(held, start=1):
        yield from _objects([row], f"{path}, row {number}")


def _parquet(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise ConfigError(
            f"{path}: reading Parquet needs pyarrow: pip install 'sparrow-lite[parquet]'."
        ) from error
    number = 0
    try:
        for batch in parquet.ParquetFile(path).iter_batches():
            for row in batch.to_pylist():
                number += 1
                yield f"{path}, row {number}", row
    except ArrowException as error:
        raise ConfigError(f"{path} cannot be read as Parquet: {error}.") from error


def _objects(rows: Iterable[Any], place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row in rows:
        if not isinstance(row, dict):
            raise ConfigError(f"{place}: a JSON object is wanted.")
        yield place, row


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ConfigError(f"{place}: no JSON: {error}.") from error
