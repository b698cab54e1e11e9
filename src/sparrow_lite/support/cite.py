"""The citation verdict: one sentence against one or more numbered passages.

A sentence is supported when three things hold: its quote is found verbatim in the stored page, its numbers,
dates and names occur in the passage, and the judge's score reaches the judge's threshold.
"""

import re
from collections.abc import Sequence

from sparrow_lite.errors import JudgeError
from sparrow_lite.evidence import Evidence
from sparrow_lite.language import find_quote, missing_anchors, sentences, stems
from sparrow_lite.support.base import SupportJudge
from sparrow_lite.verdict import Citation, SupportOutcome

_QUOTED = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_QUOTE_CHARS = 420


def cite(sentence: str, pieces: Sequence[Evidence], judge: SupportJudge) -> tuple[Citation, ...]:
    """Return one citation for each piece of evidence, in order.

    When no piece supports the sentence alone, the pieces are read together, since a sentence may join two
    sources. A judge that fails yields UNSCORED.
    """
    alone = tuple(_cite_one(sentence, piece, judge) for piece in pieces)
    if len(pieces) < 2 or any(found.verdict is SupportOutcome.SUPPORTED for found in alone):
        return alone
    joint = _judge(sentence, "\n".join(readable(piece) for piece in pieces), judge)
    if joint[0] is not SupportOutcome.SUPPORTED or any(_false_quotes(sentence, piece) for piece in pieces):
        return alone
    return tuple(
        _citation(sentence, piece, judge, verdict=joint[0], support=joint[1], missing=()) for piece in pieces
    )


def readable(piece: Evidence) -> str:
    """Return the passage under its page's title, which often names what the passage calls "it"."""
    return f"{piece.page.title}\n{piece.text}"


def _cite_one(sentence: str, piece: Evidence, judge: SupportJudge) -> Citation:
    false_quotes = _false_quotes(sentence, piece)
    verdict, support = _judge(sentence, readable(piece), judge)
    missing = (*false_quotes, *missing_anchors(sentence, readable(piece)))
    if missing and verdict is SupportOutcome.SUPPORTED:
        verdict = SupportOutcome.NOT_SUPPORTED
    return _citation(sentence, piece, judge, verdict=verdict, support=support, missing=missing)


def _judge(sentence: str, passage: str, judge: SupportJudge) -> tuple[SupportOutcome, float | None]:
    try:
        score = judge.score(sentence, [passage])[0]
    except JudgeError:
        score = None
    if score is None:
        return SupportOutcome.UNSCORED, None
    enough = score >= judge.supported_at and not missing_anchors(sentence, passage)
    return (SupportOutcome.SUPPORTED if enough else SupportOutcome.NOT_SUPPORTED), round(score, 4)


def _citation(  # noqa: PLR0913 (the parts of one value)
    sentence: str,
    piece: Evidence,
    judge: SupportJudge,
    *,
    verdict: SupportOutcome,
    support: float | None,
    missing: tuple[str, ...],
) -> Citation:
    start, end = _quote_span(sentence, piece)
    return Citation(
        id=piece.id,
        sentence=sentence,
        url=piece.page.url,
        title=piece.page.title,
        quote=piece.page.text[start:end] if start >= 0 else "",
        start=start,
        end=end,
        verdict=verdict,
        support=support,
        missing=missing,
        judge=judge.name,
    )


def _false_quotes(sentence: str, piece: Evidence) -> tuple[str, ...]:
    """The words that the sentence puts in quotation marks and that the stored page does not hold."""
    return tuple(
        quoted for quoted in _QUOTED.findall(sentence) if find_quote(quoted, piece.page.text) is None
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
