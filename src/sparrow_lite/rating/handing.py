"""Handing out: where a rater stands, and which item their page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.progress import qualification_score
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
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
        qualification: Ids of the qualification items, in order.
        work: Ids of work and checks, in order.
        ratings: The rater's current ratings by item, the oldest first.
    """

    rater: Rater
    session: Session
    protocol: RatingProtocol
    qualification: Sequence[str]
    work: Sequence[str]
    ratings: Mapping[str, Rating]

    @property
    def qualifying(self) -> bool:
        """Whether the rater is still to qualify."""
        return self.rater.state in (RaterState.INVITED, RaterState.QUALIFYING) and bool(self.qualification)

    @property
    def order(self) -> Sequence[str]:
        """Ids of the items of the stage at hand."""
        return self.qualification if self.qualifying else self.work

    @property
    def next_place(self) -> int:
        """Place in the stage of the first item that is not done; one past the last when all are."""
        places = (place for place, item in enumerate(self.order) if item not in self.ratings)
        return next(places, len(self.order))

    @property
    def last(self) -> Rating | None:
        """The last rating that can be taken back; None for none. A qualification answer cannot."""
        work = set(self.work)
        found = [one for one in self.ratings.values() if one.item in work]
        return max(found, key=lambda one: one.made_at) if found and not self.qualifying else None


class Handing:
    """Hands out the items of one database. Safe to call from several threads."""

    def __init__(self, store: RatingStore) -> None:
        self._store = store
        # Both never change for an id; what is kept twice is equal.
        self._protocols: dict[str, RatingProtocol] = {}
        self._stages: dict[str, dict[str, Stage]] = {}

    def desk(self, rater: str) -> Desk:
        """Return what lies before the rater, its state brought up to what they have answered.

        Raises:
            StoreError: When there is no such rater.
        """
        who = self._store.rater(rater)
        session = self._store.session(who.session)
        assigned = [one.item for one in self._store.assignments(rater)]
        stages = self._stages_of(session.id, assigned)
        desk = Desk(
            rater=who,
            session=session,
            protocol=self.protocol(session),
            qualification=[one for one in assigned if stages[one] is Stage.QUALIFICATION],
            work=[one for one in assigned if stages[one] is not Stage.QUALIFICATION],
            ratings={one.item: one for one in self._store.current(session.id, rater)},
        )
        return self._settled(desk)

    def protocol(self, session: Session) -> RatingProtocol:
        """Return the session's protocol."""
        found = self._protocols.get(session.id)
        if found is None:
            found = open_protocol(session.protocol, session.settings)
            self._protocols[session.id] = found
        return found

    def task(self, rater: str) -> Task:
        """Return what the rater is to do next."""
        desk = self.desk(rater)
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
        if item not in desk.order:
            raise ConfigError("There is no such item.")
        return self._task(desk, desk.order.index(item))

    def score(self, desk: Desk) -> float | None:
        """Return the share of right qualification answers so far; None when there is nothing to answer."""
        items = [self._store.item(desk.session.id, one) for one in desk.qualification]
        answers = {item: one.answers for item, one in desk.ratings.items()}
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
            if any(item not in desk.ratings for item in desk.qualification):
                return RaterState.QUALIFYING
            if (self.score(desk) or 0.0) < desk.session.pass_mark:
                return RaterState.FAILED
        done = all(item in desk.ratings for item in desk.work)
        return RaterState.DONE if done else RaterState.WORKING

    def _task(self, desk: Desk, place: int) -> Task:
        session, protocol = desk.session, desk.protocol
        done = sum(item in desk.ratings for item in desk.order)
        last = desk.last
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
            progress=Progress(done=done, total=len(desk.order)),
            shown=self._shown(desk, place),
            undoes=last.id if last else None,
        )

    def _shown(self, desk: Desk, place: int) -> Shown | None:
        shut = desk.rater.state in _ENDED or desk.session.state is not SessionState.OPEN
        if shut or place >= len(desk.order):
            return None
        item = self._store.item(desk.session.id, desk.order[place])
        rating = desk.ratings.get(item.id)
        told = item if desk.qualifying and rating is not None else None
        head = self._store.head(desk.rater.id, item.id)
        return Shown(
            item=item.id,
            stage=QUALIFYING if desk.qualifying else RATING,
            place=place,
            body=item.body,
            questions=desk.protocol.questions(item),
            rating=_blinded(rating) if rating else None,
            replaces=head.id if head else None,
            draft=_shown_draft(item, self._store.draft(desk.rater.id, item.id)),
            changeable=told is None and not (rating and item.body.get("talk")),
            explanation=told.explanation if told else "",
            gold=told.gold if told else None,
        )

    def _stages_of(self, session: str, assigned: Sequence[str]) -> Mapping[str, Stage]:
        known = self._stages.get(session, {})
        if any(one not in known for one in assigned):
            known = {item.id: item.stage for item in self._store.items(session)}
            self._stages[session] = known
        return known


def _blinded(rating: Rating) -> Rating:
    return replace(rating, dialogue=tuple(blind(rating.dialogue)))


def _shown_draft(item: Item, draft: Mapping[str, Any] | None) -> dict[str, Any]:
    found = dict(draft or {})
    if item.body.get("talk"):
        found["dialogue"] = blind(found.get("dialogue", ()))
    return found
