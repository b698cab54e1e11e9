"""What a question asks for: its kind, and its subject as weighted stems."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sparrow_lite.language import AnchorKind, anchors, stems
from sparrow_lite.models.embedded.intents import Phrasebook


class Kind(StrEnum):
    """The kind of thing that a question asks for."""

    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    HOW_MANY = "how_many"
    WHY = "why"
    HOW = "how"
    WHAT_IS = "what_is"
    ATTRIBUTE = "attribute"
    OTHER = "other"

    @property
    def wants_explanation(self) -> bool:
        """Whether a good answer takes more than one sentence."""
        return self in {Kind.WHY, Kind.HOW, Kind.WHAT_IS, Kind.OTHER}


_MEASURES = "many|much|tall|high|long|far|old|big|large|deep|fast|hot|cold|heavy|wide|often|young"
_KINDS = (
    (
        Kind.HOW_MANY,
        rf"\bhow (?:{_MEASURES})\b|\bwhat (?:percentage|number|population|temperature|speed|height)\b",
    ),
    (Kind.WHEN, r"\bwhen\b|\b(?:what|which) (?:year|date|day|century)\b|\bsince when\b"),
    (Kind.WHERE, r"\bwhere\b|\b(?:what|which) (?:country|city|continent|place|state)\b"),
    (Kind.WHO, r"\bwho(?:m|se)?\b"),
    (Kind.WHY, r"\bwhy\b|\bwhat (?:causes?|caused|is the reason|makes)\b|\bhow come\b"),
    (Kind.HOW, r"\bhow\b"),
    (Kind.ATTRIBUTE, r"^\W*(?:what|which)\b.{0,20}\b(?:is|are|was|were)\b.*(?<!made)(?<!consist) of\b"),
    (Kind.OTHER, r"^\W*what\b.*\b(?:for|between|from|made|used|in|do|does|did)\b"),
    (Kind.WHAT_IS, r"^\W*(?:what(?:'s| is| are| was| were)|define|meaning of)\b"),
)
_NOW = re.compile(
    r"\bwho(?: is|'s|’s) (?:the|now)\b|\b(?:currently|today|right now|nowadays)\b", re.IGNORECASE
)
_COUNTED = re.compile(r"\bhow (?:many|much) (\w+)")
_ATTRIBUTE = re.compile(r"\b(?:is|are|was|were)\b.*?(\w+) of\b")
_GENERIC_WEIGHT = 0.35
_NAME_WEIGHT = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, read.

    Attributes:
        kind: What it asks for.
        weights: Its stems and how much each says about its subject.
        names: The stems of the names in it.
        sought: The stem of what is counted or of the attribute, as in "how many bones" and "the capital of";
            None when the question has none.
        is_present: Whether it asks who holds an office or a title now.
    """

    kind: Kind
    weights: Mapping[str, float]
    names: frozenset[str]
    sought: str | None
    is_present: bool

    @property
    def numbers(self) -> frozenset[str]:
        """The stems that are figures, as the year of "the 2022 final"."""
        return frozenset(stem for stem in self.weights if stem.isdigit())

    @property
    def asked(self) -> frozenset[str]:
        """The stems that say what is asked of the named thing, as "visible" and "space"."""
        return frozenset(
            stem for stem, weight in self.weights.items() if stem not in self.names and weight == 1.0
        )

    @property
    def stems(self) -> frozenset[str]:
        """Every stem of the question."""
        return frozenset(self.weights)


def read_question(text: str, phrasebook: Phrasebook) -> Question:
    """Return what the text asks for."""
    named = frozenset(
        stem
        for anchor in anchors(text)
        if anchor.kind is AnchorKind.NAME
        for stem in stems(anchor.text)
        if stem not in phrasebook.generic
    )
    weights = {
        stem: _NAME_WEIGHT if stem in named else _GENERIC_WEIGHT if stem in phrasebook.generic else 1.0
        for stem in stems(text)
    }
    kind = _kind(text)
    return Question(
        kind=kind,
        weights=weights,
        names=named,
        sought=_sought(text.lower(), kind, phrasebook),
        is_present=bool(_NOW.search(text)),
    )


def _sought(lowered: str, kind: Kind, phrasebook: Phrasebook) -> str | None:
    pattern = {Kind.HOW_MANY: _COUNTED, Kind.ATTRIBUTE: _ATTRIBUTE}.get(kind)
    found = pattern.search(lowered) if pattern else None
    stem = next(iter(stems(found[1])), None) if found else None
    # "How many people" may be answered by members, soldiers, inhabitants.
    return None if kind is Kind.HOW_MANY and stem in phrasebook.generic else stem


def _kind(text: str) -> Kind:
    lowered = text.lower().replace("’", "'")
    for kind, pattern in _KINDS:
        if re.search(pattern, lowered):
            return kind
    return Kind.OTHER
