"""The form of a draft: which parts are prose, and which are code, JSON, tables or verse.

Code and JSON are kept to the letter: no mark is read and no word is changed inside them.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_OPENS = re.compile(
    r"^[ \t]*(?:(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})(?P<language>[^\n]*)|(?P<json>[\[{]))", re.MULTILINE
)
_MARKS_TO_LINE_END = re.compile(r"(?:[ \t]*\[\d{1,3}\])*[ \t]*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_RULE_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_INLINE_CODE = re.compile(r"(`+)(?!`)[^\n]*?[^`\n]\1(?!`)")
_MARK = re.compile(r"\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]")
LIST_MARK = re.compile(r"\d{1,3}[.)]|[-*•+]")
# Private-use characters stand for brackets within inline code, so that none is read as a mark or a link.
_HIDDEN = str.maketrans("[]()", "\ue002\ue003\ue004\ue005")
_BARED = str.maketrans("\ue002\ue003\ue004\ue005", "[]()")
_NO_STAND_INS = dict.fromkeys(range(0xE000, 0xE006))
_VERSE_LINE = 70


class Form(StrEnum):
    """What a part of a draft is."""

    PROSE = "prose"
    CODE = "code"
    JSON = "json"
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"
    VERSE = "verse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Characters `start` to `end` (exclusive) of a draft, with their words and what they are."""

    start: int
    end: int
    text: str
    form: Form


def without_stand_ins(draft: str) -> str:
    """Return the draft without the characters by which this package marks places in it."""
    return draft.translate(_NO_STAND_INS)


def hide_code(text: str) -> str:
    """Return the text with the brackets of its inline code replaced by stand-ins of the same length."""
    return _INLINE_CODE.sub(lambda match: match.group().translate(_HIDDEN), text)


def bare_code(text: str) -> str:
    """Return the text with its brackets as they were before `hide_code`."""
    return text.translate(_BARED)


def change_prose(draft: str, change: Callable[[str], str]) -> str:
    """Return the draft with `change` done to everything but code and JSON."""
    changed, at = "", 0
    for block in _fixed(draft):
        changed += bare_code(change(hide_code(draft[at : block.start]))) + block.text
        at = block.end
    return changed + bare_code(change(hide_code(draft[at:])))


def cut(draft: str) -> list[Block]:
    """Return the blocks of a draft, in order; white space between them belongs to none."""
    blocks: list[Block] = []
    at = 0
    for fixed in _fixed(draft):
        blocks += [*_loose(draft, at, fixed.start), fixed]
        at = fixed.end
    return [*blocks, *_loose(draft, at, len(draft))]


def _block(draft: str, start: int, end: int, form: Form) -> Block:
    return Block(start=start, end=end, text=draft[start:end], form=form)


def _fixed(draft: str) -> Iterator[Block]:
    """The fences and the JSON values that begin a line."""
    at = 0
    while match := _OPENS.search(draft, at):
        start = match.start("fence") if match["fence"] else match.start("json")
        end, form = _fence(draft, match) if match["fence"] else (_json_end(draft, start), Form.JSON)
        at = max(end, match.end())
        if end > start:
            yield _block(draft, start, end, form)


def _fence(draft: str, match: re.Match[str]) -> tuple[int, Form]:
    """Where a fence ends (the draft's end when it is not closed), and JSON when that is all it holds."""
    closing = re.compile(rf"^[ \t]*{re.escape(match['fence'])}+[ \t]*$", re.MULTILINE)
    found = closing.search(draft, match.end())
    inside = draft[match.end() : found.start() if found else len(draft)].strip()
    form = Form.JSON if inside and _json_end(inside, 0) == len(inside) else Form.CODE
    return (found.end() if found else len(draft)), form


def _json_end(draft: str, start: int) -> int:
    """Where a JSON object or list ends that fills its lines; `start` when there is none."""
    try:
        value, end = json.JSONDecoder().raw_decode(draft, start)
    except (ValueError, RecursionError):
        return start
    # "[1]" and "[1, 2]" are marks.
    if not isinstance(value, dict | list) or (
        isinstance(value, list) and all(isinstance(one, int) for one in value)
    ):
        return start
    return end if _MARKS_TO_LINE_END.match(draft, end) else start


def _loose(draft: str, start: int, end: int) -> list[Block]:
    blocks: list[Block] = []
    for paragraph in _PARAGRAPH.finditer(draft, start, end):
        for block in _of_paragraph(draft, paragraph.start(), paragraph.end()):
            last = blocks[-1] if blocks else None
            if last and last.form is block.form is Form.PROSE:
                blocks[-1] = _block(draft, last.start, block.end, Form.PROSE)
            else:
                blocks.append(block)
    return blocks


def _of_paragraph(draft: str, start: int, end: int) -> list[Block]:
    lines = [
        (start + match.start(), start + match.end()) for match in re.finditer(r"[^\n]+", draft[start:end])
    ]
    for index, (line_start, line_end) in enumerate(lines[1:], start=1):
        line = draft[line_start:line_end]
        if "|" in line and _RULE_ROW.fullmatch(line) and "|" in draft[slice(*lines[index - 1])]:
            return _table(draft, lines, index)
    form = Form.VERSE if _is_verse(draft[start:end].split("\n")) else Form.PROSE
    return [_block(draft, start, end, form)]


def _table(draft: str, lines: list[tuple[int, int]], rule: int) -> list[Block]:
    """The prose before a table, its head, its rows, and what follows in the same paragraph."""
    last = next((at for at in range(rule + 1, len(lines)) if "|" not in draft[slice(*lines[at])]), len(lines))
    before, after = lines[: rule - 1], lines[last:]
    blocks = [_block(draft, before[0][0], before[-1][1], Form.PROSE)] if before else []
    blocks.append(_block(draft, lines[rule - 1][0], lines[rule][1], Form.TABLE_HEAD))
    blocks += [_block(draft, *line, Form.TABLE_ROW) for line in lines[rule + 1 : last]]
    return [*blocks, *(_of_paragraph(draft, after[0][0], after[-1][1]) if after else [])]


def _is_verse(lines: list[str]) -> bool:
    """Whether a paragraph is short lines that mostly end within a sentence and cite at most once."""
    if len(lines) < 3 or any(len(line) > 2 * _VERSE_LINE for line in lines):
        return False
    plain = [_MARK.sub("", line).strip() for line in lines]
    if any(len(line) > _VERSE_LINE or not line for line in plain):
        return False
    marked = sum(_MARK.search(line) is not None for line in lines)
    listed = any(LIST_MARK.match(line) or line.startswith("#") for line in plain)
    led_in = plain[0].endswith(":")
    labels = sum(bool(re.match(r"[*\w ]{1,30}:", line)) for line in plain)
    run_on = sum(line[-1] not in ".!?:" for line in plain)
    capitals = sum(line.lstrip("\"'“‘*_")[:1].isupper() for line in plain)
    if marked > 1 or listed or led_in or labels > len(plain) / 2:
        return False
    return run_on >= len(plain) / 2 and capitals >= len(plain) / 2
