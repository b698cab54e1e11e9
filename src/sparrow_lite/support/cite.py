"""The citation verdict: one sentence against one or more numbered passages.

A sentence is supported when three things hold: its quote is found verbatim in the stored page, its numbers,
dates and names occur in the passage, and the judge's score reaches the judge's threshold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.errors import JudgeError
from sparrow_lite.evidence import Evidence
from sparrow_lite.language import find_quote, missing_anchors, sentences, stems
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.verdict import Citation, SupportOutcome

_QUOTED = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_QUOTE_CHARS = 420


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
    findings = [_find(sentence, [piece], judge) for piece in pieces]
    if len(pieces) > 1 and all(one.verdict is not SupportOutcome.SUPPORTED for one in findings):
        joint = _find(sentence, pieces, judge)
        if joint.verdict is SupportOutcome.SUPPORTED:
            findings = [joint] * len(pieces)
    return tuple(
        _citation(sentence, piece, finding, judge.name)
        for piece, finding in zip(pieces, findings, strict=True)
    )


def readable(piece: Evidence) -> str:
    """Return the passage under its page's title, which often names what the passage calls "it"."""
    return f"{piece.page.title}\n{piece.text}"


def _find(sentence: str, pieces: Sequence[Evidence], judge: SupportJudge) -> _Finding:
    passage = "\n".join(readable(piece) for piece in pieces)
    missing = (*_false_quotes(sentence, pieces), *missing_anchors(sentence, passage))
    try:
        score = judge.score(sentence, [passage])[0]
    except JudgeError:
        score = None
    if score is None:
        return _Finding(verdict=SupportOutcome.UNSCORED, support=None, missing=missing)
    enough = score >= judge.supported_at and not missing
    verdict = SupportOutcome.SUPPORTED if enough else SupportOutcome.NOT_SUPPORTED
    return _Finding(verdict=verdict, support=round(score, 4), missing=missing)


def _citation(sentence: str, piece: Evidence, finding: _Finding, judge: str) -> Citation:
    start, end = _quote_span(sentence, piece)
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
        for quoted in _QUOTED.findall(sentence)
        if all(find_quote(quoted, piece.page.text) is None for piece in pieces)
    )


def _quote_span(sentence: str, piece: Evidence) -> tuple[int, int]:
    """Where the quote stands in the page: the sentence itself, its quoted words, or what comes nearest."""
    for words in (sentence, *_QUOTED.findall(sentence)):
        found = find_quote(words, piece.text)
        if found:
            return piece.start + found[0], piece.start + found[1]
    start, end = _nearest_window(sentence, piece.text)
    return (piece.start + start, piece.start + end) if end > start else (-1, -1)


def _nearest_window(sentence: str, passage: str) -> tuple[int, int]:
    """The shortest run of one or two sentences that shares most content words with the sentence."""
    wanted = set(stems(sentence))
    spans = sentences(passage)
    best, best_gain = (0, 0), 0.0
    for size in (1, 2):
        for at in range(len(spans) - size + 1):
            start, end = spans[at].start, spans[at + size - 1].end
            shared = len(wanted & set(stems(passage[start:end])))
            gain = shared - 0.5 * (size - 1)
            if gain > best_gain and (size == 1 or end - start <= _QUOTE_CHARS):
                best, best_gain = (start, end), gain
    return best
