"""Frozen values between the pages or commands and `sessions`: what is asked for, and what comes back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sparrow_lite.rating.values import Item, Question, Rater, RaterState, Rating, Session, SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that an organiser asks for; see `values.Session`.

    Attributes:
        name: For people.
        protocol: Name of the protocol.
        raters: Names of the raters.
        accounts: Account by rater's name, for those who sign in; the others get a link.
        overlap: Raters of each work item.
        checks: Share of checks among the items that a rater sees, 0.0 up to but not with 1.0.
        seed: Of every draw.
        pass_mark: Share of qualification answers that must be right, 0.0 to 1.0.
        qualification: Whether raters qualify first.
        offensive: Whether raters are warned that texts may offend.
        limit: Most work items, drawn by the seed; None for all.
        settings: What the protocol takes; see each protocol's `open`.
    """

    name: str
    protocol: str
    raters: tuple[str, ...]
    accounts: Mapping[str, str] = field(default_factory=dict)
    overlap: int = 2
    checks: float = 0.1
    seed: int = 0
    pass_mark: float = 0.75
    qualification: bool = True
    offensive: bool = True
    limit: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What was made: the session, its new raters, how much work, and what the organiser should know."""

    session: Session
    raters: tuple[Rater, ...]
    items: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What a session is extended by.

    Attributes:
        raters: Names of new raters.
        overlap: Further raters of each work item that is there already.
        limit: Most new work items; None for all rows.
        accounts: Account by new rater's name.
    """

    raters: tuple[str, ...] = ()
    overlap: int = 0
    limit: int | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as the rater's page sends it; see `values.Rating`.

    Attributes:
        id: Random, made by the page; the same when it is sent again.
        item: Id of the item.
        answers: Choice by question; empty for a skip.
        comment: Free words.
        skipped: Why the item is skipped; None for an answer.
        replaces: What the task said in `replaces`.
        seconds: That the item was shown.
    """

    id: str
    item: str
    answers: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    skipped: str | None = None
    replaces: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A turn that the rater writes to the agent.

    Attributes:
        item: Id of the item.
        text: The turn.
        at: Turns of the dialogue that the page shows, so that two tabs cannot mix theirs.
        choice: In a preference dialogue, the choice among the replies shown; else None.
    """

    item: str
    text: str
    at: int
    choice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a rater is in the stage at hand: items done, of how many; skipped ones count as done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An item as a rater sees it: nothing of where it comes from, nor whether it is a check.

    Attributes:
        item: Id of the item.
        stage: `qualification` or `rating`.
        place: In the stage, from 0.
        body: What the protocol lays out: `turns`, `marked`, `evidence`, and `candidates`, `rules`, `tips`,
            `talk` where the protocol has them.
        questions: What is asked, in order.
        rating: The current answer; None for none.
        replaces: What an answer must replace; None for nothing.
        draft: What was kept of an unfinished answer: `answers`, `comment`, `dialogue`.
        changeable: Whether an answer is taken.
        explanation: Why the right answers are right; of answered qualification items only.
        gold: The right answers; of answered qualification items only.
    """

    item: str
    stage: str
    place: int
    body: Mapping[str, Any]
    questions: tuple[Question, ...]
    rating: Rating | None = None
    replaces: str | None = None
    draft: Mapping[str, Any] = field(default_factory=dict)
    changeable: bool = True
    explanation: str = ""
    gold: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a rater's page shows.

    Attributes:
        rater: Id of the rater.
        session: Id of the session.
        name: Of the session.
        protocol: Name of the protocol.
        title: Of the protocol, for people.
        guidance: What the rater is to do, in paragraphs.
        offensive: Whether texts may offend.
        session_state: Whether answers are taken.
        rater_state: Where the rater stands.
        progress: In the stage at hand.
        shown: The item; None when there is none to show: see the states.
        undoes: Id of the rating that `undo` would take back; None for none.
    """

    rater: str
    session: str
    name: str
    protocol: str
    title: str
    guidance: str
    offensive: bool
    session_state: SessionState
    rater_state: RaterState
    progress: Progress
    shown: Shown | None = None
    undoes: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What comes back for an answer.

    Attributes:
        rating: As it is stored.
        rater_state: Where the rater stands now.
        right: Whether each answer is right, by question; of qualification items, else None.
        gold: The right answers; of qualification items, else None.
        explanation: Why they are right; else empty.
        score: Share of right answers, once the qualification is through; else None.
    """

    rating: Rating
    rater_state: RaterState
    right: Mapping[str, bool] | None = None
    gold: Mapping[str, str] | None = None
    explanation: str = ""
    score: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RaterProgress:
    """How one rater does, for the organiser.

    Attributes:
        rater: The rater.
        done: Work and check items rated or skipped.
        total: Work and check items assigned.
        skipped: Of those done.
        qualification: Share of right qualification answers, 0.0 to 1.0; None for none.
        checks_right: Checks answered all right.
        checks_done: Checks answered.
        seconds: Median seconds an item; None for none.
        last_at: ISO 8601 time of the last rating; None for none.
    """

    rater: Rater
    done: int
    total: int
    skipped: int
    qualification: float | None
    checks_right: int
    checks_done: int
    seconds: float | None
    last_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionProgress:
    """How a session does.

    Attributes:
        session: The session.
        raters: Each one's progress, in the raters' order.
        items: Work items.
        finished: Work items with as many ratings as the overlap asks for.
        ratings: Current ratings of work items, skips left out.
        disagreements: Work items on which raters differ and nobody has decided.
    """

    session: Session
    raters: tuple[RaterProgress, ...]
    items: int
    finished: int
    ratings: int
    disagreements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A work item on which raters differ.

    Attributes:
        item: The item.
        questions: All that was asked.
        differing: Ids of the questions that they differ on.
        ratings: The raters' current ratings.
        decision: The organiser's rating that decides it; None when nobody has.
    """

    item: Item
    questions: tuple[Question, ...]
    differing: tuple[str, ...]
    ratings: tuple[Rating, ...]
    decision: Rating | None = None
