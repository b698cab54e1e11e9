"""How far every session is, counted by the database: for a list of many, without reading what was asked."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, func, select
from sqlalchemy.orm import aliased

from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tables import ItemRow, RaterRow, RatingRow
from sparrow_lite.rating.values import RaterState, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCounts:
    """How far one session is.

    Attributes:
        items: Work items.
        raters: Who take part, those who were replaced left out.
        done: How often a work item was rated or skipped, once for each rater.
    """

    items: int = 0
    raters: int = 0
    done: int = 0


def session_counts(store: RatingStore) -> Mapping[str, SessionCounts]:
    """Return the counts by session's id; a session without any has zeros.

    Raises:
        StoreError: When the database cannot be read.
    """
    later = aliased(RatingRow)
    its_item = and_(ItemRow.session == RatingRow.session, ItemRow.id == RatingRow.item)
    work, there = ItemRow.stage == Stage.WORK.value, RaterRow.state != RaterState.REPLACED.value
    done = (
        select(RatingRow.session, func.count())
        .join(ItemRow, its_item)
        .outerjoin(later, later.replaces == RatingRow.id)
        .where(work, later.id.is_(None), ~RatingRow.withdrawn, ~RatingRow.adjudicates)
    )
    with store.database.reading() as connection:
        items = _by_session(connection, select(ItemRow.session, func.count()).where(work))
        raters = _by_session(connection, select(RaterRow.session, func.count()).where(there))
        rated = _by_session(connection, done)
    found: defaultdict[str, SessionCounts] = defaultdict(SessionCounts)
    for session in {*items, *raters, *rated}:
        found[session] = SessionCounts(
            items=items.get(session, 0), raters=raters.get(session, 0), done=rated.get(session, 0)
        )
    return found


def _by_session(connection: Connection, counting: Select[str, int]) -> Mapping[str, int]:
    session = counting.selected_columns[0]
    return dict(connection.execute(counting.group_by(session)).all())
