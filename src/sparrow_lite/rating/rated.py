"""What was said of each item: the item, its questions, every rater's rating and the organiser's decision.

Everything that is counted or exported starts here, so that skips, rows taken back and checks are left out
in one place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Item, Question, Rating, Session, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedItem:
    """One item with what was said of it.

    Attributes:
        item: The item.
        questions: What was asked.
        ratings: The raters' current ratings, skips left out, in the order in which they were made.
        decision: The organiser's rating, which decides where raters differ; None for none.
    """

    item: Item
    questions: tuple[Question, ...]
    ratings: tuple[Rating, ...]
    decision: Rating | None = None

    @property
    def shared(self) -> tuple[Question, ...]:
        """The questions that all raters answer about the same words.

        Where a rater talks, only the first choice among given replies is: what follows is each rater's own.
        """
        if not self.item.body.get("talk"):
            return self.questions
        return self.questions[:1] if self.item.body.get("candidates") else ()

    @property
    def deciding(self) -> tuple[Rating, ...]:
        """The ratings that count: the organiser's decision, or else those of all raters."""
        return (self.decision,) if self.decision is not None else self.ratings


def rated_items(
    store: RatingStore, session: Session, protocol: RatingProtocol, *, stage: Stage = Stage.WORK
) -> tuple[RatedItem, ...]:
    """Return the session's items of one stage, those that nobody rated too, in their order.

    Raises:
        StoreError: When the database cannot be read.
    """
    return join_ratings(store.items(session.id), store.current(session.id), protocol, stage=stage)


def join_ratings(
    items: Iterable[Item], ratings: Sequence[Rating], protocol: RatingProtocol, *, stage: Stage = Stage.WORK
) -> tuple[RatedItem, ...]:
    """Return the items of one stage with their ratings; see `rated_items`."""
    by_item: dict[str, list[Rating]] = {}
    for one in ratings:
        if one.skipped is None and not one.withdrawn:
            by_item.setdefault(one.item, []).append(one)
    return tuple(_rated(item, by_item.get(item.id, ()), protocol) for item in items if item.stage is stage)


def anonymous_names(raters: Iterable[str]) -> Mapping[str, str]:
    """Return a name for each rater's id, such as `rater-1`, in an order that is as random as the ids."""
    return {rater: f"rater-{number}" for number, rater in enumerate(sorted(set(raters)), start=1)}


def _rated(item: Item, ratings: Sequence[Rating], protocol: RatingProtocol) -> RatedItem:
    decisions = [one for one in ratings if one.adjudicates]
    return RatedItem(
        item=item,
        questions=protocol.questions(item),
        ratings=tuple(one for one in ratings if not one.adjudicates),
        decision=decisions[-1] if decisions else None,
    )
