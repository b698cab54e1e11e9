"""A session's raters: links handed out and revoked, and one put in the place of another."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from sparrow_lite.rating.access import revoke_links, sign_link
from sparrow_lite.rating.values import Rater, RaterState
from sparrow_lite.ui.rating.asking import Asked, Missing
from sparrow_lite.ui.rating.callers import session_of
from sparrow_lite.ui.rating.parts import RatingParts

_DAY_SECONDS = 86_400.0


class _Links(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    raters: list[str] | None = None
    days: float = Field(default=30.0, gt=0, le=3650)


class _Revoke(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rater: str


class _Replace(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    rater: str
    name: str = Field(max_length=200)
    again: bool = False


def make_links(parts: RatingParts, asked: Asked) -> Any:
    """Return a new personal link for each rater that is named, or for each who takes part."""
    account, session = session_of(parts, asked)
    given = asked.read(_Links)
    raters = [one for one in parts.store.raters(session.id) if one.state is not RaterState.REPLACED]
    wanted = raters if given.raters is None else [_find(raters, one) for one in given.raters]
    links = []
    for rater in wanted:
        parts.store.audit(account.name, "make a link", rater.id)
        token = sign_link(parts.secret, rater.id, given.days * _DAY_SECONDS)
        links.append({"rater": rater.id, "name": rater.name, "path": f"/rate/{token}"})
    return links


def revoke(parts: RatingParts, asked: Asked) -> Any:
    """End every link of a rater that was made before."""
    account, session = session_of(parts, asked)
    rater = _find(parts.store.raters(session.id), asked.read(_Revoke).rater)
    parts.store.audit(account.name, "revoke links", rater.id)
    revoke_links(parts.store, rater.id)
    return {}


def replace(parts: RatingParts, asked: Asked) -> Any:
    """Put a new rater in the place of one."""
    account, session = session_of(parts, asked)
    given = asked.read(_Replace)
    rater = _find(parts.store.raters(session.id), given.rater)
    return parts.sessions.replace_rater(rater.id, given.name, again=given.again, by=account.name)


def _find(raters: tuple[Rater, ...] | list[Rater], rater: str) -> Rater:
    """Return the rater of this id.

    Raises:
        Missing: When the session has none.
    """
    found = [one for one in raters if one.id == rater]
    if not found:
        raise Missing("There is no such rater in this session.")
    return found[0]
