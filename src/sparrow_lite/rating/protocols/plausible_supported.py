"""Plausible and supported: is a reply a sensible answer, and does its evidence alone show that it is true?

After Sparrow (arXiv 2209.14375) and GopherCite (arXiv 2203.11147). A reply that shows no evidence is not
supported, so that only the first question is asked about it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sparrow_lite.rating.protocols.guide import Guided, read_guide
from sparrow_lite.rating.protocols.rows import (
    Row,
    digest,
    each_item,
    gold_of,
    hide_addresses,
    origin_of,
    shipped_items,
    shown_evidence,
    whole_turns,
)
from sparrow_lite.rating.values import Item, Question, Rating, Stage

PLAUSIBLE, SUPPORTED = "plausible", "supported"
_SAYS = {"yes": True, "no": False}


def open(settings: Mapping[str, Any]) -> "PlausibleSupported":  # noqa: A001, ARG001 (every protocol's)
    """Return the protocol; it has no settings.

    Raises:
        ConfigError: When its words cannot be read.
    """
    return PlausibleSupported(guide=read_guide("plausible_supported"))


@dataclass(frozen=True, kw_only=True)
class PlausibleSupported(Guided):
    """The protocol, in the words of one guide."""

    name = "plausible_supported"

    def items(self, rows: Iterable[Row], *, seed: int) -> Iterator[Item]:  # noqa: ARG002 (nothing is drawn)
        """Yield one item for each reply to a factual question; see `RatingProtocol.items`."""
        return each_item((row for row in rows if row.get("kind") in (None, "question")), self._each)

    def qualification(self) -> tuple[Item, ...]:
        """Return the shipped qualification items."""
        return shipped_items(self.guide.qualification, Stage.QUALIFICATION, _item)

    def checks(self) -> tuple[Item, ...]:
        """Return the shipped check items."""
        return shipped_items(self.guide.checks, Stage.CHECK, _item)

    def questions(self, item: Item) -> tuple[Question, ...]:
        """Return both questions, or only the first one where no evidence is shown."""
        asked = tuple(one.question() for one in self.guide.questions)
        return asked if item.body["evidence"] else tuple(one for one in asked if one.id != SUPPORTED)

    def outcomes(self, item: Item, rating: Rating) -> Mapping[str, bool | None]:
        """Return `plausible`, `supported` and `supported_and_plausible`; None for unsure or not answered."""
        if not rating.answers:
            return dict.fromkeys((PLAUSIBLE, SUPPORTED, "supported_and_plausible"))
        plausible = _SAYS.get(rating.answers.get(PLAUSIBLE, ""))
        supported = _SAYS.get(rating.answers.get(SUPPORTED, "")) if item.body["evidence"] else False
        both = False if False in (plausible, supported) else (True if plausible and supported else None)
        return {PLAUSIBLE: plausible, SUPPORTED: supported, "supported_and_plausible": both}

    def _each(self, row: Row) -> Iterator[Item]:
        yield _item(row)


def _item(row: Row) -> Item:
    turns = [{**one, "text": hide_addresses(one["text"])} for one in whole_turns(row)]
    gold, origin = gold_of(row), origin_of(row)
    judged = {name: row[name] for name in (PLAUSIBLE, SUPPORTED) if row.get(name) is not None}
    return Item(
        id=digest(PlausibleSupported.name, origin["case"]),
        stage=Stage.WORK if gold is None else Stage.CHECK,
        body={"turns": turns, "marked": len(turns) - 1, "evidence": shown_evidence(row.get("citations"))},
        origin={**origin, "judged": judged},
        gold=gold,
        explanation=str(row.get("explanation") or ""),
    )
