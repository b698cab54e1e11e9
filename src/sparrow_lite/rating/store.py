"""What rating sessions keep: sessions, items, raters, assignments, ratings, drafts, and who did what.

Owns that an acknowledged rating stands and counts once. What an answer must be is `sessions`' affair, and who
may ask is `access`'.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, case, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.adding import add_parts
from sparrow_lite.rating.asked_often import draft_of_seat, item_of_id, rater_of_id, session_of_id
from sparrow_lite.rating.database import Database, RowError
from sparrow_lite.rating.rows import (
    AnyRow,
    audit_of,
    item_of,
    now,
    pack,
    rater_of,
    rating_of,
    session_of,
    session_values,
)
from sparrow_lite.rating.saving import RatingConflict, last_row, write_audit, write_rating
from sparrow_lite.rating.tables import (
    AssignmentRow,
    AuditRow,
    DraftRow,
    ItemRow,
    RaterRow,
    RatingRow,
    SessionRow,
)
from sparrow_lite.rating.values import (
    Assignment,
    AuditLine,
    Item,
    Rater,
    RaterState,
    Rating,
    Session,
    SessionState,
)

__all__ = ["RatingConflict", "RatingStore"]

_Wanted = Select[*tuple[Any, ...]]
# Writers of one seat in the same moment: a later try sees what an earlier one met.
_TRIES = 3


class RatingStore:
    """The store, on SQLite or PostgreSQL. Safe to call from several threads and processes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(cls, url: str) -> "RatingStore":
        """Open the database of this URL and bring it to the newest form; see `Database.open`.

        Raises:
            StoreError: When it cannot be opened, or a newer version of this program wrote it.
        """
        return cls(Database.open(url))

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def add_session(
        self,
        session: Session,
        items: Sequence[Item],
        raters: Sequence[Rater],
        assignments: Sequence[Assignment],
    ) -> None:
        """Keep a new session with all that belongs to it, or nothing.

        Raises:
            StoreError: When it is there already, its parts do not fit together, or the database refuses.
        """
        with self.database.writing() as connection:
            connection.execute(insert(SessionRow), session_values(session))
            add_parts(connection, session.id, (items, raters, assignments))

    def extend_session(
        self,
        session: str,
        *,
        items: Sequence[Item] = (),
        raters: Sequence[Rater] = (),
        assignments: Sequence[Assignment] = (),
        overlap: int | None = None,
    ) -> None:
        """Give a session more of all these, or nothing; None leaves the overlap.

        Raises:
            StoreError: When there is no such session, the parts do not fit, or the database refuses.
        """
        with self.database.writing() as connection:
            # Held, so that two who extend it at once follow each other.
            held = select(SessionRow.overlap).where(SessionRow.id == session).with_for_update()
            before = connection.execute(held).scalar()
            if before is None:
                raise StoreError("There is no such session.")
            changed = update(SessionRow).where(SessionRow.id == session)
            connection.execute(changed.values(overlap=before if overlap is None else overlap))
            add_parts(connection, session, (items, raters, assignments))

    def sessions(self) -> tuple[Session, ...]:
        """Return every session, the oldest first."""
        rows = self._rows(select(SessionRow).order_by(SessionRow.created_at, SessionRow.id))
        return tuple(session_of(row) for row in rows)

    def session(self, session: str) -> Session:
        """Return the session of this id.

        Raises:
            StoreError: When there is none.
        """
        return session_of(self._one(session_of_id(), "session", session=session))

    def set_state(self, session: str, state: SessionState) -> None:
        """Open, pause or close a session. Ratings that are being saved are saved before it.

        Raises:
            StoreError: When there is none.
        """
        self._change(update(SessionRow).where(SessionRow.id == session).values(state=state.value), "session")

    def items(self, session: str) -> tuple[Item, ...]:
        """Return the session's items, in the order in which they came."""
        wanted = select(ItemRow).where(ItemRow.session == session).order_by(ItemRow.ordinal)
        return tuple(item_of(row) for row in self._rows(wanted))

    def item(self, session: str, item: str) -> Item:
        """Return one item of the session.

        Raises:
            StoreError: When there is none.
        """
        return item_of(self._one(item_of_id(), "item", session=session, item=item))

    def raters(self, session: str) -> tuple[Rater, ...]:
        """Return the session's raters, in the order in which they came."""
        wanted = select(RaterRow).where(RaterRow.session == session).order_by(RaterRow.ordinal)
        return tuple(rater_of(row) for row in self._rows(wanted))

    def rater(self, rater: str) -> Rater:
        """Return the rater of this id.

        Raises:
            StoreError: When there is none.
        """
        return rater_of(self._one(rater_of_id(), "rater", rater=rater))

    def raters_of(self, account: str) -> tuple[Rater, ...]:
        """Return who this account is in each of its sessions."""
        wanted = select(RaterRow).where(RaterRow.account == account).order_by(RaterRow.id)
        return tuple(rater_of(row) for row in self._rows(wanted))

    def set_rater_state(self, rater: str, state: RaterState) -> None:
        """Set where a rater stands. A replaced rater stays replaced, whatever is set.

        Raises:
            StoreError: When there is none.
        """
        kept = case((RaterRow.state == RaterState.REPLACED.value, RaterRow.state), else_=state.value)
        self._change(update(RaterRow).where(RaterRow.id == rater).values(state=kept), "rater")

    def assignments(self, rater: str) -> tuple[Assignment, ...]:
        """Return what the rater is to rate, in their own order."""
        return self._assignments(AssignmentRow.rater == rater)

    def all_assignments(self, session: str) -> tuple[Assignment, ...]:
        """Return the session's assignments, rater by rater, each in their own order."""
        return self._assignments(AssignmentRow.session == session)

    def save(self, rating: Rating) -> Rating:
        """Keep a rating and return the row that stands; when this returns, it is on the disk.

        The same rating sent again, whenever it was made, returns the row that stands and changes nothing.

        Raises:
            RatingConflict: When it replaces another row than the last one of this rater for this item (of the
                decisions of this item, for a decision), or the session or the rater gives none any more.
            StoreError: When other content stands under its id, the item is not this rater's, or the database
                does not take it: it is then not saved, and may be sent again.
        """
        for _ in range(_TRIES - 1):
            with suppress(RowError), self.database.writing() as connection:
                return write_rating(connection, rating)
        with self.database.writing() as connection:
            return write_rating(connection, rating)

    def head(self, rater: str, item: str) -> Rating | None:
        """Return the rater's last row for the item, also one that takes back; None before the first."""
        with self.database.reading() as connection:
            row = last_row(connection, rater, item)
        return rating_of(row) if row else None

    def current(self, session: str, rater: str | None = None) -> tuple[Rating, ...]:
        """Return the ratings that count, in the order in which they were made.

        Args:
            session: Id of the session.
            rater: Of whom; None for all, and the organiser's decisions too.
        """
        later = aliased(RatingRow)
        newest = select(RatingRow).outerjoin(later, later.replaces == RatingRow.id)
        wanted = newest.where(RatingRow.session == session, later.id.is_(None), ~RatingRow.withdrawn)
        if rater is not None:
            wanted = wanted.where(RatingRow.seat == rater)
        return tuple(rating_of(row) for row in self._rows(wanted.order_by(RatingRow.ordinal)))

    def history(self, session: str) -> tuple[Rating, ...]:
        """Return every row that was ever saved, in the order in which they were made."""
        wanted = select(RatingRow).where(RatingRow.session == session).order_by(RatingRow.ordinal)
        return tuple(rating_of(row) for row in self._rows(wanted))

    def draft(self, rater: str, item: str) -> Mapping[str, Any] | None:
        """Return what the rater has begun for the item; None for nothing."""
        rows = self._rows(draft_of_seat(), rater=rater, item=item)
        return json.loads(rows[0].body) if rows else None

    def keep_draft(self, rater: str, item: str, draft: Mapping[str, Any]) -> None:
        """Keep what the rater has begun for the item, in the place of what was kept before.

        Raises:
            StoreError: When it is not the rater's item, or the database does not take it.
        """
        values = {"rater": rater, "item": item, "body": pack(dict(draft)), "kept_at": now()}
        changed = {"body": values["body"], "kept_at": values["kept_at"]}
        with self.database.writing() as connection:
            kind = postgresql if connection.dialect.name == "postgresql" else sqlite
            row = kind.insert(DraftRow).values(values)
            connection.execute(row.on_conflict_do_update(index_elements=["rater", "item"], set_=changed))

    def audit(self, who: str, what: str, about: str) -> None:
        """Note who did what to what: the id of a session or rater, `SESSION/ITEM`, or another word."""
        with self.database.writing() as connection:
            write_audit(connection, who, what, about)

    def audit_log(self, session: str | None = None) -> tuple[AuditLine, ...]:
        """Return what was done to the session and its raters, or, for None, all, in order of time."""
        wanted = select(AuditRow).order_by(AuditRow.ordinal)
        if session is not None:
            wanted = wanted.where(AuditRow.session == session)
        return tuple(audit_of(row) for row in self._rows(wanted))

    def _assignments(self, which: ColumnElement[bool]) -> tuple[Assignment, ...]:
        columns = select(AssignmentRow.rater, AssignmentRow.item, AssignmentRow.place)
        rows = self._rows(columns.where(which).order_by(AssignmentRow.rater, AssignmentRow.place))
        return tuple(Assignment(rater=row.rater, item=row.item, place=row.place) for row in rows)

    def _rows(self, wanted: _Wanted, **named: str) -> Sequence[AnyRow]:
        with self.database.reading() as connection:
            return connection.execute(wanted, named).all()

    def _one(self, wanted: _Wanted, what: str, **named: str) -> AnyRow:
        rows = self._rows(wanted, **named)
        if not rows:
            raise StoreError(f"There is no such {what}.")
        return rows[0]

    def _change(self, change: Update, what: str) -> None:
        with self.database.writing() as connection:
            if connection.execute(change).rowcount == 0:
                raise StoreError(f"There is no such {what}.")
