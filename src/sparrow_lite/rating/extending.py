"""Giving a session more items, more raters, or more raters of each item."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.assign import Held, Plan, assign
from sparrow_lite.rating.creating import draw, new_raters, read_items
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Created, More
from sparrow_lite.rating.values import Assignment, Item, RaterState, Session, Stage

_GONE = frozenset({RaterState.FAILED, RaterState.REPLACED})


def extend_session(
    store: RatingStore, session: Session, more: More, rows: Iterable[Mapping[str, Any]] = ()
) -> Created:
    """Give the session new items, new raters, or more raters of each item.

    New work goes to the least loaded raters, new ones among them, who qualify first. Rows that are in the
    session already are left out. Raters who failed or were replaced get nothing.

    Raises:
        ConfigError: When there is nothing to add, or there are too few raters.
        StoreError: When the database does not take it.
    """
    there = store.items(session.id)
    known = {item.id for item in there}
    read = read_items(session, open_protocol(session.protocol, session.settings), rows)
    new = [one for one in read if one.id not in known]
    work = draw(session, [one for one in new if one.stage is Stage.WORK], more.limit)
    checks = [one for one in new if one.stage is Stage.CHECK]
    _require_more(work, more)
    added = new_raters(session, more.raters, more.accounts)
    live = [one.id for one in store.raters(session.id) if one.state not in _GONE]
    plan = Plan(
        overlap=session.overlap,
        checks=session.checks,
        check_items=[*(one for one in there if one.stage is Stage.CHECK), *checks],
        qualification=[one for one in there if one.stage is Stage.QUALIFICATION],
        seed=session.seed + len(known),
        held=_held(store, session, there),
    )
    old = [one for one in there if one.stage is Stage.WORK]
    found = _assign_more(old, work, [*live, *(one.id for one in added)], (plan, more.overlap))
    overlap = session.overlap + more.overlap
    items = [*checks, *work]
    store.extend_session(session.id, items=items, raters=added, assignments=found, overlap=overlap)
    return Created(session=session, raters=added, items=len(work))


def _assign_more(
    old: Sequence[Item], new: Sequence[Item], raters: Sequence[str], wanted: tuple[Plan, int]
) -> tuple[Assignment, ...]:
    """Further raters of the old items, and then all raters of the new ones."""
    plan, further = wanted
    found: tuple[Assignment, ...] = ()
    if further:
        found = assign(old, raters, replace(plan, overlap=further))
        plan = replace(plan, held=_with(plan.held, found, {one.id for one in old}))
    if new:
        found += assign(new, raters, replace(plan, overlap=plan.overlap + further))
    return found


def _held(store: RatingStore, session: Session, items: Iterable[Item]) -> dict[str, Held]:
    work = {item.id for item in items if item.stage is Stage.WORK}
    return _with({}, store.all_assignments(session.id), work)


def _with(held: Mapping[str, Held], assigned: Iterable[Assignment], work: set[str]) -> dict[str, Held]:
    """What raters hold once these are assigned too."""
    items: dict[str, set[str]] = {rater: set(one.items) for rater, one in held.items()}
    places = {rater: one.places for rater, one in held.items()}
    loads = {rater: one.load for rater, one in held.items()}
    for one in assigned:
        items.setdefault(one.rater, set()).add(one.item)
        places[one.rater] = max(places.get(one.rater, 0), one.place + 1)
        loads[one.rater] = loads.get(one.rater, 0) + (one.item in work)
    return {
        rater: Held(load=loads[rater], places=places[rater], items=frozenset(mine))
        for rater, mine in items.items()
    }


def _require_more(work: Sequence[Item], more: More) -> None:
    if not work and not more.overlap:
        raise ConfigError(
            "There is nothing new to rate: give rows that the session lacks, or more raters of each item "
            "(overlap)."
        )
