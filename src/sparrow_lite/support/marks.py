"""Reading a draft: its sentences, and the evidence numbers that each one cites.

A model writes `[1]`, `[1][2]` or `[1, 2]` before or after the full stop. Only numbers that exist are kept, so
that a number can never point at a page that was not opened. Code and JSON are one unit each and cite nothing.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sparrow_lite.language import Span, sentences
from sparrow_lite.support.form import LIST_MARK, Block, Form, bare_code, cut, hide_code, without_stand_ins

_OTHER_FORMS = re.compile(
    r"【(\d{1,3})[^】]{0,20}】|\[(?:source|ref|passage|result)s?:?\s*(\d{1,3})\]", re.IGNORECASE
)
_RANGE = re.compile(r"\[(\d{1,2})\s*[-–]\s*(\d{1,2})\]")
# A mark as the object of a sentence: without it the sentence would lose a word.
_AS_A_WORD = re.compile(r"\b(according to|as|from|in|see|per|by) (?=\[\d{1,3}\](?:,| [a-z]))", re.IGNORECASE)
_MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_MARKS_BEFORE_STOP = re.compile(r"((?:\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]){1,12})([.!?]+[\"'”’]?)")
_ITEM = re.compile(rf"({LIST_MARK.pattern})\s+\S")
_CELL = re.compile(r"(?<!\\)\|")
# Heads of columns that say nothing of the world.
_EMPTY_HEAD = re.compile(
    r"(?:facts?|values?|items?|details?|descriptions?|propert(?:y|ies)|attributes?|features?|answers?|sources?"
    r"|categor(?:y|ies)|#|no\.)$",
    re.IGNORECASE,
)
_PLAIN_CAPITAL = re.compile(r"[A-Z](?=[a-z]*(?:\s+[a-z0-9]|$))")
# Private-use characters stand for marks while sentences are cut, so that "[1]" cannot end or begin one.
_HOLD, _HELD = "\ue000", re.compile("\ue000([\\d,]+)\ue001")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSentence:
    """One unit of a draft that is kept or dropped as a whole, most often a sentence.

    Attributes:
        text: Its words as drafted, without marks.
        ids: The evidence numbers that it cites, in order, none twice, only known ones.
        unknown: The numbers that it cites and that do not exist.
        before: White space between the unit before and this one: a space, or line ends and an indentation.
        form: What it is: a sentence of prose, a stanza, the head or a row of a table, code, JSON.
        said: What it states, where that is not its text: a row with the words of its table's head.
    """

    text: str
    ids: tuple[int, ...]
    unknown: tuple[int, ...] = ()
    before: str = " "
    form: Form = Form.PROSE
    said: str = ""

    @property
    def list_mark(self) -> str:
        """The "1." or "-" that it begins with; empty for what is no item of a list."""
        match = _ITEM.match(self.text) if self.form is Form.PROSE else None
        return match[1] if match else ""


def read_marks(draft: str, *, known: Collection[int]) -> tuple[MarkedSentence, ...]:
    """Return the units of a draft with their citations, in order."""
    draft = without_stand_ins(draft).strip()
    found: list[MarkedSentence] = []
    head: list[str] = []
    end = 0
    for block in cut(draft):
        units = _units(block, known)
        if block.form is Form.TABLE_HEAD:
            head = _cells(block.text.split("\n")[0])
        if block.form is Form.TABLE_ROW:
            units = [replace(unit, said=_row_said(head, unit.text)) for unit in units]
        if units:
            # An indentation before the first word belongs to the block.
            gap = draft[end : block.start] + block.text[: len(block.text) - len(block.text.lstrip())]
            units[0] = replace(units[0], before=_gap(gap))
        found += units
        end = block.end
    return tuple(found)


def _units(block: Block, known: Collection[int]) -> list[MarkedSentence]:
    if block.form is Form.CODE:
        return [MarkedSentence(text=block.text, ids=(), form=Form.CODE)]
    if block.form is Form.JSON:
        said = _json_said(block.text)
        return [MarkedSentence(text=block.text, ids=(), form=Form.JSON, said=said)]
    held = _MARKS_BEFORE_STOP.sub(r"\2\1", _in_one_form(hide_code(block.text)))
    held = _MARK.sub(lambda match: f"{_HOLD}{match[1].replace(' ', '')}\ue001", held)
    plain, marks = _lift(held)
    whole = plain.strip()
    if block.form is Form.PROSE:
        return _sentences(plain, marks, known)
    numbers = [n for _, ids in marks for n in ids]
    return [_marked(bare_code(whole), numbers, known, form=block.form)] if whole else []


def _sentences(
    plain: str, marks: list[tuple[int, list[int]]], known: Collection[int]
) -> list[MarkedSentence]:
    found: list[MarkedSentence] = []
    end = 0
    spans = _with_list_marks(plain, sentences(plain))
    for index, span in enumerate(spans):
        next_start = spans[index + 1].start if index + 1 < len(spans) else len(plain) + 1
        # A mark right after a sentence belongs to it: those up to the next sentence's first character.
        numbers = [
            n for at, ids in marks if span.start < at <= span.end or span.end < at < next_start for n in ids
        ]
        one = _marked(bare_code(span.text), numbers, known, form=Form.PROSE)
        found.append(replace(one, before=_gap(plain[end : span.start])))
        end = span.end
    return found


def _marked(text: str, numbers: list[int], known: Collection[int], *, form: Form) -> MarkedSentence:
    unique = tuple(dict.fromkeys(numbers))
    return MarkedSentence(
        text=text,
        ids=tuple(number for number in unique if number in known),
        unknown=tuple(number for number in unique if number not in known),
        form=form,
    )


def _gap(space: str) -> str:
    lines, newline, indentation = space.rpartition("\n")
    return "\n" * min(lines.count("\n") + 1, 2) + indentation if newline else " "


def _cells(row: str) -> list[str]:
    return [cell.strip(" \t*_") for cell in _CELL.split(row.strip().strip("|"))]


def _row_said(head: list[str], row: str) -> str:
    """The row as words: "planet Jupiter, radius 69,911 km"."""
    cells = _cells(row)
    names = [*("" if _EMPTY_HEAD.match(name) else name for name in head), *[""] * len(cells)]
    said = [f"{lower_first(name)} {cell}".strip() for name, cell in zip(names, cells, strict=False) if cell]
    return ", ".join(said)


def lower_first(words: str) -> str:
    """Return the words without the capital that only their place gives them; a lone name keeps its own."""
    return _PLAIN_CAPITAL.sub(lambda match: match[0].lower(), words, count=1) if words else words


def _json_said(text: str) -> str:
    """The keys and values of a JSON text, or of a fence of it, as words."""
    value: Any = json.loads(re.sub(r"\A[^\n]*[`~]{3}[^\n]*\n|\n[ \t]*[`~]{3,}[ \t]*\Z", "", text))
    said: list[str] = []
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += [(key, one) for one in reversed(value)]
        elif value is not None:
            said.append(f"{key.replace('_', ' ')} {value}".strip())
    return ", ".join(said)


def _in_one_form(draft: str) -> str:
    """The text with marks of other forms as `[1]`, `[1-3]` as `[1,2,3]`, and words where a mark is one."""
    draft = _OTHER_FORMS.sub(lambda match: f"[{match[1] or match[2]}]", draft)
    draft = _RANGE.sub(lambda match: f"[{_numbers_between(int(match[1]), int(match[2]))}]", draft)
    return _AS_A_WORD.sub(r"\1 the source ", draft)


def _numbers_between(first: int, last: int) -> str:
    return ",".join(str(number) for number in range(first, min(last, first + 9) + 1)) or str(first)


def _with_list_marks(text: str, spans: list[Span]) -> list[Span]:
    """The sentences, with "1." or "-" at a line's start joined to what follows it on the line."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and LIST_MARK.fullmatch(last.text) and "\n" not in text[last.end : span.start]:
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
