"""Frozen values of rating sessions: sessions, raters, items, assignments, ratings. `store.py` keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class SessionState(StrEnum):
    """Whether a session takes ratings."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class Stage(StrEnum):
    """What an item is for. A rater is not told which items are checks."""

    QUALIFICATION = "qualification"
    CHECK = "check"
    WORK = "work"


class RaterState(StrEnum):
    """Where a rater stands."""

    INVITED = "invited"
    QUALIFYING = "qualifying"
    WORKING = "working"
    FAILED = "failed"
    DONE = "done"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that may be chosen: its id, the words shown, and the key that chooses it."""

    id: str
    words: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of an item.

    Attributes:
        id: Key of the answer, such as `plausible`, or the id of a rule.
        words: As the rater reads it.
        guidance: How to decide, beside the question.
        choices: In the order shown.
        ordinal: Whether the choices are ranks of one scale, in their order.
    """

    id: str
    words: str
    guidance: str
    choices: tuple[Choice, ...]
    ordinal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to rate.

    Attributes:
        id: Unique in the session.
        stage: Qualification, check or work.
        body: What the rater sees, as the protocol lays it out; JSON.
        origin: Where it comes from, which the rater does not see: `case`, `arm`, `suite`, `probe`, `rule`,
            candidates' arms by letter, the run's folder; JSON.
        gold: The right answer to each question by its id, for checks and qualification; else None.
        explanation: Why the gold answers are right, shown after a qualification item; else empty.
    """

    id: str
    stage: Stage
    body: Mapping[str, Any]
    origin: Mapping[str, Any] = field(default_factory=dict)
    gold: Mapping[str, str] | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A rating session.

    Attributes:
        id: Random, in addresses.
        name: For people.
        protocol: Name of the protocol.
        state: Whether it takes ratings.
        overlap: Raters of each work item.
        checks: Share of checks among the items that a rater sees, 0.0 to 1.0.
        seed: Of the assignment and of every rater's order.
        pass_mark: Share of qualification answers that must be right, 0.0 to 1.0.
        offensive: Whether raters are warned that texts may offend.
        created_at: ISO 8601 time with zone.
        settings: What else the protocol needs (the arm that is probed, the rules, guidance versions); JSON.
    """

    id: str
    name: str
    protocol: str
    state: SessionState
    overlap: int
    checks: float
    seed: int
    pass_mark: float
    offensive: bool
    created_at: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rater:
    """A rater of one session.

    Attributes:
        id: Random, unique over all sessions.
        session: Id of the session.
        name: For the organiser only.
        state: Where the rater stands.
        account: Name of the account that the rater uses; None for a personal link.
        replaces: Id of the rater whose unfinished items this one took over; None for none.
    """

    id: str
    session: str
    name: str
    state: RaterState
    account: str | None = None
    replaces: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Which item a rater sees at which place of their own order, from 0; qualification items come first."""

    rater: str
    item: str
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One answer of one rater to one item. Written once; a later row replaces it.

    Attributes:
        id: Made by the rater's page, so that a save that is sent twice counts once.
        session: Id of the session.
        rater: Id of the rater; of the organiser's account when it adjudicates.
        item: Id of the item.
        answers: Choice by question; empty when skipped or withdrawn.
        comment: Free words; may be empty.
        skipped: Why the item was skipped; None when it was rated.
        withdrawn: Whether this row only takes back the one that it replaces (undo).
        replaces: Id of the rating that it replaces; None for the first one.
        adjudicates: Whether it decides a disagreement.
        seconds: That the item was shown.
        made_at: ISO 8601 time with zone, of the server.
        dialogue: The dialogue that the rater had, for protocols in which the rater talks; JSON turns.
    """

    id: str
    session: str
    rater: str
    item: str
    answers: Mapping[str, str]
    comment: str = ""
    skipped: str | None = None
    withdrawn: bool = False
    replaces: str | None = None
    adjudicates: bool = False
    seconds: float = 0.0
    made_at: str = ""
    dialogue: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to what (an id), and when (ISO 8601 time with zone)."""

    at: str
    who: str
    what: str
    about: str
