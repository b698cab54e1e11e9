"""Dialogues that raters have: with one agent that they probe, or with several that they choose among.

A dialogue is a tuple of flat JSON turns, `role` and `text`. In a preference dialogue every reply shown is a
turn with `round`, `letter`, `arm` and, once the rater has chosen, `chosen` (`true` or `false`).
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Protocol

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.protocols.preference import LETTERS
from sparrow_lite.rating.values import Item
from sparrow_lite.transcript import Role, Transcript, Turn, strip_marks

Turns = tuple[Mapping[str, str], ...]
_MOST_CHARS = 4000


class Spoken(Protocol):
    """What an agent says; `reply.Reply` and `harness.conversation.Shown` are such."""

    @property
    def text(self) -> str:
        """The reply."""
        ...


class Talker(Protocol):
    """An agent that raters talk with; `agent.Sparrow` is one."""

    def reply(self, transcript: Transcript) -> Spoken:
        """Return the reply to the user's last turn.

        Raises:
            ModelError: When there is none.
        """
        ...


def probe_turn(turns: Turns, text: str, talker: Talker) -> Turns:
    """Return the dialogue with the rater's turn and the agent's reply.

    Raises:
        ConfigError: For an empty or overlong turn.
        ModelError: When the agent does not answer.
    """
    asked: Turns = (*turns, {"role": "user", "text": _checked(text)})
    said = talker.reply(Transcript.of(asked))
    return (*asked, {"role": "sparrow", "text": strip_marks(said.text)})


def first_round(item: Item) -> Turns:
    """Return the item's own candidates as the first round of a preference dialogue."""
    arms: Mapping[str, str] = item.origin.get("candidates", {})
    return tuple(
        _candidate(1, one["letter"], one["text"], arms.get(one["letter"], ""))
        for one in item.body["candidates"]
    )


def choose(turns: Turns, choice: str, *, seed: str) -> Turns:
    """Return the dialogue with the last round's choice marked.

    When no reply is the best one, the one that continues the dialogue is drawn, and none is marked as chosen.
    """
    last = rounds(turns)
    continues = choice if choice in LETTERS else Random(f"{seed}/{last}").choice(letters(turns))
    return tuple(
        {
            **one,
            "chosen": _word(one["letter"] == choice),
            "continues": _word(one["letter"] == continues),
        }
        if one.get("round") == str(last)
        else one
        for one in turns
    )


def next_round(item: Item, turns: Turns, text: str, talkers: Mapping[str, Talker]) -> Turns:
    """Return the dialogue with the rater's turn and the replies of all talkers, in an order that is drawn.

    Args:
        item: With the dialogue before the first round.
        turns: The dialogue, its last round chosen.
        text: What the rater writes.
        talkers: By name of their arm, two to four.

    Raises:
        ConfigError: For an empty or overlong turn.
        ModelError: When an agent does not answer.
    """
    asked: Turns = (*turns, {"role": "user", "text": _checked(text)})
    spoken = transcript(item, asked)
    number = rounds(turns) + 1
    replies = [(arm, strip_marks(talker.reply(spoken).text)) for arm, talker in talkers.items()]
    Random(f"{item.id}/{number}/{asked[-1]['text']}").shuffle(replies)
    made = (_candidate(number, LETTERS[at], said, arm) for at, (arm, said) in enumerate(replies))
    return (*asked, *made)


def transcript(item: Item, turns: Turns) -> Transcript:
    """Return what was said, with only those replies that the dialogue went on from."""
    kept = [one for one in turns if "round" not in one or one.get("continues") == "true"]
    before = Transcript.of(item.body["turns"]).turns
    return Transcript(turns=(*before, *(Turn(role=Role(one["role"]), text=one["text"]) for one in kept)))


def rounds(turns: Turns) -> int:
    """Return the number of the last round, 0 for none."""
    return max((int(one["round"]) for one in turns if "round" in one), default=0)


def letters(turns: Turns) -> Sequence[str]:
    """Return the letters of the last round's replies."""
    last = str(rounds(turns))
    return [one["letter"] for one in turns if one.get("round") == last]


def blind(turns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the turns without the arms."""
    return [{name: held for name, held in one.items() if name != "arm"} for one in turns]


def _candidate(number: int, letter: str, text: str, arm: str) -> dict[str, str]:
    return {"role": "sparrow", "text": text, "round": str(number), "letter": letter, "arm": arm}


def _word(said: bool) -> str:
    return "true" if said else "false"


def _checked(text: str) -> str:
    # Half a character, which JSON can hold and UTF-8 cannot, is shown as a question mark.
    cleaned = text.encode(errors="replace").decode().strip()
    if not cleaned or len(cleaned) > _MOST_CHARS:
        raise ConfigError(f"A turn has 1 to {_MOST_CHARS:,} characters; this one has {len(cleaned):,}.")
    return cleaned
