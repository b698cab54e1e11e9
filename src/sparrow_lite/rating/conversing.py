"""Dialogues that are going on, and drafts: kept at each turn, so that a reload loses nothing."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating import talking
from sparrow_lite.rating.answering import require_open
from sparrow_lite.rating.handing import Handing
from sparrow_lite.rating.protocols.preference import LETTERS, TIES, round_question
from sparrow_lite.rating.store import RatingConflict, RatingStore
from sparrow_lite.rating.talking import Talker, Turns
from sparrow_lite.rating.tasks import Said, Task
from sparrow_lite.rating.values import Item

_MOST_CHARS = 4000
_LOCKS = 64


class Conversing:
    """Leads the dialogues of one database. Safe to call from several threads."""

    def __init__(self, store: RatingStore, handing: Handing) -> None:
        self._store = store
        self._handing = handing
        # A draft is read, changed and written: the page's autosave must not undo a turn that is just spoken.
        self._turns = tuple(Lock() for _ in range(_LOCKS))

    def keep_draft(self, rater: str, item: str, draft: Mapping[str, Any]) -> None:
        """Keep `answers` and `comment` of an unfinished answer; see `RatingSessions.keep_draft`."""
        desk = self._handing.desk(rater)
        if desk.seat(item) is None:
            raise ConfigError("There is no such item.")
        answers, comment = draft.get("answers", {}), draft.get("comment", "")
        if not isinstance(answers, Mapping) or not isinstance(comment, str) or len(comment) > _MOST_CHARS:
            raise ConfigError(
                "A draft has `answers` by question and a `comment` of at most 4,000 characters."
            )
        asked = desk.protocol.questions(self._store.item(desk.session.id, item))
        choices = {one.id: {choice.id for choice in one.choices} for one in asked}
        known = {
            name: one
            for name, one in answers.items()
            if isinstance(one, str) and one in choices.get(name, ())
        }
        with self._turn(rater):
            kept = self._store.draft(rater, item) or {}
            self._store.keep_draft(rater, item, {**kept, "answers": known, "comment": comment})

    def say(self, rater: str, said: Said, talkers: Mapping[str, Talker]) -> Task:
        """Add the rater's turn and what the agents reply; see `RatingSessions.say`."""
        desk = self._handing.desk(rater)
        require_open(desk)
        seat = desk.seat(said.item)
        if seat is None:
            raise ConfigError("There is no such item.")
        item = self._store.item(desk.session.id, said.item)
        if not item.body.get("talk"):
            raise ConfigError("This dialogue is finished: there is nothing to say.")
        if seat.done:
            raise RatingConflict("This dialogue is rated: undo to go on with it.")
        draft = dict(self._store.draft(rater, item.id) or {})
        _require_same(draft.get("dialogue", ()), said)
        made = (
            _probed(item, draft, said, talkers)
            if "rules" in item.body
            else _chosen(item, draft, said, talkers)
        )
        # The agents took their time: another tab may have spoken, or rated the dialogue, meanwhile.
        with self._turn(rater):
            kept = self._store.draft(rater, item.id) or {}
            _require_same(kept.get("dialogue", ()), said)
            head = self._store.head(rater, item.id)
            if (head.id if head else None) != seat.head:
                raise RatingConflict("This dialogue was rated in another tab: reload the page to see it.")
            self._store.keep_draft(rater, item.id, {**kept, **made})
        return self._handing.task_of(rater, item.id)

    def _turn(self, rater: str) -> Lock:
        """What guards a rater's drafts while one is read and written."""
        return self._turns[hash(rater) % len(self._turns)]


def _probed(
    item: Item, draft: Mapping[str, Any], said: Said, talkers: Mapping[str, Talker]
) -> dict[str, Any]:
    """What a turn to one agent changes of the draft."""
    talk, turns = item.body["talk"], tuple(draft.get("dialogue", ()))
    if sum(one["role"] == "user" for one in turns) >= talk["most_turns"]:
        raise ConfigError(f"A dialogue has at most {talk['most_turns']} turns of yours: rate it now.")
    if len(talkers) != 1:
        raise ConfigError("A probing session needs one arm that answers.")
    return {"dialogue": list(talking.probe_turn(turns, said.text, next(iter(talkers.values()))))}


def _chosen(
    item: Item, draft: Mapping[str, Any], said: Said, talkers: Mapping[str, Talker]
) -> dict[str, Any]:
    """What a choice and a turn to several agents change of the draft."""
    talk = item.body["talk"]
    turns: Turns = tuple(draft.get("dialogue", ())) or talking.first_round(item)
    number = talking.rounds(turns)
    if number >= talk["rounds"]:
        raise ConfigError("This was the last round: choose, and the dialogue is rated.")
    if said.choice not in (*talking.letters(turns), *TIES):
        raise ConfigError(f"{said.choice!r} is no choice among the replies.")
    if not 2 <= len(talkers) <= len(LETTERS):
        raise ConfigError("A preference dialogue needs two to four arms that answer.")
    turns = talking.choose(turns, said.choice, seed=item.id)
    choices = {**draft.get("choices", {}), round_question(number): said.choice}
    return {"dialogue": list(talking.next_round(item, turns, said.text, talkers)), "choices": choices}


def _require_same(turns: Sequence[Any], said: Said) -> None:
    """Raises RatingConflict when the page that spoke shows another dialogue than the one kept."""
    if len(turns) != said.at:
        raise RatingConflict("This dialogue went on in another tab: reload the page to see it.")
