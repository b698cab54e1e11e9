"""Putting one rater in another's place, whole or not at all, so that no item is rated too often."""

from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex

from sqlalchemy import Connection, and_, insert, select, update
from sqlalchemy.orm import aliased

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.adding import add_parts
from sparrow_lite.rating.rows import AnyRow, now, rating_of, rating_values
from sparrow_lite.rating.saving import RatingConflict
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tables import RaterRow, RatingRow, SessionRow
from sparrow_lite.rating.values import Assignment, Rater, RaterState, Rating


def hand_over(
    store: RatingStore, made: Rater, assignments: Sequence[Assignment], seen: Sequence[Rating], *, again: bool
) -> None:
    """Keep the new rater with its assignments, and mark the one that it `replaces` as replaced.

    Args:
        store: Of the session.
        made: The new rater; its `replaces` is the id of the old one.
        assignments: Of the new rater.
        seen: What the old one had rated when the assignments were made.
        again: Whether those ratings are taken back.

    Raises:
        RatingConflict: When the old one was replaced, or rated something, meanwhile: nothing was changed.
        StoreError: When there is no such session or old rater, or the database refuses.
    """
    old = made.replaces or ""
    with store.database.writing() as connection:
        _hold(connection, made.session, old)
        standing = _current(connection, made.session, old)
        if {row.id for row in standing} != {one.id for one in seen}:
            raise RatingConflict("The rater has rated something meanwhile: try again.")
        if again:
            for row in standing:
                taken = withdrawal(rating_of(row))
                connection.execute(insert(RatingRow), rating_values(taken, row.number + 1))
        change = update(RaterRow).where(RaterRow.id == old).values(state=RaterState.REPLACED.value)
        connection.execute(change)
        add_parts(connection, made.session, ((), (made,), assignments))


def withdrawal(rating: Rating) -> Rating:
    """Return the row that takes this one back: a rating is changed by a new row only."""
    return replace(
        rating,
        id=token_hex(12),
        answers={},
        comment="",
        skipped=None,
        withdrawn=True,
        replaces=rating.id,
        seconds=0.0,
        made_at=now(),
        dialogue=(),
    )


def _hold(connection: Connection, session: str, old: str) -> None:
    """Hold the session and then the old rater, in the order of those who save, who wait until the end."""
    held = select(SessionRow.id).where(SessionRow.id == session).with_for_update()
    if connection.execute(held).first() is None:
        raise StoreError("There is no such session.")
    its = and_(RaterRow.id == old, RaterRow.session == session)
    state = connection.execute(select(RaterRow.state).where(its).with_for_update()).scalar()
    if state is None:
        raise StoreError("There is no such rater.")
    if state == RaterState.REPLACED:
        raise RatingConflict("This rater is replaced already.")


def _current(connection: Connection, session: str, rater: str) -> Sequence[AnyRow]:
    later = aliased(RatingRow)
    newest = select(RatingRow).outerjoin(later, later.replaces == RatingRow.id).where(later.id.is_(None))
    its = and_(RatingRow.session == session, RatingRow.seat == rater, ~RatingRow.withdrawn)
    return connection.execute(newest.where(its).order_by(RatingRow.ordinal)).all()
