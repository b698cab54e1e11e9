"""Making a session of rows, and giving it more items, raters or overlap later."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from random import Random
from secrets import token_hex
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.assign import Held, Plan, assign, checks_for
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.protocols.rows import digest
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Created, More, NewSession
from sparrow_lite.rating.values import Assignment, Item, Rater, RaterState, Session, SessionState, Stage

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
    session = Session(
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
    work, checks = _read_items(session, protocol, rows, new.limit)
    if not work:
        raise ConfigError(
            f"No row holds anything that {protocol.name} can rate. plausible_supported takes questions with a "
            "`reply`, preference two to four replies to one message, rule_rating dialogues with a `rule`."
        )
    checks = _own(session, protocol.checks()) + checks if new.checks else []
    qualification = _own(session, protocol.qualification()) if new.qualification else []
    raters = new_raters(session, new.raters, new.accounts)
    plan = Plan(
        overlap=new.overlap,
        checks=new.checks,
        check_items=checks,
        qualification=qualification,
        seed=new.seed,
    )
    assignments = assign(work, [one.id for one in raters], plan)
    store.add_session(session, [*qualification, *checks, *work], raters, assignments)
    notes = _notes(new, len(work), len(checks))
    return Created(session=session, raters=raters, items=len(work), notes=notes)


def extend_session(
    store: RatingStore, session: Session, more: More, rows: Iterable[Mapping[str, Any]] = ()
) -> Created:
    """Give the session new items, new raters, or more raters of each item.

    New work goes to the least loaded raters, new ones among them, who qualify first. Rows that are in the
    session already are left out.

    Raises:
        ConfigError: When there is nothing to add, or there are too few raters.
        StoreError: When the database does not take it.
    """
    protocol = open_protocol(session.protocol, session.settings)
    there = store.items(session.id)
    known = {item.id for item in there}
    work, checks = _read_items(session, protocol, rows, more.limit)
    work, checks = ([one for one in some if one.id not in known] for some in (work, checks))
    if not work and not more.overlap:
        raise ConfigError(
            "There is nothing new to rate: give rows that the session lacks, or more raters of each item "
            "(overlap)."
        )
    added = new_raters(session, more.raters, more.accounts)
    live = [one.id for one in store.raters(session.id) if one.state not in _GONE]
    plan = Plan(
        overlap=session.overlap,
        checks=session.checks,
        check_items=[*(one for one in there if one.stage is Stage.CHECK), *checks],
        qualification=[one for one in there if one.stage is Stage.QUALIFICATION],
        seed=session.seed + len(known),
        held=held_by(store, session, live),
    )
    raters = [*live, *(one.id for one in added)]
    found: tuple[Assignment, ...] = ()
    if more.overlap:
        old = [one for one in there if one.stage is Stage.WORK]
        found = assign(old, raters, replace(plan, overlap=more.overlap))
        plan = replace(plan, held=_with(plan.held, found, {one.id for one in old}))
    if work:
        found += assign(work, raters, replace(plan, overlap=session.overlap + more.overlap))
    store.extend_session(
        session.id,
        items=[*checks, *work],
        raters=added,
        assignments=found,
        overlap=session.overlap + more.overlap,
    )
    return Created(session=session, raters=added, items=len(work))


def held_by(store: RatingStore, session: Session, raters: Sequence[str]) -> dict[str, Held]:
    """Return what each of these raters holds."""
    work = {item.id for item in store.items(session.id) if item.stage is Stage.WORK}
    assigned = [one for one in store.all_assignments(session.id) if one.rater in set(raters)]
    return _with({}, assigned, work)


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


_GONE = frozenset({RaterState.FAILED, RaterState.REPLACED})


def _read_items(
    session: Session, protocol: RatingProtocol, rows: Iterable[Mapping[str, Any]], limit: int | None
) -> tuple[list[Item], list[Item]]:
    """Work and checks that the rows hold, each once, at most `limit` work items, drawn by the seed."""
    made: Iterator[Item] = protocol.items(rows, seed=session.seed)
    found = list({one.id: one for one in islice(made, _MOST_ITEMS + 1)}.values())
    if len(found) > _MOST_ITEMS:
        raise ConfigError(f"There are more than {_MOST_ITEMS:,} items: give a limit, or fewer rows.")
    work = [one for one in found if one.stage is Stage.WORK]
    if limit is not None and limit < len(work):
        kept = set(Random(f"{session.seed}/limit").sample(range(len(work)), limit))
        work = [one for place, one in enumerate(work) if place in kept]
    return _own(session, work), _own(session, [one for one in found if one.stage is Stage.CHECK])


def _own(session: Session, items: Iterable[Item]) -> list[Item]:
    """The items under ids of this session only, so that no id tells a check, or an item elsewhere."""
    return [replace(one, id=digest(session.id, one.id)) for one in items]


def _with(
    held: Mapping[str, Held], assigned: Iterable[Assignment], work: set[str] | frozenset[str]
) -> dict[str, Held]:
    """What raters hold once these are assigned too."""
    found = dict(held)
    for one in assigned:
        before = found.get(one.rater, Held())
        found[one.rater] = Held(
            load=before.load + (one.item in work),
            places=max(before.places, one.place + 1),
            items=before.items | {one.item},
        )
    return found


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
