"""How a document is cut: sections that are kept whole, and the passages in them that are ranked.

Pure functions of the text: the same text is always cut the same way, so that offsets in a section stay true.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sparrow_lite.language import Span, paragraphs, sentences

PASSAGE_CHARS = 850
# A document up to this length is one section, and so is cited as a whole.
SECTION_CHARS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A run of passages that is shown and cited as one text.

    Attributes:
        text: Its text.
        passages: Start and end (exclusive) of each passage in `text`, in order, never none.
    """

    text: str
    passages: tuple[tuple[int, int], ...]


def cut(text: str) -> list[Section]:
    """Return the sections of a text, in order, each at most `SECTION_CHARS` long; none for a blank text."""
    sections: list[Section] = []
    group: list[tuple[int, int]] = []
    for start, end in _passages(text):
        if group and end - group[0][0] > SECTION_CHARS:
            sections.append(_section(text, group))
            group = []
        group.append((start, end))
    if group:
        sections.append(_section(text, group))
    return sections


def _section(text: str, group: list[tuple[int, int]]) -> Section:
    first, last = group[0][0], group[-1][1]
    return Section(
        text=text[first:last],
        passages=tuple((start - first, end - first) for start, end in group),
    )


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Whole paragraphs, as many as fit; a longer paragraph in whole sentences, as many as fit."""
    start = end = -1
    for piece in _pieces(text):
        if start >= 0 and piece.end - start > PASSAGE_CHARS:
            yield start, end
            start = -1
        if start < 0:
            start = piece.start
        end = piece.end
    if start >= 0:
        yield start, end


def _pieces(text: str) -> Iterator[Span]:
    for paragraph in paragraphs(text):
        if len(paragraph.text) <= PASSAGE_CHARS:
            yield paragraph
            continue
        for sentence in sentences(paragraph.text):
            yield from _short(_moved(sentence, paragraph.start))


def _short(span: Span) -> Iterator[Span]:
    """The span, cut at spaces where it is longer than a passage, anywhere where it has none."""
    at = 0
    while len(span.text) - at > PASSAGE_CHARS:
        space = span.text.rfind(" ", at + 1, at + PASSAGE_CHARS + 1)
        stop = space if space > 0 else at + PASSAGE_CHARS
        yield Span(start=span.start + at, end=span.start + stop, text=span.text[at:stop])
        at = stop + 1 if space > 0 else stop
    if at < len(span.text):
        yield Span(start=span.start + at, end=span.end, text=span.text[at:])


def _moved(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by, text=span.text)
