"""The citation verdict: one sentence against one or more numbered passages.

A sentence is supported when three things hold: its quote is found verbatim in the stored page; its numbers
and dates stand in the quote, its names and addresses in the passage; and the judge's score reaches the
judge's threshold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.errors import JudgeError
from sparrow_lite.evidence import Evidence
from sparrow_lite.language import AnchorKind, find_quote, missing_anchors
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.support.quotes import FIGURES, quote_span, quoted_words, shown_with
from sparrow_lite.verdict import Citation, SupportOutcome

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"“”)\]]*[^\s<>\"“”)\].,;:!?'*_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A passage and where its quote stands in the page."""

    piece: Evidence
    span: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """What was found of one sentence against some passages."""

    verdict: SupportOutcome
    support: float | None
    missing: tuple[str, ...] = ()


def cite(sentence: str, pieces: Sequence[Evidence], judge: SupportJudge) -> tuple[Citation, ...]:
    """Return one citation for each piece of evidence, in order.

    When no piece supports the sentence alone, the pieces are read together, since a sentence may join two
    sources. A judge that fails yields UNSCORED.
    """
    read = [_Read(piece=piece, span=quote_span(sentence, piece)) for piece in pieces]
    findings = [_find(sentence, [one], judge) for one in read]
    if len(read) > 1 and all(one.verdict is not SupportOutcome.SUPPORTED for one in findings):
        joint = _find(sentence, read, judge)
        if joint.verdict is SupportOutcome.SUPPORTED:
            findings = [joint] * len(read)
    return tuple(
        _citation(sentence, one, finding, judge.name) for one, finding in zip(read, findings, strict=True)
    )


def readable(piece: Evidence) -> str:
    """Return the passage under its page's title, which often names what the passage calls "it"."""
    return f"{piece.page.title}\n{piece.text}"


def _find(sentence: str, read: Sequence[_Read], judge: SupportJudge) -> _Finding:
    passage = "\n".join(readable(one.piece) for one in read)
    missing = _missing(sentence, read, passage)
    try:
        score = judge.score(sentence, [passage])[0]
    except JudgeError:
        score = None
    if score is None:
        return _Finding(verdict=SupportOutcome.UNSCORED, support=None, missing=missing)
    enough = score >= judge.supported_at and not missing
    verdict = SupportOutcome.SUPPORTED if enough else SupportOutcome.NOT_SUPPORTED
    return _Finding(verdict=verdict, support=round(score, 4), missing=missing)


def _missing(sentence: str, read: Sequence[_Read], passage: str) -> tuple[str, ...]:
    """What the sentence says in so many words and the pages do not: quotes, addresses, figures, names."""
    shown = "\n".join(shown_with(one.piece, one.span) for one in read)
    return (
        *_false_quotes(sentence, [one.piece for one in read]),
        *_false_addresses(sentence, [one.piece for one in read]),
        *missing_anchors(sentence, shown, kinds=FIGURES),
        *missing_anchors(sentence, passage, kinds=(AnchorKind.NAME,)),
    )


def _citation(sentence: str, read: _Read, finding: _Finding, judge: str) -> Citation:
    piece, (start, end) = read.piece, read.span
    verdict = finding.verdict
    if start < 0 and verdict is SupportOutcome.SUPPORTED:
        verdict = SupportOutcome.NOT_SUPPORTED
    return Citation(
        id=piece.id,
        sentence=sentence,
        url=piece.page.url,
        title=piece.page.title,
        quote=piece.page.text[start:end] if start >= 0 else "",
        start=start,
        end=end,
        verdict=verdict,
        support=finding.support,
        missing=finding.missing,
        judge=judge,
    )


def _false_quotes(sentence: str, pieces: Sequence[Evidence]) -> tuple[str, ...]:
    """The words that the sentence puts in quotation marks and that no stored page holds."""
    return tuple(
        quoted
        for quoted in quoted_words(sentence)
        if all(find_quote(quoted, piece.page.text) is None for piece in pieces)
    )


def _false_addresses(sentence: str, pieces: Sequence[Evidence]) -> tuple[str, ...]:
    """The addresses that are not those of the pages and that no passage holds."""
    held = "\n".join(f"{piece.page.url}\n{piece.text}" for piece in pieces)
    return tuple(address for address in _ADDRESS.findall(sentence) if address not in held)
