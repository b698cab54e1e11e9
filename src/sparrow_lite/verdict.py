"""Frozen values for what judges decide, about rules and about evidence.

Outcomes are three, never two: a judge that fails yields UNSCORED, so that no failure passes for compliance.
"""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a judge of rules decided."""

    KEPT = "kept"
    BROKEN = "broken"
    UNSCORED = "unscored"


class SupportOutcome(StrEnum):
    """What the evidence check decided about one cited sentence."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not_supported"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One rule's verdict on one turn.

    Attributes:
        rule: Id of the rule.
        outcome: Kept, broken or unscored.
        probability: P(the turn breaks the rule), 0.0 to 1.0; None when unscored.
        judge: Name of the judge.
        prompt_version: Version of the prompt that shaped the verdict; None for judges without one.
        reason: One line for people: the words that broke the rule, or why it is unscored.
    """

    rule: str
    outcome: Outcome
    probability: float | None
    judge: str
    prompt_version: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One sentence of a reply tied to a quote of one piece of evidence.

    Attributes:
        id: Number of the evidence, as the mark `[id]` in the reply.
        sentence: The sentence that cites, without marks.
        url: Address of the page.
        title: Title of the page.
        quote: Words of the page, verbatim; empty when none was found.
        start: First character of the quote in the page's text; -1 when there is no quote.
        end: One past its last character; -1 when there is no quote.
        verdict: Whether the quote supports the sentence.
        support: P(the quote's passage supports the whole sentence), 0.0 to 1.0; None when unscored.
        missing: Numbers, dates and names of the sentence that the passage lacks.
        judge: Name of the support judge.
    """

    id: int
    sentence: str
    url: str
    title: str
    quote: str
    start: int
    end: int
    verdict: SupportOutcome
    support: float | None
    missing: tuple[str, ...] = ()
    judge: str = ""
