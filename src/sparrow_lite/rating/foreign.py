"""Exports of other rating tools, read into one plain form: Argilla's and Label Studio's JSON.

Argilla: what `dataset.records.to_json` writes (2.x): records with `fields`, `metadata` and `responses`, a
list of `value` and `user_id` for each question. Label Studio: the export named JSON: tasks with `data` and
`annotations`, each with `result`, `completed_by`, `lead_time`, `was_cancelled` and `ground_truth`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError

# How a person's answer to a control lies in Label Studio's `value`.
_VALUES = ("choices", "rating", "number", "selected", "text", "labels", "ranker")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAnswer:
    """What one person said of one record.

    Attributes:
        rater: Who, as the other tool names them by number or random id.
        answers: Value by the other tool's name of the question.
        skipped: Whether the person passed it over.
        decides: Whether it is the record's ground truth.
        seconds: That it took; 0.0 where the tool does not tell.
        made_at: ISO 8601 time; empty where the tool does not tell.
    """

    rater: str
    answers: Mapping[str, Any]
    skipped: bool = False
    decides: bool = False
    seconds: float = 0.0
    made_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRecord:
    """One record: its id, its fields and metadata by name, and what people said of it."""

    id: str
    fields: Mapping[str, Any]
    answers: Sequence[ForeignAnswer] = field(default_factory=tuple)


def read_foreign(path: Path, form: str) -> tuple[ForeignRecord, ...]:
    """Return the records of an export.

    Args:
        path: The file, a JSON list, or JSON lines.
        form: `argilla` or `label_studio`.

    Raises:
        ConfigError: For an unknown form, or a file that is not such an export; with the record's number.
    """
    readers: dict[str, Callable[[Mapping[str, Any]], ForeignRecord]] = {
        "argilla": _argilla_record,
        "label_studio": _label_studio_task,
    }
    if form not in readers:
        raise ConfigError(f"No form {form!r} to import: known are {', '.join(readers)}.")
    found = []
    for number, row in enumerate(_rows(path), start=1):
        try:
            found.append(readers[form](row))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(f"{path}: record {number} is not of {form}: {error!r} is amiss.") from error
    return tuple(found)


def _rows(path: Path) -> list[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        rows = json.loads(text) if text.lstrip().startswith("[") else list(map(json.loads, _lines(text)))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as JSON: {error}") from error
    if not all(isinstance(row, Mapping) for row in rows):
        raise ConfigError(f"{path} is not a list of records.")
    return rows


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.strip())


def _argilla_record(row: Mapping[str, Any]) -> ForeignRecord:
    by_user: dict[str, dict[str, Any]] = {}
    passed: set[str] = set()
    for question, responses in (row.get("responses") or {}).items():
        for response in responses:
            status, user = response.get("status") or "submitted", str(response["user_id"])
            if status == "discarded":
                passed.add(user)
            elif status == "submitted":
                by_user.setdefault(user, {})[question] = response["value"]
    answers = [ForeignAnswer(rater=user, answers=said) for user, said in by_user.items()]
    skips = [ForeignAnswer(rater=user, answers={}, skipped=True) for user in sorted(passed - set(by_user))]
    fields = {**(row.get("metadata") or {}), **row["fields"]}
    return ForeignRecord(
        id=str(row.get("id") or row["_server_id"]), fields=fields, answers=(*answers, *skips)
    )


def _label_studio_task(row: Mapping[str, Any]) -> ForeignRecord:
    answers = tuple(_annotation(one) for one in row["annotations"])
    return ForeignRecord(id=str(row["id"]), fields=dict(row["data"]), answers=answers)


def _annotation(row: Mapping[str, Any]) -> ForeignAnswer:
    whose = row.get("completed_by")
    user = whose.get("id") if isinstance(whose, Mapping) else whose
    said = {one["from_name"]: _value(one["value"]) for one in row.get("result") or ()}
    return ForeignAnswer(
        rater=str(user),
        answers=said,
        skipped=bool(row.get("was_cancelled")),
        decides=bool(row.get("ground_truth")),
        seconds=float(row.get("lead_time") or 0.0),
        made_at=str(row.get("created_at") or ""),
    )


def _value(value: Mapping[str, Any]) -> Any:
    return next((value[name] for name in _VALUES if name in value), None)
