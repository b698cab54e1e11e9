"""Taking answers: what counts as one, what comes back, undo, and the organiser's decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating import talking
from sparrow_lite.rating.creating import now
from sparrow_lite.rating.gold import marks
from sparrow_lite.rating.handing import Desk, Handing
from sparrow_lite.rating.handover import withdrawal
from sparrow_lite.rating.protocols.preference import round_question
from sparrow_lite.rating.store import RatingConflict, RatingStore
from sparrow_lite.rating.tasks import Answer, Feedback, Task
from sparrow_lite.rating.values import Item, Question, RaterState, Rating, Session, SessionState, Stage

_MOST_CHARS = 4000
_MOST_ID_CHARS = 64
_LONGEST_SECONDS = 86_400.0


class Answering:
    """Takes the answers of one database. Safe to call from several threads."""

    def __init__(self, store: RatingStore, handing: Handing) -> None:
        self._store = store
        self._handing = handing

    def answer(self, rater: str, given: Answer) -> tuple[Feedback, Desk]:
        """Keep an answer or a skip; return the feedback, and what lies before the rater afterwards."""
        desk = self._handing.desk(rater)
        again = self._again(desk, given)
        item = self._item(desk, given, again)
        dialogue = again.dialogue if again else self._dialogue(desk, item)
        given = _whole(given, self._store.draft(rater, item.id) or {}) if dialogue else given
        asked = _asked(desk.protocol.questions(item), dialogue)
        _check(given, asked)
        if item.body.get("talk") and given.skipped is None and not dialogue:
            raise ConfigError("Talk with the agent first: there is no dialogue to rate yet.")
        if dialogue and again is None and given.skipped is None and talking.rounds(dialogue):
            last = given.answers[asked[-1].id]
            dialogue = talking.choose(dialogue, last, seed=item.id)
        rating = self._store.save(_rating(desk, given, dialogue))
        desk = self._handing.after(desk, rating)
        return self._feedback(desk, item, rating), desk

    def undo(self, rater: str, rating: str | None) -> Task:
        """Take back a rating, and return its item as the task; see `RatingSessions.undo`."""
        desk = self._handing.desk(rater)
        if desk.last is None and rating is None:
            raise ConfigError("There is nothing to take back.")
        wanted = desk.last.head if rating is None and desk.last else rating
        found = next((one for one in desk.work if one.done and one.head == wanted), None)
        if found is None or desk.qualifying:
            return self._handing.task(rater)
        require_open(desk)
        taken = self._store.head(rater, found.item)
        if taken is not None and taken.id == wanted:
            self._store.save(withdrawal(taken))
        return self._handing.task_of(rater, found.item)

    def adjudicate(self, session: Session, given: Answer, by: str) -> Rating:
        """Keep the organiser's decision; see `RatingSessions.adjudicate`."""
        item = self._store.item(session.id, given.item)
        if item.stage is not Stage.WORK or given.skipped is not None:
            raise ConfigError("A decision is an answer to a work item.")
        _check(given, self._handing.protocol(session).questions(item))
        before = [one for one in self._store.current(session.id) if one.item == item.id and one.adjudicates]
        return self._store.save(
            Rating(
                id=given.id,
                session=session.id,
                rater=by,
                item=item.id,
                answers=dict(given.answers),
                comment=given.comment,
                replaces=given.replaces or (before[-1].id if before and before[-1].id != given.id else None),
                adjudicates=True,
                seconds=given.seconds,
                made_at=now(),
            )
        )

    def _again(self, desk: Desk, given: Answer) -> Rating | None:
        """The stored rating when this one was sent before; None when it is new."""
        if not any(one.item == given.item and one.done and one.head == given.id for one in desk.seats):
            return None
        return self._store.head(desk.rater.id, given.item)

    def _item(self, desk: Desk, given: Answer, again: Rating | None) -> Item:
        """The item that is answered, if it may be.

        Raises:
            ConfigError: For an item that is not the rater's, or not yet.
            RatingConflict: When the session or the rater takes no answers.
        """
        if again is not None:
            return self._store.item(desk.session.id, given.item)
        seat = desk.seat(given.item)
        if seat is None:
            raise ConfigError("There is no such item.")
        require_open(desk)
        if desk.qualifying and seat.done:
            raise RatingConflict("This item is answered, and its explanation was shown.")
        item = self._store.item(desk.session.id, given.item)
        if seat.done and item.body.get("talk"):
            raise RatingConflict("This dialogue is rated: undo to have it once more.")
        return item

    def _dialogue(self, desk: Desk, item: Item) -> talking.Turns:
        """The dialogue as the server kept it, never as the page sends it."""
        if not item.body.get("talk"):
            return ()
        kept = (self._store.draft(desk.rater.id, item.id) or {}).get("dialogue", ())
        if not kept and item.body.get("candidates"):
            return talking.first_round(item)
        return tuple(kept)

    def _feedback(self, desk: Desk, item: Item, rating: Rating) -> Feedback:
        shown = replace(rating, dialogue=tuple(talking.blind(rating.dialogue)))
        if item.stage is not Stage.QUALIFICATION:
            return Feedback(rating=shown, rater_state=desk.rater.state)
        gold = item.gold or {}
        through = desk.rater.state is not RaterState.QUALIFYING
        return Feedback(
            rating=shown,
            rater_state=desk.rater.state,
            right=marks(desk.protocol.questions(item), gold, rating.answers),
            gold=gold,
            explanation=item.explanation,
            score=self._handing.score(desk) if through else None,
        )


def require_open(desk: Desk) -> None:
    """Return when answers are taken.

    Raises:
        RatingConflict: When the session or the rater takes none.
    """
    if desk.session.state is not SessionState.OPEN:
        raise RatingConflict(f"The session is {desk.session.state.value}, and takes no ratings.")
    if desk.rater.state in (RaterState.FAILED, RaterState.REPLACED):
        raise RatingConflict("This rater takes no part any more.")


def _whole(given: Answer, draft: Mapping[str, Any]) -> Answer:
    """The answer with the choices of earlier rounds, which were made when the dialogue went on."""
    if given.skipped is not None:
        return given
    return replace(given, answers={**given.answers, **draft.get("choices", {})})


def _asked(questions: Sequence[Question], dialogue: talking.Turns) -> Sequence[Question]:
    """The questions that the answer must answer: of a dialogue's rounds, only those that were begun."""
    begun = talking.rounds(dialogue)
    if not begun:
        return questions
    wanted = {round_question(number) for number in range(1, begun + 1)}
    return [one for one in questions if one.id in wanted]


def _check(given: Answer, questions: Sequence[Question]) -> None:
    """Raises ConfigError for an answer that is not asked for, or lacks something."""
    _check_bounds(given)
    if given.skipped is not None:
        if not given.skipped.strip() or given.answers:
            raise ConfigError("A skip has a reason, and no answers.")
        return
    choices = {one.id: {choice.id for choice in one.choices} for one in questions}
    if set(given.answers) != set(choices):
        raise ConfigError(f"The questions are {', '.join(choices)}: answer each of them, and no other.")
    for question, choice in given.answers.items():
        if choice not in choices[question]:
            raise ConfigError(f"{choice!r} is no answer to {question}.")


def _check_bounds(given: Answer) -> None:
    if not 8 <= len(given.id) <= _MOST_ID_CHARS:
        raise ConfigError(f"The id of a rating has 8 to {_MOST_ID_CHARS} characters.")
    if not 0 <= given.seconds <= _LONGEST_SECONDS:
        raise ConfigError("The seconds that an item was shown are from 0 to a day.")
    if len(given.comment) > _MOST_CHARS or len(given.skipped or "") > _MOST_CHARS:
        raise ConfigError(f"A comment or a reason has at most {_MOST_CHARS:,} characters.")


def _rating(desk: Desk, given: Answer, dialogue: talking.Turns) -> Rating:
    return Rating(
        id=given.id,
        session=desk.session.id,
        rater=desk.rater.id,
        item=given.item,
        answers=dict(given.answers),
        comment=given.comment.strip(),
        skipped=given.skipped.strip() if given.skipped is not None else None,
        replaces=given.replaces,
        seconds=round(given.seconds, 2),
        made_at=now(),
        dialogue=dialogue,
    )
