"""From a row of a run or of a user's file to the parts of an item: dialogue, evidence, origin, gold.

A row is in the form of `harness.interop.export.rows`, of which a user's file may leave most columns out:
`turns` (or `question`) and `reply` are enough. `gold` makes a row a check.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols.guide import WrittenItem
from sparrow_lite.rating.values import Item, Stage

Row = Mapping[str, Any]
MakeItem = Callable[[Row], Item]

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]]*[^\s<>()\[\].,;:!?'\"]", re.IGNORECASE)
_ROLES = frozenset({"user", "sparrow"})
_KEPT_ORIGIN = ("suite", "probe", "rule", "kind", "attack", "arm", "sample", "run", "judge", "drawn")


def each_item(rows: Iterable[Row], make: Callable[[Row], Iterator[Item]]) -> Iterator[Item]:
    """Yield the items that `make` makes of every row that can be rated; failed cases are left out.

    Raises:
        ConfigError: For a row that lacks something, with its number from 1.
    """
    for number, row in enumerate(rows, start=1):
        if row.get("failure") is None:
            try:
                yield from make(row)
            except ConfigError as error:
                raise ConfigError(f"Row {number}: {error}") from error


def asked_turns(row: Row) -> list[dict[str, str]]:
    """Return the dialogue up to and with the user's last turn, that is, without the reply in question.

    Raises:
        ConfigError: For a row without a user's turn.
    """
    turns = _turns(row)
    while turns and turns[-1]["role"] == "sparrow":
        turns.pop()
    if not turns:
        raise ConfigError("it has neither `turns` with a turn of the user's nor a `question`.")
    return turns


def whole_turns(row: Row) -> list[dict[str, str]]:
    """Return the dialogue with the reply in question last.

    Raises:
        ConfigError: For a row without a reply, or without a user's turn.
    """
    turns = asked_turns(row)
    return [*turns, {"role": "sparrow", "text": last_reply(row)}]


def last_reply(row: Row) -> str:
    """Return the reply in question.

    Raises:
        ConfigError: For a row without one.
    """
    turns = _turns(row)
    reply = row.get("reply") or (turns[-1]["text"] if turns and turns[-1]["role"] == "sparrow" else None)
    if not isinstance(reply, str) or not reply.strip():
        raise ConfigError("it has no `reply`.")
    return reply


def shown_evidence(citations: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Return title and quote of every citation that has a quote, each once; the address is left out.

    Raises:
        ConfigError: For a citation that is no mapping.
    """
    shown: dict[tuple[int, str], dict[str, Any]] = {}
    for number, one in enumerate(citations or (), start=1):
        if not isinstance(one, Mapping):
            raise ConfigError("a citation is not a mapping with `title` and `quote`.")
        quote, at = str(one.get("quote") or "").strip(), int(one.get("id") or number)
        if quote:
            title = hide_addresses(str(one.get("title") or ""))
            shown.setdefault((at, quote), {"id": at, "title": title, "quote": hide_addresses(quote)})
    return list(shown.values())


def hide_addresses(text: str) -> str:
    """Return the text with a plain word in the place of every web address."""
    return _ADDRESS.sub("(address)", text)


def origin_of(row: Row) -> dict[str, Any]:
    """Return where a row comes from, which no rater sees."""
    kept = {name: row[name] for name in _KEPT_ORIGIN if row.get(name) is not None}
    return {"case": str(row.get("key") or digest(row)), **kept}


def digest(*parts: Any) -> str:
    """Return 16 hex digits that name these parts."""
    # ASCII, so that half a character, which JSON can hold, is no error.
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def gold_of(row: Row) -> dict[str, str] | None:
    """Return the row's own gold answers; None when it has none, and is work.

    Raises:
        ConfigError: For gold that is not a choice by question.
    """
    gold = row.get("gold")
    if gold is None:
        return None
    if not isinstance(gold, Mapping) or not all(isinstance(one, str) for one in gold.values()):
        raise ConfigError('`gold` is not a choice by question, such as {"plausible": "yes"}.')
    return {str(name): choice for name, choice in gold.items()}


def shipped_items(written: Iterable[WrittenItem], stage: Stage, make: MakeItem) -> tuple[Item, ...]:
    """Return the items of a guide, in its order.

    Raises:
        ConfigError: For an item whose row lacks something, with its id.
    """
    found = []
    for one in written:
        try:
            item = make({"key": one.id, "gold": one.gold, **one.row})
        except ConfigError as error:
            raise ConfigError(f"Item {one.id!r}: {error}") from error
        found.append(
            Item(
                id=digest(stage.value, one.id),
                stage=stage,
                body=item.body,
                origin={"shipped": one.id, **item.origin},
                gold=item.gold,
                explanation=" ".join(one.explanation.split()),
            )
        )
    return tuple(found)


def _turns(row: Row) -> list[dict[str, str]]:
    turns = row.get("turns")
    if turns is None:
        asked = row.get("question") or row.get("prompt")
        return [{"role": "user", "text": str(asked)}] if asked else []
    try:
        found = [{"role": str(one["role"]), "text": str(one["text"])} for one in turns]
    except (TypeError, KeyError, IndexError) as error:
        raise ConfigError("`turns` is not a list of `role` and `text`.") from error
    if not {one["role"] for one in found} <= _ROLES:
        raise ConfigError("a turn's `role` is neither `user` nor `sparrow`.")
    return found
