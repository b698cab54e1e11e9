"""Writing a rating: once, only by whom it is asked of, and only over the row that the writer saw."""

from dataclasses import replace

from sqlalchemy import Connection, insert, select

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.asked_often import last_of_seat, rating_of_id, who_may_rate
from sparrow_lite.rating.rows import AnyRow, name_text, now, rating_of, rating_values, seat
from sparrow_lite.rating.tables import AuditRow, ItemRow, RaterRow, RatingRow
from sparrow_lite.rating.values import RaterState, Rating, SessionState


class RatingConflict(StoreError):  # noqa: N818 (it is no fault)
    """A rating that comes too late: another row was written meanwhile, or none is taken any more."""


def write_rating(connection: Connection, rating: Rating) -> Rating:
    """Write the rating unless it stands already, and return the row that stands.

    Raises:
        RowError: When the same seat or id was written in the same moment: try again.
        RatingConflict: When it replaces another row than the seat's last one, or none is taken any more.
        StoreError: When another rating stands under its id, or it is not this rater's to give.
    """
    stored = _stored(connection, rating)
    if stored is not None:
        return stored
    try:
        last = _replaced(connection, rating)
    except RatingConflict:
        # Sent twice at once, the other one may have been written since.
        stored = _stored(connection, rating)
        if stored is None:
            raise
        return stored
    values = rating_values(rating, last.number + 1 if last else 0)
    connection.execute(insert(RatingRow), values)
    return replace(rating, made_at=values["made_at"])


def last_row(connection: Connection, rater: str, item: str) -> AnyRow | None:
    """Return the rater's last row for an item, withdrawn or not; None when there is none."""
    session = connection.execute(select(RaterRow.session).where(RaterRow.id == rater)).scalar()
    return _last_row(connection, session, rater, item) if session is not None else None


def write_audit(connection: Connection, who: str, what: str, about: str) -> None:
    """Note who did what to what; see `RatingStore.audit`."""
    of_rater = select(RaterRow.session).where(RaterRow.id == name_text(about))
    session = connection.execute(of_rater).scalar() or name_text(about).split("/", 1)[0]
    values = {"who": name_text(who), "what": name_text(what), "about": name_text(about)}
    connection.execute(insert(AuditRow), {"session": session, "at": now(), **values})


def _last_row(connection: Connection, session: str, of_seat: str, item: str) -> AnyRow | None:
    its = {"session": session, "seat": of_seat, "item": item}
    return connection.execute(last_of_seat(), its).first()


def _stored(connection: Connection, rating: Rating) -> Rating | None:
    """The row that stands under the rating's id; None for none."""
    stored = connection.execute(rating_of_id(), {"rating": rating.id}).first()
    if stored is None:
        return None
    found = rating_of(stored)
    sent = replace(
        rating,
        answers=dict(rating.answers),
        dialogue=tuple(dict(turn) for turn in rating.dialogue),
        made_at=found.made_at,
    )
    if sent != found:
        raise StoreError("Another rating was saved under this id: a new answer needs a new id.")
    return found


def _replaced(connection: Connection, rating: Rating) -> AnyRow | None:
    """The row that this one replaces, if it may; None for a first one."""
    _require_taken(connection, rating)
    last = _last_row(connection, rating.session, seat(rating), rating.item)
    if (last.id if last else None) != rating.replaces:
        raise RatingConflict("This item was answered in another tab meanwhile: reload the page to see it.")
    if rating.withdrawn and last is None:
        raise StoreError("There is no rating to take back.")
    return last


def _require_taken(connection: Connection, rating: Rating) -> None:
    if rating.adjudicates:
        _require_item(connection, rating)
        return
    # The rows are held, so that a session that was closed, or a rater who was replaced, gives nothing more.
    asked = {"rater": rating.rater, "session": rating.session, "item": rating.item}
    found = connection.execute(who_may_rate(), asked).first()
    if found is None:
        raise StoreError("There is no such item for this rater.")
    # A rater who is replaced while a session rests may have answers taken back.
    shut = (SessionState.CLOSED,) if rating.withdrawn else (SessionState.CLOSED, SessionState.PAUSED)
    if found.session in shut:
        raise RatingConflict(f"The session is {found.session}, and takes no ratings.")
    if found.rater == RaterState.REPLACED and not rating.withdrawn:
        raise RatingConflict("This rater takes no part any more.")


def _require_item(connection: Connection, rating: Rating) -> None:
    known = select(ItemRow.id).where(ItemRow.session == rating.session, ItemRow.id == rating.item)
    if connection.execute(known).first() is None:
        raise StoreError("There is no such item in this session.")
