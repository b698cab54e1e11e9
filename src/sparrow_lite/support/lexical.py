"""A judge of evidence by words: which share of the claim's content stands in one place of the passage.

It knows no meaning: a paraphrase is under-rated, and a role swap ("A beat B" for "B beat A") is missed. Its
weights and threshold were fitted on public claim and evidence pairs: see `docs/design/evidence.md`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.language import missing_anchors, sentences, stems, words

_NEGATIONS = frozenset(
    "no not never none neither nor without cannot can't didn't doesn't don't isn't wasn't weren't aren't"
    " won't hadn't hasn't haven't couldn't wouldn't shouldn't nobody nothing false untrue incorrect"
    " denied denies deny failed refused rejected".split()
)
# Stems of words of opposite meaning, among those that reports of facts turn on.
_OPPOSITES = tuple(
    tuple(pair.split("/"))
    for pair in (
        "rise/fall increas/decreas grow/shrink win/lose gain/lose higher/lower"
        " first/last begin/end start/end open/close north/south east/west northern/southern eastern/western"
        " largest/smallest longest/shortest oldest/youngest highest/lowest buy/sell allow/forbid"
        " legal/illegal"
        " safe/unsafe hot/cold accept/reject support/oppos male/femal"
    ).split()
)
_WINDOW = 3
_MISSING_ANCHOR = 0.6
_NEGATION_DIFFERS = 0.35
_OPPOSITE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalSupportJudge:
    """Scores a passage by its best window of three sentences."""

    name: str = "lexical"
    supported_at: float = 0.6

    def score(self, claim: str, passages: Sequence[str]) -> Sequence[float | None]:
        """Return for each passage a score from 0.0 to 1.0; None for a claim without content words."""
        wanted = set(stems(claim))
        if not wanted:
            return [None for _ in passages]
        return [_score(claim, wanted, passage) for passage in passages]


def _score(claim: str, wanted: set[str], passage: str) -> float:
    best_share, best_window = max(
        ((_share(wanted, window), window) for window in _windows(passage)), default=(0.0, "")
    )
    penalty = 1.0
    # Names may stand anywhere in the passage: a window often says "it" or "she".
    if missing_anchors(claim, passage):
        penalty *= _MISSING_ANCHOR
    if _negated(claim) != _negated_near(wanted, best_window):
        penalty *= _NEGATION_DIFFERS
    if _contradicts(claim, best_window):
        penalty *= _OPPOSITE
    whole_share = _share(wanted, passage)
    return penalty * (0.7 * best_share + 0.3 * whole_share)


def _contradicts(claim: str, window: str) -> bool:
    """Whether the claim says of two opposite words the one that the window does not."""
    said, read = set(stems(claim)), set(stems(window))
    return any(
        one in said and other in read and one not in read and other not in said
        for first, second in _OPPOSITES
        for one, other in ((first, second), (second, first))
    )


def _windows(passage: str) -> list[str]:
    spans = sentences(passage)
    if len(spans) <= _WINDOW:
        return [passage]
    return [passage[spans[at].start : spans[at + _WINDOW - 1].end] for at in range(len(spans) - _WINDOW + 1)]


def _share(wanted: set[str], text: str) -> float:
    return len(wanted & set(stems(text))) / len(wanted)


def _negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(words(text))


def _negated_near(wanted: set[str], window: str) -> bool:
    """Whether the sentence of the window that says most of the claim is negated."""
    spans = sentences(window)
    if not spans:
        return False
    nearest = max(spans, key=lambda span: _share(wanted, span.text))
    return _negated(nearest.text)
