"""What is asked of the database at every click, each statement put together once.

SQLAlchemy takes longer to put such a statement together than the database takes to answer it.
"""

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from sparrow_lite.rating.tables import AssignmentRow, DraftRow, ItemRow, RaterRow, RatingRow, SessionRow

_Wanted = Select[*tuple[Any, ...]]


@cache
def session_of_id() -> _Wanted:
    """The session of the id `session`."""
    return select(SessionRow).where(SessionRow.id == bindparam("session"))


@cache
def rater_of_id() -> _Wanted:
    """The rater of the id `rater`."""
    return select(RaterRow).where(RaterRow.id == bindparam("rater"))


@cache
def item_of_id() -> _Wanted:
    """The item of the id `item` in `session`."""
    return select(ItemRow).where(ItemRow.session == bindparam("session"), ItemRow.id == bindparam("item"))


@cache
def draft_of_seat() -> _Wanted:
    """The draft of `rater` for `item`."""
    its = (DraftRow.rater == bindparam("rater"), DraftRow.item == bindparam("item"))
    return select(DraftRow.body).where(*its)


@cache
def rating_of_id() -> _Wanted:
    """The row of the id `rating`."""
    return select(RatingRow).where(RatingRow.id == bindparam("rating"))


@cache
def last_of_seat() -> _Wanted:
    """The last row of `seat` for `item` in `session`."""
    its = and_(
        RatingRow.session == bindparam("session"),
        RatingRow.seat == bindparam("seat"),
        RatingRow.item == bindparam("item"),
    )
    return select(RatingRow).where(its).order_by(RatingRow.number.desc()).limit(1)


@cache
def seats_of_rater() -> _Wanted:
    """Every item of `rater` in their order, with stage and the last row's id, withdrawn and ordinal."""
    later = aliased(RatingRow)
    mine = and_(
        RatingRow.session == AssignmentRow.session,
        RatingRow.seat == AssignmentRow.rater,
        RatingRow.item == AssignmentRow.item,
    )
    item = and_(ItemRow.session == AssignmentRow.session, ItemRow.id == AssignmentRow.item)
    return (
        select(AssignmentRow.item, ItemRow.stage, RatingRow.id, RatingRow.withdrawn, RatingRow.ordinal)
        .join(ItemRow, item)
        .outerjoin(RatingRow, mine)
        .outerjoin(later, later.replaces == RatingRow.id)
        .where(AssignmentRow.rater == bindparam("rater"), later.id.is_(None))
        .order_by(AssignmentRow.place)
    )


@cache
def who_may_rate() -> _Wanted:
    """The states of `session` and `rater`, held until the transaction ends, when `item` is the rater's."""
    mine = and_(AssignmentRow.rater == RaterRow.id, AssignmentRow.item == bindparam("item"))
    return (
        select(SessionRow.state.label("session"), RaterRow.state.label("rater"))
        .select_from(RaterRow)
        .join(SessionRow, SessionRow.id == RaterRow.session)
        .join(AssignmentRow, mine)
        .where(RaterRow.id == bindparam("rater"), RaterRow.session == bindparam("session"))
        .with_for_update(read=True, of=[SessionRow, RaterRow])
    )
