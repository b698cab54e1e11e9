"""Adding items, raters and assignments to a session, in the transaction of whoever adds them."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.rows import assignment_values, item_values, rater_values
from sparrow_lite.rating.tables import AssignmentRow, ItemRow, RaterRow
from sparrow_lite.rating.values import Assignment, Item, Rater


def add_parts(
    connection: Connection,
    session: str,
    parts: tuple[Sequence[Item], Sequence[Rater], Sequence[Assignment]],
) -> None:
    """Add items, raters and assignments to a session that the connection holds or makes.

    Raises:
        StoreError: For a rater of another session.
    """
    items, raters, assignments = parts
    if any(rater.session != session for rater in raters):
        raise StoreError("A rater belongs to another session.")
    if items:
        connection.execute(insert(ItemRow), item_values(session, items, _count(connection, ItemRow, session)))
    if raters:
        connection.execute(insert(RaterRow), rater_values(raters, _count(connection, RaterRow, session)))
    if assignments:
        connection.execute(insert(AssignmentRow), assignment_values(session, assignments))


def _count(connection: Connection, table: type[ItemRow | RaterRow], session: str) -> int:
    return connection.execute(select(func.count()).where(table.session == session)).scalar_one()
