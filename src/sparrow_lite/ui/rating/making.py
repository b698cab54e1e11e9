"""Making a session of a run or of a file, and giving it more."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.metrics.next_labels import NEXT
from sparrow_lite.harness.shelf import RunLine, list_runs
from sparrow_lite.rating.next_items import Wanted, next_rows
from sparrow_lite.rating.protocols import PROTOCOLS, open_protocol
from sparrow_lite.rating.sources import read_rows
from sparrow_lite.rating.talkers import read_talkers
from sparrow_lite.rating.tasks import Created, More, NewSession
from sparrow_lite.rules.load import load_rules
from sparrow_lite.ui.rating.asking import Asked
from sparrow_lite.ui.rating.callers import organiser_of, session_of
from sparrow_lite.ui.rating.parts import RatingParts
from sparrow_lite.ui.rating.signing_in import require_accounts

_MOST_RATERS = 1000
Rows = Iterator[Mapping[str, Any]]


class _Source(BaseModel):
    """Where rows come from: a run by its name, or the text of a file of JSON lines; neither for none.

    With `next_for`, a measure, only those cases of a run whose labels narrow the measure's interval most.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: str | None = None
    judge: str | None = None
    lines: str | None = None
    next_for: str | None = None


class _New(BaseModel):
    """What the form for a new session sends; see `tasks.NewSession`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(max_length=200)
    protocol: str
    source: _Source = _Source()
    raters: list[str] = Field(default_factory=list, max_length=_MOST_RATERS)
    accounts: list[str] = Field(default_factory=list, max_length=_MOST_RATERS)
    overlap: int = Field(default=2, ge=1, le=100)
    checks: float = 0.1
    seed: int = Field(default=0, ge=0, lt=2**32)
    pass_mark: float = 0.75
    qualification: bool = True
    offensive: bool = True
    limit: int | None = Field(default=None, ge=1)
    rules: list[str] = Field(default_factory=list)
    arms: list[str] = Field(default_factory=list)
    rounds: int | None = Field(default=None, ge=1, le=20)
    dialogues: int | None = Field(default=None, ge=1, le=1000)


class _More(BaseModel):
    """What the form for more sends; see `tasks.More`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: _Source = _Source()
    raters: list[str] = Field(default_factory=list, max_length=_MOST_RATERS)
    accounts: list[str] = Field(default_factory=list, max_length=_MOST_RATERS)
    overlap: int = Field(default=0, ge=0, le=100)
    limit: int | None = Field(default=None, ge=1)


def choices(parts: RatingParts, asked: Asked) -> Any:
    """Return what the form offers: protocols, runs, rules, accounts."""
    organiser_of(parts, asked)
    return {
        "protocols": [{"name": name, "title": open_protocol(name).title} for name in PROTOCOLS],
        "runs": [_run(one) for one in list_runs(parts.settings.runs_dir) if one.fault is None],
        "rules": [
            {"id": one.id, "name": one.name, "probed": one.adversarial}
            for one in load_rules(own_dir=parts.settings.prompts_dir)
        ],
        "accounts": [one.name for one in parts.accounts.all() if not one.disabled and one.role == "rater"],
    }


def create(parts: RatingParts, asked: Asked) -> Any:
    """Make a session; return it, and what the organiser should know."""
    organiser, given = organiser_of(parts, asked), asked.read(_New)
    if given.protocol != "probing" and given.source == _Source():
        raise ConfigError("Choose a run or a file: there is nothing to rate yet.")
    require_accounts(parts, given.accounts)
    new = NewSession(
        name=given.name,
        protocol=given.protocol,
        raters=(*given.raters, *given.accounts),
        accounts={name: name for name in given.accounts},
        overlap=given.overlap,
        checks=given.checks,
        seed=given.seed,
        pass_mark=given.pass_mark,
        qualification=given.qualification,
        offensive=given.offensive,
        limit=None if given.source.next_for else given.limit,
        settings=_settings(parts, given),
    )
    with _rows(parts, given.source, given.limit) as rows:
        return _made(parts.sessions.create(new, rows, by=organiser.name))


def extend(parts: RatingParts, asked: Asked) -> Any:
    """Give a session more items, raters, or raters of each item."""
    organiser, session = session_of(parts, asked)
    given = asked.read(_More)
    require_accounts(parts, given.accounts)
    taken = {one.name for one in parts.store.raters(session.id)}
    if clash := taken & {*given.raters, *given.accounts}:
        raise ConfigError(f"There is a rater {min(clash)!r} in this session already.")
    more = More(
        raters=(*given.raters, *given.accounts),
        overlap=given.overlap,
        limit=None if given.source.next_for else given.limit,
        accounts={name: name for name in given.accounts},
    )
    with _rows(parts, given.source, given.limit) as rows:
        return _made(parts.sessions.extend(session.id, more, rows, by=organiser.name))


def _settings(parts: RatingParts, given: _New) -> dict[str, Any]:
    """What the protocol takes, checked before anything is made."""
    named: dict[str, Any] = {
        name: value
        for name, value in (
            ("rules", given.rules),
            ("arms", given.arms),
            ("rounds", given.rounds),
            ("dialogues", given.dialogues),
        )
        if value
    }
    if parts.settings.prompts_dir is not None:
        named["prompts_dir"] = str(parts.settings.prompts_dir.resolve())
    read_talkers(named, parts.base())
    return named


@contextmanager
def _rows(parts: RatingParts, source: _Source, limit: int | None) -> Iterator[Rows]:
    if source.run is not None:
        folder = parts.run_dir(source.run)
        if folder is None:
            raise ConfigError(f"There is no run {source.run!r} any more.")
        judge = source.judge or None
        if source.next_for is None:
            yield read_rows(folder, judge)
        else:
            yield next_rows(folder, Wanted(measure=source.next_for, count=limit or NEXT, judge=judge))
    elif source.lines is not None:
        with tempfile.TemporaryDirectory() as folder_name:
            path = Path(folder_name) / "the file"
            path.write_text(source.lines, encoding="utf-8", errors="replace")
            yield _told_plainly(read_rows(path), path)
    else:
        yield iter(())


def _told_plainly(rows: Rows, path: Path) -> Rows:
    """The rows; where the file lies for a moment is not told in a fault."""
    try:
        yield from rows
    except ConfigError as error:
        raise ConfigError(str(error).replace(str(path), "The file").replace("The file, l", "L")) from error


def _made(created: Created) -> dict[str, Any]:
    return {
        "session": created.session.id,
        "items": created.items,
        "raters": len(created.raters),
        "notes": created.notes,
    }


def _run(line: RunLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "cases": line.done,
        "suites": line.suites,
        "arms": line.arms,
        "judges": line.judges,
    }
