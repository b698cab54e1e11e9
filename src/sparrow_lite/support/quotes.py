"""Which words of a passage are shown for a sentence: one to three sentences that stand together.

The quote holds the sentence's numbers and dates wherever the passage says them of the same thing; a number
that stands elsewhere in the passage, said of something else, is left there.
"""

import re

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import (
    Anchor,
    AnchorKind,
    Span,
    anchors,
    find_quote,
    missing_anchors,
    sentences,
    stems,
)

FIGURES = (AnchorKind.NUMBER, AnchorKind.DATE)
_QUOTED = re.compile(r"[\"“]([^\"“”]{8,})[\"”]")
_NEAREST_CHARS, _GROWN_CHARS = 420, 700
_MOST_SENTENCES = 3


def quoted_words(sentence: str) -> list[str]:
    """Return what the sentence puts in quotation marks, in order, short words left out."""
    return _QUOTED.findall(sentence)


def quote_span(sentence: str, piece: Evidence) -> tuple[int, int]:
    """Return where the quote stands in the page, as (start, end) with end exclusive; (-1, -1) for none."""
    start, end = _in_passage(sentence, piece)
    return (piece.start + start, piece.start + end) if end > start else (-1, -1)


def shown_with(piece: Evidence, span: tuple[int, int]) -> str:
    """Return what a reader sees of the page: its title and the quote."""
    start, end = span
    return f"{piece.page.title}\n{piece.page.text[start:end] if start >= 0 else ''}"


def _in_passage(sentence: str, piece: Evidence) -> tuple[int, int]:
    """The sentence itself, its quoted words, or what comes nearest, grown until it holds the figures."""
    search = _Search(sentence, piece)
    for words in (sentence, *quoted_words(sentence)):
        found = find_quote(words, piece.text)
        if found:
            return search.grow(*found)
    start, end = search.nearest()
    return search.grow(start, end) if end > start else (start, end)


class _Search:
    """The search for one sentence's quote in one passage."""

    def __init__(self, sentence: str, piece: Evidence) -> None:
        figures = [anchor for anchor in anchors(sentence) if anchor.kind in FIGURES]
        self.sentence, self.text, self.title = sentence, piece.text, piece.page.title
        self.spans: list[Span] = sentences(piece.text)
        # The content words apart from figures: what a figure is said of.
        self.figures = {stem for anchor in figures for stem in stems(anchor.text)}
        self.titled = set(stems(self.title))
        self.said = set(stems(sentence)) - self.figures

    def nearest(self) -> tuple[int, int]:
        """The shortest run of one or two sentences that shares most content words with the sentence."""
        best, best_gain = (0, 0), 0.0
        for start, end in self._runs(2):
            gain = self._gain(start, end)
            if gain > best_gain:
                best, best_gain = (start, end), gain
        return best

    def grow(self, start: int, end: int) -> tuple[int, int]:
        """The place with the neighbours, or the other place, that brings in the figures it lacks."""
        lacking = self._lacking(start, end)
        if not lacking:
            return start, end
        around = [run for run in self._runs_around(start, end) if self._may_grow((start, end), run, lacking)]
        best = min(around, key=lambda run: (len(self._lacking(*run)), run[1] - run[0]), default=None)
        if best and len(self._lacking(*best)) < len(lacking):
            return best
        enough = 0.5 * self._gain(start, end)
        elsewhere = [
            run
            for run in self._runs(2)
            if not self._lacking(*run) and self._gain(*run) >= enough and self._brings((start, end), run)
        ]
        return max(elsewhere, key=lambda run: self._gain(*run), default=(start, end))

    def _runs(self, most: int) -> list[tuple[int, int]]:
        """Runs of 1 to `most` sentences, the short ones first, long ones of several sentences left out."""
        runs = [
            (self.spans[at].start, self.spans[at + size - 1].end, size)
            for size in range(1, most + 1)
            for at in range(len(self.spans) - size + 1)
        ]
        return [(start, end) for start, end, size in runs if size == 1 or end - start <= _NEAREST_CHARS]

    def _runs_around(self, start: int, end: int) -> list[tuple[int, int]]:
        """Runs of at most three sentences that hold the place."""
        return [
            (first.start, last.end)
            for at, first in enumerate(self.spans)
            for last in self.spans[at : at + _MOST_SENTENCES]
            if first.start <= start and last.end >= end and last.end - first.start <= _GROWN_CHARS
        ]

    def _gain(self, start: int, end: int) -> float:
        """Shared content words, those of the title for half, since it is shown as well.

        Figures only part equals: a figure of another thing must not draw the quote.
        """
        held = set(stems(self.text[start:end]))
        figures = 0.25 * len(self.figures & held) / max(1, len(self.figures))
        words = len(self.said & held) - 0.5 * len(self.said & held & self.titled)
        ends = sum(start < one.end < end for one in self.spans)
        return words + figures - 0.5 * ends

    def _lacking(self, start: int, end: int) -> tuple[str, ...]:
        return missing_anchors(self.sentence, f"{self.title}\n{self.text[start:end]}", kinds=FIGURES)

    def _may_grow(self, base: tuple[int, int], run: tuple[int, int], lacking: tuple[str, ...]) -> bool:
        """Whether the run's figures can be said of the same: not when the place has its own of their kind."""
        if run in self._holders(base):
            return True
        own = _figures(self.text[base[0] : base[1]])
        wanted = [figure for text in lacking for figure in _figures(text)]
        rivals = any(_of_one_kind(one, other) for one in own for other in wanted)
        return not rivals or self._brings(base, run)

    def _holders(self, base: tuple[int, int]) -> list[tuple[int, int]]:
        """The sentence that holds the place, when one does."""
        return [(one.start, one.end) for one in self.spans if one.start <= base[0] and one.end >= base[1]]

    def _brings(self, base: tuple[int, int], run: tuple[int, int]) -> bool:
        """Whether the run says a word of the sentence, figures apart, that the place lacks."""
        held = set(stems(self.text[base[0] : base[1]]))
        return bool((self.said & set(stems(self.text[run[0] : run[1]]))) - held)


def _figures(text: str) -> list[Anchor]:
    return [anchor for anchor in anchors(text) if anchor.kind in FIGURES]


def _of_one_kind(one: Anchor, other: Anchor) -> bool:
    """Whether two figures could answer one question: two months, two years, or two of one unit."""
    if one.kind is not other.kind or one.kind is AnchorKind.DATE:
        return one.kind is other.kind
    years = [1000 <= float(figure.key) < 2100 and not figure.unit for figure in (one, other)]
    return years[0] == years[1] and (one.unit == other.unit or not one.unit or not other.unit)
