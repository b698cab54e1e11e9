"""Handing out: where a rater stands, and which item their page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.progress import qualification_score
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.seats import Seat, seats_of
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.talking import blind
from sparrow_lite.rating.tasks import Progress, Shown, Task
from sparrow_lite.rating.values import Item, Rater, RaterState, Rating, Session, SessionState, Stage

QUALIFYING, RATING = "qualification", "rating"
_ENDED = frozenset({RaterState.FAILED, RaterState.REPLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What lies before one rater.

    Attributes:
        rater: The rater.
        session: The session.
        protocol: Its protocol.
        seats: Every item of the rater's, in order, the qualification first.
    """

    rater: Rater
    session: Session
    protocol: RatingProtocol
    seats: tuple[Seat, ...]

    @property
    def qualification(self) -> Sequence[Seat]:
        """The items that the rater qualifies by, in order."""
        return [one for one in self.seats if one.stage is Stage.QUALIFICATION]

    @property
    def work(self) -> Sequence[Seat]:
        """Work and checks, in order."""
        return [one for one in self.seats if one.stage is not Stage.QUALIFICATION]

    @property
    def qualifying(self) -> bool:
        """Whether the rater is still to qualify."""
        return self.rater.state in (RaterState.INVITED, RaterState.QUALIFYING) and bool(self.qualification)

    @property
    def order(self) -> Sequence[Seat]:
        """The items of the stage at hand."""
        return self.qualification if self.qualifying else self.work

    @property
    def next_place(self) -> int:
        """Place in the stage of the first item that is not done; one past the last when all are."""
        order = self.order
        return next((place for place, one in enumerate(order) if not one.done), len(order))

    @property
    def last(self) -> Seat | None:
        """The item that was rated last and may be taken back; None for none, as of a qualification."""
        done = [] if self.qualifying else [one for one in self.work if one.done]
        return max(done, key=lambda one: one.ordinal, default=None)

    def seat(self, item: str) -> Seat | None:
        """Return the item of the stage at hand; None when it is not of it."""
        return next((one for one in self.order if one.item == item), None)


class Handing:
    """Hands out the items of one database. Safe to call from several threads."""

    def __init__(self, store: RatingStore) -> None:
        self._store = store
        # A session's protocol never changes; what is made twice is equal.
        self._protocols: dict[str, RatingProtocol] = {}

    def desk(self, rater: str) -> Desk:
        """Return what lies before the rater, its state brought up to what they have answered.

        Raises:
            StoreError: When there is no such rater.
        """
        who = self._store.rater(rater)
        session = self._store.session(who.session)
        seats = seats_of(self._store, rater)
        return self._settled(Desk(rater=who, session=session, protocol=self.protocol(session), seats=seats))

    def after(self, desk: Desk, rating: Rating) -> Desk:
        """Return the desk once this rating is saved, its state brought up to it."""
        newest = max((one.ordinal for one in desk.seats), default=-1) + 1
        seats = tuple(
            replace(one, head=rating.id, done=True, ordinal=newest) if one.item == rating.item else one
            for one in desk.seats
        )
        return self._settled(replace(desk, seats=seats))

    def protocol(self, session: Session) -> RatingProtocol:
        """Return the session's protocol."""
        found = self._protocols.get(session.id)
        if found is None:
            found = open_protocol(session.protocol, session.settings)
            self._protocols[session.id] = found
        return found

    def task(self, rater: str) -> Task:
        """Return what the rater is to do next."""
        return self.next_task(self.desk(rater))

    def next_task(self, desk: Desk) -> Task:
        """Return what the rater of this desk is to do next."""
        return self._task(desk, desk.next_place)

    def task_at(self, rater: str, place: int) -> Task:
        """Return the item at a place of the stage at hand, done or next.

        Raises:
            ConfigError: For a place beyond the next item.
        """
        desk = self.desk(rater)
        if not 0 <= place <= desk.next_place:
            raise ConfigError(f"Place {place} is not open yet: the next one is {desk.next_place}.")
        return self._task(desk, place)

    def task_of(self, rater: str, item: str) -> Task:
        """Return this item as the task.

        Raises:
            ConfigError: For an item that is not of the rater's stage at hand.
        """
        desk = self.desk(rater)
        places = [place for place, one in enumerate(desk.order) if one.item == item]
        if not places:
            raise ConfigError("There is no such item.")
        return self._task(desk, places[0])

    def score(self, desk: Desk) -> float | None:
        """Return the share of right qualification answers so far; None when there is nothing to answer."""
        items = [self._store.item(desk.session.id, one.item) for one in desk.qualification]
        ratings = self._store.current(desk.session.id, desk.rater.id)
        answers = {one.item: one.answers for one in ratings}
        return qualification_score(items, answers, desk.protocol)

    def _settled(self, desk: Desk) -> Desk:
        """The desk with the state that follows from the answers, also after a crash between the two."""
        state = self._state(desk)
        if state is desk.rater.state:
            return desk
        self._store.set_rater_state(desk.rater.id, state)
        return replace(desk, rater=replace(desk.rater, state=state))

    def _state(self, desk: Desk) -> RaterState:
        if desk.rater.state in _ENDED:
            return desk.rater.state
        if desk.qualifying:
            if not all(one.done for one in desk.qualification):
                return RaterState.QUALIFYING
            if (self.score(desk) or 0.0) < desk.session.pass_mark:
                return RaterState.FAILED
        done = all(one.done for one in desk.work)
        return RaterState.DONE if done else RaterState.WORKING

    def _task(self, desk: Desk, place: int) -> Task:
        session, protocol = desk.session, desk.protocol
        order, last = desk.order, desk.last
        return Task(
            rater=desk.rater.id,
            session=session.id,
            name=session.name,
            protocol=protocol.name,
            title=protocol.title,
            guidance=protocol.guidance,
            offensive=session.offensive,
            session_state=session.state,
            rater_state=desk.rater.state,
            progress=Progress(done=sum(one.done for one in order), total=len(order)),
            shown=self._shown(desk, place),
            undoes=last.head if last else None,
        )

    def _shown(self, desk: Desk, place: int) -> Shown | None:
        shut = desk.rater.state in _ENDED or desk.session.state is not SessionState.OPEN
        order = desk.order
        if shut or place >= len(order):
            return None
        seat = order[place]
        item = self._store.item(desk.session.id, seat.item)
        rating = self._store.head(desk.rater.id, item.id) if seat.done else None
        told = item if desk.qualifying and rating is not None else None
        return Shown(
            item=item.id,
            stage=QUALIFYING if desk.qualifying else RATING,
            place=place,
            body=item.body,
            questions=desk.protocol.questions(item),
            rating=_blinded(rating) if rating else None,
            replaces=seat.head,
            draft=_shown_draft(item, self._store.draft(desk.rater.id, item.id)),
            changeable=told is None and not (rating and item.body.get("talk")),
            explanation=told.explanation if told else "",
            gold=told.gold if told else None,
        )


def _blinded(rating: Rating) -> Rating:
    return replace(rating, dialogue=tuple(blind(rating.dialogue)))


def _shown_draft(item: Item, draft: Mapping[str, Any] | None) -> dict[str, Any]:
    found = dict(draft or {})
    if item.body.get("talk"):
        found["dialogue"] = blind(found.get("dialogue", ()))
    return found
