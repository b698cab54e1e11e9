"""Sources that disagree: two pages that say the same with another number.

Precision before recall: a conflict is found only where another page's sentence holds every content word of
the cited sentence and differs in a number of the same kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import AnchorKind, Span, anchors, sentences, stems
from sparrow_lite.verdict import Citation, SupportOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Citations that contradict each other, the reply's own first."""

    sides: tuple[Citation, ...]


def find_conflict(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> Conflict | None:
    """Return the first citation that more pages contradict than confirm beside it; None for none."""
    for citation in citations:
        if citation.verdict is not SupportOutcome.SUPPORTED:
            continue
        others = [piece for piece in evidence if piece.page.url != citation.url]
        stands = [
            (piece, span, _stand(citation.sentence, span.text, piece)) for piece, span in _spans(others)
        ]
        against = {piece.page.url: (piece, span) for piece, span, stand in stands if stand is False}
        confirming = {piece.page.url for piece, _, stand in stands if stand is True}
        if against and len(against) > len(confirming):
            contradicting = [_against(citation, piece, span) for piece, span in against.values()]
            return Conflict(sides=(citation, *contradicting[:2]))
    return None


def _spans(evidence: Sequence[Evidence]) -> list[tuple[Evidence, Span]]:
    return [(piece, span) for piece in evidence for span in sentences(piece.text)]


def _stand(claim: str, other: str, piece: Evidence) -> bool | None:
    """True when the other sentence confirms the claim's numbers, False when it contradicts, None else."""
    claimed, found = _numbers(claim), _numbers(other)
    if not claimed or not found:
        return None
    wanted = {stem for stem in stems(claim) if not stem[:1].isdigit()}
    held = set(stems(other)) | set(stems(piece.page.title))
    if len(wanted) < 2 or not wanted <= held:
        return None
    if claimed <= found:
        return True
    same_kind = {number for number in found if any(_alike(number, one) for one in claimed)}
    return False if same_kind and claimed.isdisjoint(found) else None


def _numbers(text: str) -> set[str]:
    return {anchor.key for anchor in anchors(text) if anchor.kind is AnchorKind.NUMBER}


def _alike(first: str, second: str) -> bool:
    """Whether two numbers could be answers to one question: both years, or both of one size."""
    a, b = float(first), float(second)
    years = (1000 <= a < 2100, 1000 <= b < 2100)
    return all(years) or (not any(years) and 0.1 < (a + 1e-9) / (b + 1e-9) < 10)


def _against(citation: Citation, piece: Evidence, span: Span) -> Citation:
    return replace(
        citation,
        id=piece.id,
        sentence=span.text,
        url=piece.page.url,
        title=piece.page.title,
        quote=span.text,
        start=piece.start + span.start,
        end=piece.start + span.end,
        missing=(),
    )
