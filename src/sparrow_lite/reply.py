"""Frozen values for one finished turn: the reply, every candidate, and every part of its score.

Owns the record and its plain form (`Reply.to_dict`), not how a turn is made: `turn/` does that.
"""

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.evidence import Evidence
from sparrow_lite.verdict import Citation, Outcome, Verdict


class AbstainReason(StrEnum):
    """Why a reply gives no answer."""

    NO_RESULTS = "no_results"
    SEARCH_BLOCKED = "search_blocked"
    SEARCH_UNREACHABLE = "search_unreachable"
    FETCH_FAILED = "fetch_failed"
    EVIDENCE_IRRELEVANT = "evidence_irrelevant"
    EVIDENCE_CONFLICTS = "evidence_conflicts"
    RULE_REFUSAL = "rule_refusal"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecord:
    """What one turn searched.

    Attributes:
        queries: In the order searched; empty when the turn did not search.
        backend: Name of the backend that answered; None when none did.
        attempts: Every try, in order.
        openings: Every page that was tried, in order.
        why: Why the turn searched or did not, in a few words.
    """

    queries: tuple[str, ...] = ()
    backend: str | None = None
    attempts: tuple[Attempt, ...] = ()
    openings: tuple[Opening, ...] = ()
    why: str = ""


class Fate(StrEnum):
    """What the evidence check did with one sentence."""

    KEPT = "kept"
    SOFTENED = "softened"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a candidate, and what became of it.

    Attributes:
        text: As drafted, without marks.
        ids: Numbers of the evidence that it cites; only ids that exist.
        unknown: Numbers that it cites and that do not exist.
        fate: Kept, softened or dropped.
        reason: Why it was softened or dropped; empty when kept.
    """

    text: str
    ids: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    fate: Fate = Fate.KEPT
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Every part of a candidate's rank, each 0.0 to 1.0, higher is better.

    Attributes:
        preference: How good a reply it is before rules: evidence, directness, form.
        evidence: Mean support of its factual sentences; None when it makes no factual claim.
        rules: Geometric mean of P(kept) over the scored rules; None when none was scored.
        total: What candidates are ranked by.
    """

    preference: float
    evidence: float | None
    rules: float | None
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A reply not yet chosen, or chosen.

    Attributes:
        draft: The model's words.
        text: The words after the evidence check, with `[n]` marks; what would be shown.
        with_evidence: Whether the model saw evidence.
        checked: Whether its claims were held against evidence; not so in a turn that did not search.
        sentences: Every sentence and its fate, in order.
        citations: One for each pair of a sentence and an id that it cites.
        support: The best support of each claim of the draft, in order, dropped claims included: 0.0 for one
            without evidence, None for one that could not be scored.
        verdicts: One for each rule, in the rules' order; empty when not judged.
        score: None until ranked.
        abstained: Why it gives no answer; None when it answers.
        revises: Index of the candidate that this one revises; None for first drafts.
        error: Why the model gave nothing; None when it did.
    """

    draft: str
    text: str
    with_evidence: bool
    checked: bool = True
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    support: tuple[float | None, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    score: Score | None = None
    abstained: AbstainReason | None = None
    revises: int | None = None
    error: str | None = None

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The verdicts that say broken."""
        return tuple(verdict for verdict in self.verdicts if verdict.outcome is Outcome.BROKEN)

    def revising(self, index: int) -> "Candidate":
        """Return this candidate as the revision of the one at `index`."""
        return replace(self, revises=index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One finished turn.

    Attributes:
        text: What is shown: plain text with `[n]` marks.
        citations: The shown citations, by id, then in the order of the text.
        evidence: Every passage that the turn could cite, cited or not.
        abstained: Why there is no answer; None for an answer.
        verdicts: One for each rule, on `text`.
        search: What was searched and opened.
        model: Name of the dialogue model.
        candidates: Every candidate, revisions last.
        chosen: Index of the candidate that is shown.
        prompt_versions: Version of every prompt that shaped the turn, by name.
        seconds: Wall time of the turn.
    """

    text: str
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    abstained: AbstainReason | None
    verdicts: tuple[Verdict, ...]
    search: SearchRecord
    model: str
    candidates: tuple[Candidate, ...]
    chosen: int
    prompt_versions: tuple[tuple[str, str], ...]
    seconds: float

    @property
    def states_unchecked(self) -> bool:
        """Whether the reply claims something that was not held against any page."""
        shown = self.candidates[self.chosen]
        return not shown.checked and bool(shown.support) and self.abstained is None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form that `sparrow-lite ask --json` prints.

        Keys: answer, citations, abstained, rules, search, model, candidates, seconds, and beyond those
        `evidence`, `chosen` and `prompt_versions`.
        """
        return {
            "answer": self.text,
            "citations": [asdict(citation) for citation in self.citations],
            "abstained": self.abstained,
            "rules": [asdict(verdict) for verdict in self.verdicts],
            "search": asdict(self.search),
            "model": self.model,
            "candidates": [asdict(candidate) for candidate in self.candidates],
            "seconds": round(self.seconds, 3),
            "evidence": [_evidence_dict(piece) for piece in self.evidence],
            "chosen": self.chosen,
            "prompt_versions": dict(self.prompt_versions),
        }


def _evidence_dict(piece: Evidence) -> dict[str, Any]:
    return {
        "id": piece.id,
        "url": piece.page.url,
        "title": piece.page.title,
        "opened_at": piece.page.opened_at,
        "sha256": piece.page.sha256,
        "flags": list(piece.page.flags),
        "start": piece.start,
        "end": piece.end,
        "passage": piece.text,
    }
