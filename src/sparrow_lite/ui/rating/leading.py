"""What the organiser's pages ask for about sessions that there are: how they do, and who decides what."""

from collections.abc import Callable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from sparrow_lite.rating.agreement import agreements
from sparrow_lite.rating.outcomes import human_outcomes, rater_quality
from sparrow_lite.rating.overview import session_counts
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.tasks import Answer, Disagreement
from sparrow_lite.rating.values import Rating, Stage
from sparrow_lite.ui.rating.asking import Asked
from sparrow_lite.ui.rating.callers import organiser_of, session_of
from sparrow_lite.ui.rating.exports import listed_runs
from sparrow_lite.ui.rating.parts import RatingParts

_MOST_LINES = 200


class _State(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Literal["open", "paused", "closed"]


def sessions(parts: RatingParts, asked: Asked) -> Any:
    """Return every session with how far it is, the newest first."""
    organiser_of(parts, asked)
    counts = session_counts(parts.store)
    return [{"session": one, "counts": counts[one.id]} for one in reversed(parts.store.sessions())]


def session(parts: RatingParts, asked: Asked) -> Any:
    """Return how a session does."""
    _, found = session_of(parts, asked)
    protocol = open_protocol(found.protocol, found.settings)
    return {
        "title": protocol.title,
        "progress": parts.sessions.progress(found.id),
        "runs": listed_runs(parts, found),
    }


def figures(parts: RatingParts, asked: Asked) -> Any:
    """Return agreement, rates and the quality of raters, with intervals."""
    _, found = session_of(parts, asked)
    protocol = open_protocol(found.protocol, found.settings)
    work = rated_items(parts.store, found, protocol)
    checks = rated_items(parts.store, found, protocol, stage=Stage.CHECK)
    return {
        "agreement": agreements(work, {one.id: one.name for one in parts.store.raters(found.id)}),
        "rates": human_outcomes(work, protocol),
        "quality": rater_quality(work, checks, pass_mark=found.pass_mark),
    }


def set_state(parts: RatingParts, asked: Asked) -> Any:
    """Open, pause or close a session."""
    account, found = session_of(parts, asked)
    act: dict[str, Callable[..., None]] = {
        "open": parts.sessions.resume,
        "paused": parts.sessions.pause,
        "closed": parts.sessions.close,
    }
    act[asked.read(_State).state](found.id, by=account.name)
    return session(parts, asked)


def disagreements(parts: RatingParts, asked: Asked) -> Any:
    """Return the items on which raters differ. Where a reply comes from is not told: decisions are blind."""
    _, found = session_of(parts, asked)
    names = {one.id: one.name for one in parts.store.raters(found.id)}
    protocol = open_protocol(found.protocol, found.settings)
    return {
        "name": found.name,
        "state": found.state,
        "title": protocol.title,
        "guidance": protocol.guidance,
        "items": [_differing(one, names) for one in parts.sessions.disagreements(found.id)],
    }


def adjudicate(parts: RatingParts, asked: Asked) -> Any:
    """Keep the organiser's decision on an item."""
    account, found = session_of(parts, asked)
    return parts.sessions.adjudicate(found.id, asked.read(Answer), by=account.name)


def log(parts: RatingParts, asked: Asked) -> Any:
    """Return what was done to the session and its raters, the newest first, 200 lines at most."""
    _, found = session_of(parts, asked)
    names = {one.id: one.name for one in parts.store.raters(found.id)}
    lines = parts.store.audit_log(found.id)[-_MOST_LINES:]
    return [
        {
            "at": one.at,
            "who": names.get(one.who, one.who),
            "what": one.what,
            "about": _about(one.about, names),
        }
        for one in reversed(lines)
    ]


def _about(about: str, names: dict[str, str]) -> str:
    """Of what a line tells, the part that people know: a rater's name."""
    return names.get(about, "")


def _differing(one: Disagreement, names: dict[str, str]) -> dict[str, Any]:
    def told(rating: Rating) -> dict[str, Any]:
        return {
            "answers": rating.answers,
            "comment": rating.comment,
            "by": names.get(rating.rater, rating.rater),
        }

    return {
        "item": one.item.id,
        "body": one.item.body,
        "questions": one.questions,
        "differing": one.differing,
        "ratings": [told(rating) for rating in one.ratings],
        "decision": {**told(one.decision), "id": one.decision.id} if one.decision else None,
    }
