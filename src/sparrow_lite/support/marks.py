"""Reading a draft: its sentences, and the evidence numbers that each one cites.

A model writes `[1]`, `[1][2]` or `[1, 2]` before or after the full stop. Only numbers that exist are kept, so
that a number can never point at a page that was not opened.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from sparrow_lite.language import Span, sentences

_OTHER_FORMS = re.compile(
    r"【(\d{1,3})[^】]{0,20}】|\[(?:source|ref|passage|result)s?:?\s*(\d{1,3})\]", re.IGNORECASE
)
_RANGE = re.compile(r"\[(\d{1,2})\s*[-–]\s*(\d{1,2})\]")
_LINK = re.compile(r"(\[\d{1,3}\])\((?:https?:|www\.)[^)\s]{0,300}\)")
# A mark as the object of a sentence: without it the sentence would lose a word.
_AS_A_WORD = re.compile(r"\b(according to|as|from|in|see|per|by) (?=\[\d{1,3}\](?:,| [a-z]))", re.IGNORECASE)
_MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_MARKS_BEFORE_STOP = re.compile(r"((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]){1,12})([.!?]+[\"'”’]?)")
_LIST_MARK = re.compile(r"\d{1,3}[.)]|[-*•]")
# Private-use characters stand for marks while sentences are cut, so that "[1]" cannot end or begin one.
_HOLD, _HELD = "\ue000", re.compile("\ue000([\\d,]+)\ue001")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSentence:
    """One sentence of a draft.

    Attributes:
        text: The sentence, without marks.
        ids: The evidence numbers that it cites, in order, none twice, only known ones.
        unknown: The numbers that it cites and that do not exist.
        before: White space between the sentence before and this one: a space, or line ends.
    """

    text: str
    ids: tuple[int, ...]
    unknown: tuple[int, ...] = ()
    before: str = " "


def read_marks(draft: str, *, known: Collection[int]) -> tuple[MarkedSentence, ...]:
    """Return the sentences of a draft with their citations, in order."""
    draft = _AS_A_WORD.sub(r"\1 the source ", _LINK.sub(r"\1", _in_one_form(draft)))
    held = _MARKS_BEFORE_STOP.sub(r"\2\1", draft.replace("\ue000", "").replace("\ue001", "").strip())
    held = _MARK.sub(lambda match: f"{_HOLD}{match[1].replace(' ', '')}\ue001", held)
    plain, marks = _lift(held)
    found: list[MarkedSentence] = []
    end = 0
    spans = _with_list_marks(plain, sentences(plain))
    for index, span in enumerate(spans):
        next_start = spans[index + 1].start if index + 1 < len(spans) else len(plain) + 1
        # A mark right after a sentence belongs to it: those up to the next sentence's first character.
        numbers = [
            n for at, ids in marks if span.start < at <= span.end or span.end < at < next_start for n in ids
        ]
        unique = tuple(dict.fromkeys(numbers))
        gap = plain[end : span.start]
        found.append(
            MarkedSentence(
                text=span.text,
                ids=tuple(number for number in unique if number in known),
                unknown=tuple(number for number in unique if number not in known),
                before="\n" * min(gap.count("\n"), 2) or " ",
            )
        )
        end = span.end
    return tuple(found)


def _in_one_form(draft: str) -> str:
    """The draft with marks of other forms as `[1]`, and `[1-3]` as `[1,2,3]`."""
    draft = _OTHER_FORMS.sub(lambda match: f"[{match[1] or match[2]}]", draft)
    return _RANGE.sub(lambda match: f"[{_numbers_between(int(match[1]), int(match[2]))}]", draft)


def _numbers_between(first: int, last: int) -> str:
    return ",".join(str(number) for number in range(first, min(last, first + 9) + 1)) or str(first)


def _with_list_marks(text: str, spans: list[Span]) -> list[Span]:
    """The sentences, with "1." or "-" at a line's start joined to what follows it on the line."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and _LIST_MARK.fullmatch(last.text) and "\n" not in text[last.end : span.start]:
            joined[-1] = Span(start=last.start, end=span.end, text=text[last.start : span.end])
        else:
            joined.append(span)
    return joined


def _lift(held: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The text without held marks, and for each mark where it stood and its numbers."""
    plain = ""
    marks: list[tuple[int, list[int]]] = []
    cursor = 0
    for match in _HELD.finditer(held):
        plain += held[cursor : match.start()]
        marks.append((len(plain), [int(number) for number in match[1].split(",") if number]))
        cursor = match.end()
    return plain + held[cursor:], marks
