"""Ratings as training data: preferences in TRL's form, labelled turns and pairs for `sparrow-lite train`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sparrow_lite.rating.exporting import json_lines
from sparrow_lite.rating.outcomes import majorities
from sparrow_lite.rating.preferences import later_rounds
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.protocols.preference import BEST, round_question
from sparrow_lite.rating.rated import RatedItem, rated_items
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rules.load import load_rules
from sparrow_lite.transcript import strip_marks

_ROLES = {"user": "user", "sparrow": "assistant"}
_Turns = Sequence[Mapping[str, Any]]
_Row = dict[str, Any]


def export_trl(store: RatingStore, session: str, path: Path) -> int:
    """Write preferences as `prompt`, `chosen` and `rejected`, lists of turns; return how many there are.

    The reply that most raters found best, and that no other one equals in votes, is chosen over each of the
    others; ties give no pair. Later rounds of a dialogue are each rater's own.

    Raises:
        StoreError: When there is no such session, or the disk does not take the file.
    """
    found = store.session(session)
    rated = rated_items(store, found, open_protocol(found.protocol, found.settings))
    return json_lines(path, (row for one in rated for row in _preferences(one)))


def export_training(store: RatingStore, session: str, folder: Path) -> int:
    """Write a folder for `sparrow-lite train --data`, and return how many rows it has.

    Ratings of rules go into `turns/ratings.jsonl`, those of support into `support.jsonl`; the majority
    decides, and what nobody could tell is left out.

    Raises:
        StoreError: When there is no such session, or the disk does not take the files.
    """
    found = store.session(session)
    protocol = open_protocol(found.protocol, found.settings)
    rated = rated_items(store, found, protocol)
    turns, pairs = list(labelled_turns(rated, protocol)), list(_pairs(rated, protocol))
    count = 0
    for path, rows in ((folder / "turns" / "ratings.jsonl", turns), (folder / "support.jsonl", pairs)):
        if rows:
            count += json_lines(path, rows)
    return count


def labelled_turns(rated: Iterable[RatedItem], protocol: RatingProtocol) -> Iterator[_Row]:
    """Yield a row of `turns/*.jsonl` for each rule that people decided, with `case`, where it comes from.

    A dialogue that a rater had is a row for each rater.
    """
    shipped = {rule.id for rule in load_rules()}
    for one in rated:
        for turns, measure, broken in _decided(one, protocol):
            rule = next((r for r in one.item.body.get("rules", ()) if measure == f"broken:{r['id']}"), None)
            if rule is not None and turns and turns[-1]["role"] == "sparrow":
                yield {
                    "rule": rule["id"],
                    "kind": "breaks" if broken else "keeps",
                    "topic": str(one.item.origin.get("probe") or one.item.id),
                    "turns": [{"role": turn["role"], "text": strip_marks(turn["text"])} for turn in turns],
                    "evidence": [quote["quote"] for quote in one.item.body.get("evidence", ())],
                    **({} if rule["id"] in shipped else {"rule_text": rule["text"]}),
                    "case": one.item.origin.get("case", one.item.id),
                }


def _decided(one: RatedItem, protocol: RatingProtocol) -> Iterator[tuple[_Turns, str, bool]]:
    if one.item.body.get("talk"):
        for rating in one.deciding:
            for measure, said in protocol.outcomes(one.item, rating).items():
                if said is not None:
                    yield rating.dialogue, measure, said
        return
    for measure, found in majorities(one, protocol).items():
        if found.says is not None:
            yield one.item.body["turns"], measure, found.says


def _pairs(rated: Iterable[RatedItem], protocol: RatingProtocol) -> Iterator[_Row]:
    for one in rated:
        quotes = [quote["quote"] for quote in one.item.body.get("evidence", ())]
        found = majorities(one, protocol).get("supported")
        if quotes and found is not None and found.says is not None:
            reply = strip_marks(one.item.body["turns"][-1]["text"])
            yield {"claim": reply, "evidence": quotes, "supported": found.says}


def _preferences(one: RatedItem) -> Iterator[_Row]:
    replies = {each["letter"]: each["text"] for each in one.item.body.get("candidates", ())}
    best = _most(rating.answers.get(BEST, "") for rating in one.deciding)
    yield from _pairs_of(one.item.body["turns"], replies, best)
    for rating in one.ratings:
        for number, shown in later_rounds(rating).items():
            texts = {letter: str(turn["text"]) for letter, turn in shown.items()}
            before = _before(one.item.body["turns"], rating.dialogue, number)
            yield from _pairs_of(before, texts, rating.answers.get(round_question(number)))


def _most(answers: Iterable[str]) -> str | None:
    found = Counter(answers).most_common(2)
    return found[0][0] if found and (len(found) == 1 or found[0][1] > found[1][1]) else None


def _pairs_of(turns: _Turns, replies: Mapping[str, str], best: str | None) -> Iterator[_Row]:
    if best is None or best not in replies:
        return
    for letter, text in replies.items():
        if letter != best:
            yield {
                "prompt": [{"role": _ROLES[turn["role"]], "content": turn["text"]} for turn in turns],
                "chosen": [{"role": "assistant", "content": replies[best]}],
                "rejected": [{"role": "assistant", "content": text}],
            }


def _before(turns: _Turns, dialogue: _Turns, number: int) -> list[Mapping[str, Any]]:
    """The dialogue before a round: of each earlier round the reply that continued it."""
    said = list(turns)
    for turn in dialogue:
        if int(turn.get("round") or 0) >= number:
            break
        if not turn.get("round") or turn.get("continues") == "true":
            said.append(turn)
    return said
