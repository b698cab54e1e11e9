"""How the units of a draft hang together: items with their lead-in, rows with their head, pronouns.

An item alone states nothing: "Mercury" under "The gas giants are:" is the statement that Mercury is one. What
hangs on a unit that is dropped is dropped too, and a lead-in goes when no item is left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sparrow_lite.language import AnchorKind, anchors, stems
from sparrow_lite.support.claims import is_claim
from sparrow_lite.support.form import Form
from sparrow_lite.support.marks import MarkedSentence, lower_first

_HEADING = re.compile(r"#{1,6}\s|\*\*[^*]+\*\*:?$")
_STOPPED = re.compile(r"[.!?][\"'”’)*_]*$")
_POINTS_AHEAD = re.compile(r"\b(?:following|follows|these|below)\b[^.!?]*[.!]?$", re.IGNORECASE)
# What a lead-in says of the list and not of the world.
_OF_THE_LIST = re.compile(
    r"\b(?:here (?:is|are)|some|(?:the |as )?follow(?:ing|s)|(?:key|main|basic|important|interesting)"
    r"|facts?|points?|details?|information|summary|overview|highlights?|answers?|listed|below)\b"
    r"(?: (?:about|on|of)\b)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([*_]*)([A-Z])(?=[\w ]{0,30}:[*_]*\s*(?:[\d~$€£]|(?!(?:The|An?|It|Its)\b)[A-Z]))")
_PRONOUN = re.compile(
    r"(?:(?:however|later|then|also|in addition|moreover|today|now|still|but|and|in \d{4}),?\s+)?"
    r"(?:it|its|he|his|she|her|they|their|this|these|those|the (?:former|latter)"
    r"|that (?:is|was|has|had|means|makes))\b",
    re.IGNORECASE,
)
_NO_PRONOUN = re.compile(
    r"it (?:is|was|has been) (?:\w+ly )?"
    r"(?:known|said|believed|thought|estimated|likely|unlikely|possible|clear|true)\b.*\bthat\b",
    re.IGNORECASE,
)
_BARE_ITEM_WORDS, _SHORT_ITEM_STEMS = 6, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One unit and what it hangs on; places are indices into the draft's units.

    Attributes:
        unit: The unit.
        said: What it states, with its lead-in.
        head: The lead-in of its list, or the head of its table; None for none.
        leans_on: The unit without which it would be misread: its item, or what its pronoun stands for.
        run: Number of the run of items that it belongs to; None for what begins no item.
    """

    unit: MarkedSentence
    said: str
    head: int | None = None
    leans_on: int | None = None
    run: int | None = None


def place(units: Sequence[MarkedSentence]) -> list[Placed]:
    """Return the units, in order, each with what it hangs on."""
    outline = _Outline()
    for unit in units:
        outline.add(unit)
    items = items_of(outline.placed)
    return [_with_lead_in(one, outline.placed, items) for one in outline.placed]


def items_of(placed: Sequence[Placed]) -> dict[int, list[int]]:
    """Return for each lead-in and table head the places of what hangs on it, in order."""
    items: dict[int, list[int]] = {}
    for at, one in enumerate(placed):
        if one.head is not None:
            items.setdefault(one.head, []).append(at)
    return items


class _Outline:
    """The units read so far, and the list that is open."""

    def __init__(self) -> None:
        self.placed: list[Placed] = []
        # The open items, outermost first, as (indentation, place, run).
        self.open: list[tuple[int, int, int]] = []
        self.lead: int | None = None
        self.runs = 0

    def add(self, unit: MarkedSentence) -> None:
        """Place the next unit."""
        said = unit.said or unit.text
        if unit.form is Form.TABLE_ROW:
            placed = Placed(unit=unit, said=said, head=self._table_head())
        elif unit.form is not Form.PROSE:
            placed = Placed(unit=unit, said=said, head=self._block_head(unit))
            self.open, self.lead = [], None
        elif unit.list_mark or self._is_bare_item(unit):
            placed = self._item(unit)
        elif self.open and "\n" not in unit.before:
            placed = Placed(unit=unit, said=said, leans_on=self.open[-1][1])
        else:
            self.open, self.lead = [], None
            placed = Placed(unit=unit, said=said, leans_on=self._stands_for(unit))
        self.placed.append(placed)

    def _item(self, unit: MarkedSentence) -> Placed:
        indentation = len(unit.before.rpartition("\n")[2]) if "\n" in unit.before else 0
        if not self.open:
            self.lead = self._lead_in()
        run = None
        while self.open and self.open[-1][0] >= indentation:
            run = self.open.pop()[2]
        head = self.open[-1][1] if self.open else self.lead
        if run is None:
            self.runs += 1
            run = self.runs
        self.open.append((indentation, len(self.placed), run))
        said = unit.text.removeprefix(unit.list_mark).strip()
        leans_on = self._stands_for(replace(unit, text=said)) if head is None else None
        return Placed(unit=unit, said=said, head=head, leans_on=leans_on, run=run)

    def _lead_in(self) -> int | None:
        """The unit right before a list, when it leads into it."""
        last = self.placed[-1].unit if self.placed else None
        if last is None or last.form is not Form.PROSE:
            return None
        text = last.text.rstrip("*_ ")
        leads = not _STOPPED.search(text) or _POINTS_AHEAD.search(text)
        return len(self.placed) - 1 if leads else None

    def _is_bare_item(self, unit: MarkedSentence) -> bool:
        """Whether the unit is a short line without a stop, under a lead-in with a colon or such a line."""
        if unit.before != "\n" or not self.placed:
            return False
        last = self.placed[-1]
        after_item = bool(self.open) and last.run is not None and not last.unit.list_mark
        after_lead = last.unit.form is Form.PROSE and last.unit.text.rstrip("*_ ").endswith(":")
        short = len(unit.text.split()) <= _BARE_ITEM_WORDS and not _STOPPED.search(unit.text)
        return short and (after_item or after_lead)

    def _block_head(self, unit: MarkedSentence) -> int | None:
        """The lead-in of a table, JSON or code; before code only one without names and figures."""
        at = self._lead_in() if unit.form is not Form.VERSE else None
        if at is not None and unit.form is Form.CODE and anchors(self.placed[at].unit.text):
            return None
        return at

    def _table_head(self) -> int | None:
        last = self.placed[-1] if self.placed else None
        if last and last.unit.form is Form.TABLE_HEAD:
            return len(self.placed) - 1
        return last.head if last else None

    def _stands_for(self, unit: MarkedSentence) -> int | None:
        """The last claim before a sentence that begins with a pronoun."""
        if not _PRONOUN.match(unit.text) or _NO_PRONOUN.match(unit.text):
            return None
        for at in reversed(range(len(self.placed))):
            earlier = self.placed[at].unit
            if earlier.form is Form.PROSE and is_claim(earlier.text):
                return at
        return None


def _with_lead_in(one: Placed, placed: Sequence[Placed], items: dict[int, list[int]]) -> Placed:
    """The item, row or JSON with its lead-in before it, and with that one's own."""
    if one.head is None or one.unit.form in (Form.CODE, Form.TABLE_HEAD):
        return one
    lead, item = "", _as_continued(one.said)
    for at in _heads(one, placed):
        above = placed[at]
        heading = _HEADING.match(above.said) and len(stems(item)) > _SHORT_ITEM_STEMS
        if heading or above.unit.form is Form.TABLE_HEAD:
            continue
        hanging = [hung for of in items[at] for hung in items.get(of, [of])]
        lead = f"{lead} {_as_lead(above.said, {len(hanging), len(items[at])})}".strip()
        if not stems(lead) and above.leans_on is not None:
            lead = f"{placed[above.leans_on].said} {lead}"
    return replace(one, said=f"{lead} {item}") if stems(lead) else one


def _heads(one: Placed, placed: Sequence[Placed]) -> list[int]:
    """Its lead-in, that one's own, and so on, the outermost first."""
    heads: list[int] = []
    at = one.head
    while at is not None:
        heads.insert(0, at)
        at = placed[at].head
    return heads


def _as_lead(text: str, counts: set[int]) -> str:
    """What a lead-in says of the world: without words about the list, and without the count of its items."""
    text = _OF_THE_LIST.sub("", text).lstrip("# ").rstrip(":. *_")
    for anchor in anchors(text):
        if anchor.kind is AnchorKind.NUMBER and anchor.key in map(str, counts) and not anchor.unit:
            text = text.replace(anchor.text, "", 1)
    return " ".join(text.split())


def _as_continued(item: str) -> str:
    """The item as it would go on after its lead-in: only a name keeps its capital."""
    label = _LABEL.match(item)
    if label:
        return item[: label.end(1)] + label[2].lower() + item[label.end() :]
    first, space, rest = item.partition(" ")
    return f"{lower_first(first)} {rest}" if space and rest[:1].islower() else item
