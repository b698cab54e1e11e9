"""A rater's whole order with what is done of it, in one query: what is asked at every click."""

from dataclasses import dataclass

from sparrow_lite.rating.asked_often import seats_of_rater
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One item of a rater's order.

    Attributes:
        item: Id of the item.
        stage: What the item is for.
        head: Id of the rater's last row for it, which a new one must replace; None for none.
        done: Whether that row is a rating or a skip, and does not take one back.
        ordinal: Of that row among all rows; -1 for none. Later rows have higher ones.
    """

    item: str
    stage: Stage
    head: str | None
    done: bool
    ordinal: int


def seats_of(store: RatingStore, rater: str) -> tuple[Seat, ...]:
    """Return the rater's items in their order, each with its last row.

    Raises:
        StoreError: When the database cannot be read.
    """
    with store.database.reading() as connection:
        rows = connection.execute(seats_of_rater(), {"rater": rater}).all()
    return tuple(
        Seat(
            item=item,
            stage=Stage(stage),
            head=head,
            done=head is not None and not withdrawn,
            ordinal=-1 if ordinal is None else ordinal,
        )
        for item, stage, head, withdrawn, ordinal in rows
    )
