"""Texts of training data, one after another, from the files of folders.

JSON, JSON lines, CSV, TSV, YAML, plain text and Markdown, each also compressed with gzip, and Parquet where
pyarrow is installed. Read as a stream: memory holds one row at a time, save for JSON and YAML files, which
are read whole. A file that cannot be read is an error, not silence: it may be the one that holds the suite.
"""

import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import yaml

from sparrow_lite.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingText:
    """One text that something was, or may be, trained on.

    Attributes:
        text: The text.
        source: Its file and line, for people.
    """

    text: str
    source: str


def training_texts(folders: Iterable[Path]) -> Iterator[TrainingText]:
    """Yield the texts in every file of known form under the folders, file by file in alphabetical order.

    A row gives a text for each string that it holds, however deep; a plain text file one for each line.
    Files of other forms are passed over. A file may be given in a folder's place.

    Raises:
        ConfigError: When a folder does not exist, or a file cannot be read.
    """
    for folder in folders:
        if not folder.exists():
            raise ConfigError(f"{folder} does not exist: give a folder of training data.")
        paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in paths:
            reader = _READERS.get(_form(path))
            if reader is not None and path.is_file():
                yield from _read(path, reader)


def _form(path: Path) -> str:
    name = path.name.casefold().removesuffix(".gz")
    return name.rpartition(".")[2]


def _read(path: Path, reader: Callable[[Path], Iterator[tuple[int, Any]]]) -> Iterator[TrainingText]:
    try:
        for number, held in reader(path):
            for text in _strings(held):
                yield TrainingText(text=text, source=f"{path}:{number}")
    except (OSError, ValueError, EOFError, csv.Error, yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path} cannot be read as training data: {error}.") from error


def _strings(held: Any) -> Iterator[str]:
    """Every string in a value, keys left out."""
    if isinstance(held, str):
        if held.strip():
            yield held
    elif isinstance(held, dict):
        for value in held.values():
            yield from _strings(value)
    elif isinstance(held, Sequence):
        for value in held:
            yield from _strings(value)


def _open(path: Path) -> IO[str]:
    if path.name.casefold().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with _open(path) as file:
        yield from enumerate(file, start=1)


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in _lines(path):
        if line.strip():
            yield number, json.loads(line)


def _json(path: Path) -> Iterator[tuple[int, Any]]:
    with _open(path) as file:
        yield 1, json.load(file)


def _yaml(path: Path) -> Iterator[tuple[int, Any]]:
    with _open(path) as file:
        yield 1, yaml.safe_load(file)


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    return _separated(path, delimiter=",")


def _tsv(path: Path) -> Iterator[tuple[int, Any]]:
    return _separated(path, delimiter="\t")


def _separated(path: Path, *, delimiter: str) -> Iterator[tuple[int, Any]]:
    before = csv.field_size_limit(sys.maxsize)
    try:
        with _open(path) as file:
            reader = csv.reader(file, delimiter=delimiter)
            for row in reader:
                yield reader.line_num, row
    finally:
        csv.field_size_limit(before)


def _parquet(path: Path) -> Iterator[tuple[int, Any]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise ConfigError(
            f"{path}: reading Parquet needs pyarrow: pip install 'sparrow-lite[parquet]'."
        ) from error
    try:
        number = 0
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=1024):
            for row in batch.to_pylist():
                number += 1
                yield number, row
    except ArrowException as error:
        raise ValueError(f"no Parquet: {error}") from error


_READERS: dict[str, Callable[[Path], Iterator[tuple[int, Any]]]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _json_lines,
    "md": _lines,
    "ndjson": _json_lines,
    "parquet": _parquet,
    "tsv": _tsv,
    "txt": _lines,
    "yaml": _yaml,
    "yml": _yaml,
}
