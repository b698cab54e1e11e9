"""Putting a new rater in the place of one who stopped, failed, or is not to be relied on."""

from dataclasses import replace

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.assign import Plan, assign
from sparrow_lite.rating.creating import new_raters
from sparrow_lite.rating.handover import hand_over
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Rater, RaterState, Session, Stage


def replace_rater(store: RatingStore, session: Session, old: Rater, name: str, *, again: bool) -> Rater:
    """Return the new rater, who takes over the unfinished items of the old one and qualifies first.

    Args:
        store: Of the session.
        session: The session.
        old: Who is replaced; its link stops working by its state.
        name: Of the new rater.
        again: Whether the new one rates all items of the old one, whose ratings are then taken back.

    Raises:
        ConfigError: When the old one is replaced already, or nothing is left to take over.
        RatingConflict: When the old one rated something, or was replaced, meanwhile.
        StoreError: When the database does not take it.
    """
    if old.state is RaterState.REPLACED:
        raise ConfigError(f"{old.name} is replaced already.")
    items = {item.id: item for item in store.items(session.id)}
    mine = [items[one.item] for one in store.assignments(old.id)]
    ratings = store.current(session.id, old.id)
    rated = set() if again else {one.item for one in ratings if one.skipped is None}
    left = [one for one in mine if one.stage is Stage.WORK and one.id not in rated]
    if not left:
        raise ConfigError(f"{old.name} has rated everything: there is nothing to take over.")
    (made,) = new_raters(session, [name], {})
    made = replace(made, replaces=old.id)
    plan = Plan(
        overlap=1,
        checks=session.checks,
        check_items=[one for one in items.values() if one.stage is Stage.CHECK],
        qualification=[one for one in items.values() if one.stage is Stage.QUALIFICATION],
        seed=session.seed + len(store.raters(session.id)),
    )
    hand_over(store, made, assign(left, [made.id], plan), ratings, again=again)
    return made
