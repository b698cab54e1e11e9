"""What a rater's page asks for. A rater sees what is handed out to them, and nothing else."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.tasks import Answer, Said, Task
from sparrow_lite.rating.values import SessionState
from sparrow_lite.ui.rating.asking import Asked
from sparrow_lite.ui.rating.callers import rater_of
from sparrow_lite.ui.rating.parts import RatingParts


class _Draft(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    answers: dict[str, str] = Field(default_factory=dict)
    comment: str = ""


class _Undo(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rating: str | None = None


def open_page(parts: RatingParts, asked: Asked) -> Any:
    """Return the task to go on with, when a page is opened; it is audited."""
    rater = rater_of(parts, asked)
    parts.store.audit(rater.id, "open the page", rater.id)
    return parts.sessions.task(rater.id)


def task(parts: RatingParts, asked: Asked) -> Any:
    """Return the task at hand, or the one at `place`, from 0."""
    rater, place = rater_of(parts, asked), asked.query.get("place")
    if place is None:
        return parts.sessions.task(rater.id)
    if not place.isdecimal() or len(place) > 9:
        raise ConfigError("A place is a number.")
    return parts.sessions.task_at(rater.id, int(place))


def answer(parts: RatingParts, asked: Asked) -> Any:
    """Keep an answer; return the feedback, and the task that follows."""
    rater = rater_of(parts, asked)
    feedback, following = parts.sessions.answer_and_go_on(rater.id, asked.read(Answer))
    return {"feedback": feedback, "task": following}


def undo(parts: RatingParts, asked: Asked) -> Any:
    """Take a rating back; return its item as the task."""
    rater = rater_of(parts, asked)
    return parts.sessions.undo(rater.id, asked.read(_Undo).rating)


def keep_draft(parts: RatingParts, asked: Asked) -> Any:
    """Keep what is answered of an item so far."""
    rater, draft = rater_of(parts, asked), asked.read(_Draft)
    kept = {"answers": draft.answers, "comment": draft.comment}
    parts.sessions.keep_draft(rater.id, draft.item, kept)
    return {}


def say(parts: RatingParts, asked: Asked) -> Task:
    """Add the rater's turn to a dialogue, and what the agents reply; return the item with it."""
    rater, said = rater_of(parts, asked), asked.read(Said)
    session = parts.store.session(rater.session)
    talking = parts.sessions.task(rater.id).shown
    if session.state is not SessionState.OPEN or talking is None or not talking.body.get("talk"):
        # No model is loaded for somebody who has nothing to say.
        return parts.sessions.say(rater.id, said, {})
    return parts.sessions.say(rater.id, said, parts.talkers(session))
