"""Probes from JSON lines: `{"id", "question", "answers"?}` or `{"id", "rule", "turns"}`, one a line.

A line `{"canary": ...}` marks data that nothing may be trained on; it is no probe. It may also say the
suite's `name`, `version`, `description` and `scorer`, as `write_suite` writes them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.transcript import Role, Turn


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["user", "sparrow"]
    text: str = Field(min_length=1)


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1)
    question: str | None = None
    turns: list[_Turn] | None = None
    rule: str | None = None
    attack: str | None = None
    kind: ProbeKind | None = None
    answers: list[str] = Field(default_factory=list)
    answerable: bool | None = None
    labels: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _asks_something(self) -> "_Row":
        if (self.question is None) == (self.turns is None):
            raise ValueError("it needs either `question` or `turns`")
        if self.turns is not None and (not self.turns or self.turns[-1].role != "user"):
            raise ValueError("`turns` must end with a turn of the user's")
        return self


def read_lines(path: Path) -> Suite:
    """Return the suite in a JSON-lines file.

    Its name is the file's and its version the file's hash, unless the canary's line says otherwise. A row
    with a rule is an adversarial probe, another one a question, unless `kind` says otherwise.

    Raises:
        ConfigError: With the line that cannot be used.
    """
    card = next((row for _, row in _rows(path) if "canary" in row), {})
    name = str(card.get("name") or path.stem)
    probes = read_probes(path, suite=name, kind=None, canary="")
    require_unique(probes, path)
    suite = Suite(
        name=name,
        version=str(card.get("version") or ""),
        canary=str(card.get("canary") or ""),
        description=str(card.get("description", f"Probes of {path.name}.")),
        probes=tuple(probes),
        scorer=card.get("scorer"),
    )
    return suite if suite.version else replace(suite, version=suite.digest[:12])


def write_suite(suite: Suite, path: Path) -> None:
    """Write the suite as JSON lines that `read_lines` reads back equal; the first line is its card.

    Raises:
        ConfigError: When the file cannot be written.
    """
    card = {
        "canary": suite.canary,
        "name": suite.name,
        "version": suite.version,
        "description": suite.description,
        "scorer": suite.scorer,
    }
    rows = [card, *(probe.to_dict() for probe in suite.probes)]
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from error


def read_probes(path: Path, *, suite: str, kind: ProbeKind | None, canary: str) -> list[Probe]:
    """Return the probes of one file, in order.

    Args:
        path: The file.
        suite: Name of the suite.
        kind: What probes without a kind of their own are for; None to tell by whether they name a rule.
        canary: What the file's first line must hold as its canary; empty for none.

    Raises:
        ConfigError: With the line that cannot be used, or when the canary is missing.
    """
    rows = list(_rows(path))
    if canary and not (rows and rows[0][1].get("canary") == canary):
        raise ConfigError(
            f"{path}: the first line must be the suite's canary: {json.dumps({'canary': canary})}"
        )
    return [_probe(row, path, number, suite, kind) for number, row in rows if "canary" not in row]


def require_unique(probes: Sequence[Probe], where: Path) -> None:
    """Refuse two probes of one id.

    Raises:
        ConfigError: With the id; also when there is no probe at all.
    """
    if not probes:
        raise ConfigError(f"{where} holds no probe: one JSON object a line, as docs/evals.md shows.")
    seen: set[str] = set()
    for probe in probes:
        if probe.id in seen:
            raise ConfigError(f"{where}: the id {probe.id!r} stands twice; ids must be unique in a suite.")
        seen.add(probe.id)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigError(f"{path}, line {number}: no JSON: {error}.") from error
        if not isinstance(row, dict):
            raise ConfigError(f"{path}, line {number}: a JSON object is wanted.")
        yield number, row


def _probe(row: dict[str, Any], path: Path, number: int, suite: str, kind: ProbeKind | None) -> Probe:
    try:
        held = _Row.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the row"
        raise ConfigError(f"{path}, line {number}: {where}: {first['msg']}.") from error
    turns = held.turns or [_Turn(role="user", text=held.question or " ")]
    by_rule = ProbeKind.ADVERSARIAL if held.rule else ProbeKind.QUESTION
    return Probe(
        id=held.id,
        suite=suite,
        kind=held.kind or kind or by_rule,
        turns=tuple(Turn(role=Role(turn.role), text=turn.text) for turn in turns),
        rule=held.rule,
        attack=held.attack,
        answers=tuple(held.answers),
        answerable=held.answerable,
        labels=tuple(sorted(held.labels.items())),
    )
