"""Paragraphs and sentences, as spans of the text they were cut from."""

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters `start` to `end` (exclusive) of some text, with their words."""

    start: int
    end: int
    text: str


def paragraphs(text: str) -> list[Span]:
    """Return the non-blank lines, in order, without surrounding space."""
    return [span for line in _LINE.finditer(text) if (span := _trimmed(text, line.start(), line.end())).text]


def sentences(text: str) -> list[Span]:
    """Return the sentences, in order; a line end always ends one."""
    return [span for line in paragraphs(text) for span in _line_sentences(text, line)]


def _line_sentences(text: str, line: Span) -> list[Span]:
    from sentencex import segment

    found: list[Span] = []
    start = line.start
    for part in segment("en", line.text):
        span = _trimmed(text, start, start + len(part))
        if span.text:
            found.append(span)
        start += len(part)
    return found


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    return Span(start=start + left, end=start + left + len(stripped), text=stripped)
