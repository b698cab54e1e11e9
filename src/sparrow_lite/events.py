"""Frozen values that a streamed turn yields, in the order in which they happen.

A turn yields `QueryWritten` once, `ResultsFound` and `PageOpened` when it searches, `CandidateDrafted` and
`VerdictsReached` for each candidate and revision, and `ReplyFinished` once, last. No text is shown before
its rules are judged, so there is no event for single tokens.
"""

from dataclasses import dataclass

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.reply import Candidate, Reply
from sparrow_lite.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWritten:
    """Whether to search, and for what; `queries` is empty when the turn does not search."""

    queries: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsFound:
    """The searches ended: `backend` is None when none answered."""

    backend: str | None
    attempts: tuple[Attempt, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOpened:
    """A page was opened, or could not be: then `opening.reason` says why."""

    opening: Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDrafted:
    """A candidate was drafted and its evidence checked."""

    index: int
    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictsReached:
    """A candidate's rules were judged."""

    index: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFinished:
    """The turn is over."""

    reply: Reply


Event = QueryWritten | ResultsFound | PageOpened | CandidateDrafted | VerdictsReached | ReplyFinished
