"""Making a session of rows: its items, its raters, and who rates what."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from random import Random
from secrets import token_hex
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.assign import Plan, assign, checks_for
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.protocols.rows import digest
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Created, NewSession
from sparrow_lite.rating.values import Item, Rater, RaterState, Session, SessionState, Stage

_MOST_ITEMS = 200_000


def create_session(store: RatingStore, new: NewSession, rows: Iterable[Mapping[str, Any]]) -> Created:
    """Make the session, with its items, raters and assignments, in one transaction.

    Rows with `gold` become checks, besides the protocol's own; the others become work.

    Raises:
        ConfigError: For a protocol, settings or rows that cannot be used, or too few raters.
        StoreError: When the database does not take it.
    """
    _check(new)
    protocol = open_protocol(new.protocol, new.settings)
    session = _session(new, protocol)
    found = read_items(session, protocol, rows)
    work = draw(session, [one for one in found if one.stage is Stage.WORK], new.limit)
    checks = [one for one in found if one.stage is Stage.CHECK]
    checks = [*own(session, protocol.checks()), *checks] if new.checks else []
    qualification = own(session, protocol.qualification()) if new.qualification else []
    raters = new_raters(session, new.raters, new.accounts)
    plan = Plan(
        overlap=new.overlap,
        checks=new.checks,
        check_items=checks,
        qualification=qualification,
        seed=new.seed,
    )
    _require_work(protocol, work)
    assignments = assign(work, [one.id for one in raters], plan)
    store.add_session(session, [*qualification, *checks, *work], raters, assignments)
    notes = _notes(new, len(work), len(checks))
    return Created(session=session, raters=raters, items=len(work), notes=notes)


def new_raters(session: Session, names: Sequence[str], accounts: Mapping[str, str]) -> tuple[Rater, ...]:
    """Return raters of these names with new ids.

    Raises:
        ConfigError: For a name without letters, or one given twice.
    """
    cleaned = [" ".join(one.split()) for one in names]
    if not all(cleaned) or len(set(cleaned)) != len(cleaned):
        raise ConfigError("Each rater needs a name of their own.")
    return tuple(
        Rater(
            id=token_hex(12),
            session=session.id,
            name=name,
            state=RaterState.INVITED,
            account=accounts.get(name),
        )
        for name in cleaned
    )


def now() -> str:
    """Return the time as ISO 8601 with zone."""
    return datetime.now(UTC).isoformat()


def read_items(session: Session, protocol: RatingProtocol, rows: Iterable[Mapping[str, Any]]) -> list[Item]:
    """Return the work and checks that the rows hold, each once, under ids of the session.

    Raises:
        ConfigError: For a row that lacks something, or more than 200,000 items.
    """
    made: Iterator[Item] = protocol.items(rows, seed=session.seed)
    found = {one.id: one for one in islice(made, _MOST_ITEMS + 1)}
    if len(found) > _MOST_ITEMS:
        raise ConfigError(f"There are more than {_MOST_ITEMS:,} items: give fewer rows.")
    return own(session, found.values())


def draw(session: Session, work: Sequence[Item], limit: int | None) -> list[Item]:
    """Return at most `limit` of the items, drawn by the seed, in their order; None for all."""
    if limit is None or limit >= len(work):
        return list(work)
    kept = set(Random(f"{session.seed}/limit/{len(work)}").sample(range(len(work)), limit))
    return [one for place, one in enumerate(work) if place in kept]


def own(session: Session, items: Iterable[Item]) -> list[Item]:
    """Return the items under ids of this session only, so that no id tells a check, or an item elsewhere."""
    return [replace(one, id=digest(session.id, one.id)) for one in items]


def _session(new: NewSession, protocol: RatingProtocol) -> Session:
    return Session(
        id=token_hex(8),
        name=new.name.strip(),
        protocol=protocol.name,
        state=SessionState.OPEN,
        overlap=new.overlap,
        checks=new.checks,
        seed=new.seed,
        pass_mark=new.pass_mark,
        offensive=new.offensive,
        created_at=now(),
        settings={**new.settings, "guide_version": protocol.version, "qualification": new.qualification},
    )


def _require_work(protocol: RatingProtocol, work: Sequence[Item]) -> None:
    if not work:
        raise ConfigError(
            f"No row holds anything that {protocol.name} can rate. plausible_supported takes questions with "
            "a `reply`, preference two to four replies to one message, rule_rating dialogues with a `rule`."
        )


def _check(new: NewSession) -> None:
    if not new.name.strip():
        raise ConfigError("The session needs a name.")
    if not 0 <= new.pass_mark <= 1:
        raise ConfigError(f"The pass mark is {new.pass_mark}: give a share from 0 to 1.")
    if not 0 <= new.checks < 1:
        raise ConfigError(f"The rate of checks is {new.checks}: give a share from 0 up to, not with, 1.")


def _notes(new: NewSession, work: int, checks: int) -> tuple[str, ...]:
    each = work * new.overlap / len(new.raters)
    wanted = checks_for(round(each), new.checks)
    notes = []
    if wanted > checks:
        notes.append(
            f"A rate of {new.checks:g} asks for {wanted} checks among about {each:.0f} items a rater, and "
            f"there are {checks}: each rater sees all of them once. Rows with `gold` make more."
        )
    if new.overlap == 1:
        notes.append("Each item has one rater: there will be no figure of agreement.")
    return tuple(notes)
