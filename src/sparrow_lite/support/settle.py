"""What is left of a draft once each unit has been checked alone: what hangs together goes together."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sparrow_lite.reply import Fate, Sentence
from sparrow_lite.support.form import Form
from sparrow_lite.support.marks import MarkedSentence
from sparrow_lite.support.outline import Placed, items_of
from sparrow_lite.verdict import Citation

SOFTENED_NOTE = "(only partly supported by the source)"
_NUMBERED = re.compile(r"\d{1,3}(?=[.)])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One unit after its check.

    Attributes:
        unit: The unit.
        citations: What it cites, and what came of it.
        fate: Kept, softened or dropped.
        reason: Why it was softened or dropped; empty when kept.
        claim: Whether it claims something.
    """

    unit: MarkedSentence
    citations: tuple[Citation, ...] = ()
    fate: Fate = Fate.KEPT
    reason: str = ""
    claim: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The evidence that it cites, none twice."""
        return tuple(dict.fromkeys(found.id for found in self.citations))

    @property
    def support(self) -> float | None:
        """The best support of its citations: 0.0 without any, None when none was scored."""
        scores = [found.support for found in self.citations if found.support is not None]
        return max(scores) if scores else (None if self.citations else 0.0)

    @property
    def sentence(self) -> Sentence:
        """The record of it."""
        return Sentence(
            text=self.unit.text, ids=self.ids, unknown=self.unit.unknown, fate=self.fate, reason=self.reason
        )

    def dropped(self, reason: str) -> "Checked":
        """Return it as dropped, for its own reason when it has one."""
        return self if self.fate is Fate.DROPPED else replace(self, fate=Fate.DROPPED, reason=reason)


def settle(checked: Sequence[Checked], placed: Sequence[Placed]) -> list[Checked]:
    """Return the units with the fates that follow from those of the units that they hang on, in order."""
    settled = list(checked)
    items = items_of(placed)
    for at in sorted(items, reverse=True):
        settled[at] = _settle_head(settled[at], [settled[item] for item in items[at]])
    for at, one in enumerate(placed):
        if one.head is not None and settled[one.head].fate is Fate.DROPPED:
            settled[at] = settled[at].dropped("what leads into it was dropped")
        if one.leans_on is not None and settled[one.leans_on].fate is Fate.DROPPED:
            settled[at] = settled[at].dropped("it leans on a sentence that was dropped")
    # What leaned on a dropped sentence may have been the last item of a list.
    left = {at for at, one in enumerate(settled) if one.fate is not Fate.DROPPED}
    again = any(at in left and left.isdisjoint(items[at]) for at in items)
    return settle(settled, placed) if again else settled


def show(checked: Sequence[Checked], placed: Sequence[Placed]) -> str:
    """Return what is left as text, with marks; lists are numbered anew where an item was dropped."""
    shown, waiting = "", ""
    for one, text in zip(checked, _renumbered(checked, placed), strict=True):
        before = one.unit.before
        if one.fate is Fate.DROPPED:
            # The paragraph goes on with what follows on the same line.
            waiting = before if "\n" in before and len(before) > len(waiting) else waiting
            continue
        shown += (waiting if "\n" not in before and waiting else before) + _with_marks(one, text)
        waiting = ""
    return shown.strip()


def _settle_head(head: Checked, items: Iterable[Checked]) -> Checked:
    """A lead-in stands with its items: each of them was judged with its words before it."""
    left = [item.fate for item in items if item.fate is not Fate.DROPPED]
    if not left:
        return head.dropped("no item of its list is left")
    if any(found.missing for found in head.citations) or Fate.KEPT not in left:
        return head
    # Without marks of its own it needs none: what it says is cited with each item.
    return head if head.fate is Fate.KEPT and head.unit.ids else Checked(unit=head.unit)


def _renumbered(checked: Sequence[Checked], placed: Sequence[Placed]) -> list[str]:
    texts = [one.unit.text for one in checked]
    for run in {one.run for one in placed if one.run is not None}:
        members = [at for at, one in enumerate(placed) if one.run == run]
        numbers = [_NUMBERED.match(texts[at]) for at in members]
        first = numbers[0]
        if first is None or [int(n[0]) if n else None for n in numbers] != list(
            range(int(first[0]), int(first[0]) + len(members))
        ):
            continue
        left = (at for at in members if checked[at].fate is not Fate.DROPPED)
        for number, at in enumerate(left, start=int(first[0])):
            texts[at] = _NUMBERED.sub(str(number), texts[at], count=1)
    return texts


def _with_marks(one: Checked, text: str) -> str:
    note = SOFTENED_NOTE if one.fate is Fate.SOFTENED else ""
    if one.unit.form is Form.JSON:
        return f"{text}\n{note}".rstrip()
    marks = "".join(f"[{number}]" for number in one.ids)
    added = " ".join(word for word in (marks, note) if word)
    if one.unit.form is Form.TABLE_ROW and text.endswith("|"):
        return f"{text[:-1].rstrip()} {added} |" if added else text
    return f"{text} {added}".rstrip() if added else text
