"""Choosing the sentences that answer a question, out of numbered passages.

The extractive half of the embedded model. Every chosen sentence is verbatim. A sentence is scored by the
share of the question that it, its neighbour and its title hold, by whether it has the kind of thing that was
asked for, and by how its passage ranked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import AnchorKind, Span, anchors, sentences, stems
from sparrow_lite.models.embedded.intents import Phrasebook
from sparrow_lite.models.embedded.question import Kind, Question
from sparrow_lite.models.embedded.seeing import Answering, Readings

_ENOUGH = 0.62
_ASKED_ENOUGH = 0.6
_MOST_SENTENCES = 3
_RANK_COST, _SUSPECT_COST = 0.02, 0.4
# What the reader adds, fitted on the calibration questions: a sure answer, and the lack of one.
_READ, _UNREAD = 1.2, 0.4
# P(the sentence answers) that is enough where words find nothing: on the calibration questions, where one in
# five had no answer and a wrong answer cost as much as a right one gained.
_LIKELY = 0.15
# What is left of it where an explanation is asked for, of which a span is a small part.
_EXPLAINED = 0.25
_SHORT, _LONG = 20, 320
_PRONOUN_START = re.compile(
    r"^(?:It|He|She|They|This|These|That|Those|Its|His|Her|Their|Both|Here|There|Then|However|But|And|Such)\b"
)
_REASON = re.compile(
    r"\b(?:because|due to|since|so that|caused? by|causes?|reasons?|result|leads? to|therefore)\b", re.I
)
_PLACE = re.compile(r"\b(?:in|at|on|near|between|off|along|across|lies|located|stands|borders)\b")
_YEAR_OR_TIME = re.compile(r"\b(?:\d{3,4}s?|century|centuries|BC|BCE|AD|years? ago|million years)\b")
_PAST, _PRESENT = re.compile(r"\b(?:was|were|held)\b"), re.compile(r"\b(?:is|are|has been)\b")
_DEFINES = re.compile(r"\b(?:is|are|was|were|refers? to|means?|describes?)\s+(?:an?|the|one|any|when|what)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One sentence of one passage: its words, the passage's number, its place, its score."""

    text: str
    id: int
    at: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One passage, taken apart once."""

    title: str
    title_stems: frozenset[str]
    spans: tuple[Span, ...]
    stems: tuple[frozenset[str], ...]
    suspect: bool

    @classmethod
    def of(cls, piece: Evidence) -> "_Piece":
        spans = tuple(sentences(piece.text))
        return cls(
            title=piece.page.title,
            title_stems=frozenset(stems(piece.page.title)),
            spans=spans,
            stems=tuple(frozenset(stems(span.text)) for span in spans),
            suspect=bool(piece.page.flags),
        )

    @property
    def all_stems(self) -> frozenset[str]:
        return frozenset().union(*self.stems)


def choose_quotes(
    question: Question, evidence: Sequence[Evidence], phrasebook: Phrasebook, readings: Readings
) -> tuple[Quote, ...]:
    """Return one to three quotes in reading order; none when no sentence's words answer well enough."""
    pieces = {piece.id: _Piece.of(piece) for piece in evidence}
    scored = [
        Quote(text=span.text, id=number, at=at, score=score)
        for rank, (number, piece) in enumerate(pieces.items())
        for at, span in enumerate(piece.spans)
        if (score := _score(question, piece, at, phrasebook) - _RANK_COST * rank) > 0.0
    ]
    say = _EXPLAINED if question.kind.wants_explanation else 1.0
    scored = [_with_reading(quote, pieces[quote.id].spans[quote.at], readings, say=say) for quote in scored]
    if not scored:
        return ()
    best = max(scored, key=lambda quote: quote.score)
    if best.score < _ENOUGH:
        return ()
    chosen = [*_opening(best, pieces[best.id].spans), best]
    if question.kind.wants_explanation:
        chosen += _more(best, chosen, scored, pieces[best.id])
    return tuple(chosen[:_MOST_SENTENCES])


def choose_by_meaning(
    question: Question, evidence: Sequence[Evidence], answering: Answering
) -> tuple[Quote, ...]:
    """Return the likeliest sentence, with the one before where it points back; none when none is likely.

    For questions that use other words than the page, of which `choose_quotes` finds nothing.
    """
    pieces = {piece.id: _Piece.of(piece) for piece in evidence}
    quotes = []
    for (number, at), probability in answering.items():
        piece = pieces[number]
        text = piece.spans[at].text
        if text.endswith("?") or len(text) < _SHORT or piece.suspect:
            continue
        held = piece.stems[at] | piece.title_stems
        score = probability * _doubt(question, piece, at, held)
        quotes.append(Quote(text=text, id=number, at=at, score=score))
    best = max(quotes, key=lambda quote: quote.score, default=None)
    if best is None or best.score < _LIKELY:
        return ()
    return (*_opening(best, pieces[best.id].spans), best)


def _with_reading(quote: Quote, span: Span, readings: Readings, *, say: float) -> Quote:
    """A sentence gains by holding the answer that the reader sees, and loses when it sees none there."""
    reading = readings.get(quote.id)
    if reading is None:
        return quote
    holds = span.start <= reading.start < span.end
    gain = _READ * reading.probability if holds else 0.0
    return replace(quote, score=quote.score + say * (gain - _UNREAD))


def _score(question: Question, piece: _Piece, at: int, phrasebook: Phrasebook) -> float:
    text = piece.spans[at].text
    if text.endswith("?") or len(text) < _SHORT:
        return 0.0
    own, title = piece.stems[at], piece.title_stems
    near = title | (piece.stems[at - 1] if at else frozenset())
    covered = sum(weight * _held(stem, own, near, phrasebook) for stem, weight in question.weights.items())
    share = covered / (sum(question.weights.values()) or 1.0)
    share *= _doubt(question, piece, at, own | title)
    if question.sought and not _held(question.sought, own, title, phrasebook):
        share *= 0.5
    if question.asked:
        asked = sum(_held(stem, own, title, phrasebook) for stem in question.asked) / len(question.asked)
        share *= 1.0 if asked >= _ASKED_ENOUGH else 0.6
    cost = (0.1 if len(text) > _LONG else 0.0) + (_SUSPECT_COST if piece.suspect else 0.0)
    gain = _kind_gain(question, text, at) + _unit_gain(question, own, phrasebook)
    # A sentence that begins with the thing asked about is about that thing.
    if question.names.intersection(stems(text)[:2]):
        gain += 0.1
    return share + gain - cost


def _doubt(question: Question, piece: _Piece, at: int, held: frozenset[str]) -> float:
    """What is left of a score when the sentence may speak of something else: another thing, year or time."""
    text = piece.spans[at].text
    doubt = 1.0
    if question.names and len(question.names & (held | piece.all_stems)) * 2 <= len(question.names):
        doubt *= 0.5
    if question.names and question.names.isdisjoint(held) and not _PRONOUN_START.match(text):
        doubt *= 0.6
    if not question.numbers <= held | piece.all_stems:
        doubt *= 0.5
    if question.is_present and _PAST.search(text) and not _PRESENT.search(text):
        doubt *= 0.4
    return doubt


def _held(stem: str, own: frozenset[str], near: frozenset[str], phrasebook: Phrasebook) -> float:
    if stem in own:
        return 1.0
    related = phrasebook.related.get(stem, frozenset())
    if related & own:
        return 0.8
    if stem in near:
        return 0.7
    return 0.0


def _kind_gain(question: Question, text: str, at: int) -> float:
    """Whether the sentence has the kind of thing that was asked for."""
    found = anchors(text)
    fresh_name = any(
        anchor.kind is AnchorKind.NAME and question.stems.isdisjoint(stems(anchor.text)) for anchor in found
    )
    number = any(anchor.kind is AnchorKind.NUMBER for anchor in found)
    gains = {
        Kind.WHEN: 0.25 if _YEAR_OR_TIME.search(text) else -0.25,
        Kind.HOW_MANY: 0.2 if number else -0.3,
        Kind.WHO: 0.15 if fresh_name else -0.15,
        Kind.WHERE: 0.15 if _PLACE.search(text) else -0.1,
        Kind.WHY: 0.2 if _REASON.search(text) else 0.0,
        Kind.WHAT_IS: (0.2 if _DEFINES.search(text[:90]) else 0.0) + (0.1 if at == 0 else 0.0),
    }
    return gains.get(question.kind, 0.0)


def _unit_gain(question: Question, own: frozenset[str], phrasebook: Phrasebook) -> float:
    """Whether the sentence measures what is asked: "far" in kilometres, not "the far side"."""
    if question.kind is not Kind.HOW_MANY or question.sought:
        return 0.0
    related = (phrasebook.related.get(stem, frozenset()) - {stem} for stem in question.stems)
    return 0.15 if any(stems_of_unit & own for stems_of_unit in related) else 0.0


def _opening(best: Quote, spans: Sequence[Span]) -> list[Quote]:
    """The sentence before, when the best one begins with a word that points back to it."""
    if best.at == 0 or not _PRONOUN_START.match(best.text):
        return []
    return [Quote(text=spans[best.at - 1].text, id=best.id, at=best.at - 1, score=best.score)]


def _more(best: Quote, chosen: Sequence[Quote], scored: Sequence[Quote], piece: _Piece) -> list[Quote]:
    """What follows in the same passage on the same point, then what another passage adds."""
    added: list[Quote] = []
    point = set(stems(best.text)) - set(stems(piece.title))
    for at in range(best.at + 1, min(best.at + 3, len(piece.spans))):
        text = piece.spans[at].text
        if text.endswith("?") or len(text) > _LONG or point.isdisjoint(stems(text)):
            break
        added.append(Quote(text=text, id=best.id, at=at, score=best.score))
    for quote in sorted(scored, key=lambda quote: -quote.score):
        stands_alone = quote.id != best.id and not _PRONOUN_START.match(quote.text)
        if not (stands_alone and quote.score >= 0.9 * best.score):
            continue
        if not _says_the_same(quote, (*chosen, *added)):
            added.append(quote)
    return added


def _says_the_same(quote: Quote, others: Sequence[Quote]) -> bool:
    words = set(stems(quote.text))
    return any(len(words & set(stems(other.text))) > 0.6 * len(words) for other in others)
