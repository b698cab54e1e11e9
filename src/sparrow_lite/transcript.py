"""Frozen values for a dialogue: who said what, in order.

Owns no prompting: `models/` lays a transcript out for a model. The search queries and results of earlier
turns live in each turn's `Reply`, not here, so that a model never sees old evidence marks.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_MARK = re.compile(r"\s?\[\d+(?:\s*,\s*\d+)*\]")


class Role(StrEnum):
    """Who speaks."""

    USER = "user"
    SPARROW = "sparrow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One utterance."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A dialogue, oldest turn first."""

    turns: tuple[Turn, ...] = ()

    @classmethod
    def of(cls, turns: Iterable[Mapping[str, str]]) -> "Transcript":
        """Return the transcript of `{"role": "user" | "sparrow", "text": str}` mappings.

        Raises:
            ValueError: For an unknown role.
            KeyError: For a mapping without `role` or `text`.
        """
        return cls(turns=tuple(Turn(role=Role(turn["role"]), text=turn["text"]) for turn in turns))

    def user(self, text: str) -> "Transcript":
        """Return this transcript with a turn of the user's appended."""
        return Transcript(turns=(*self.turns, Turn(role=Role.USER, text=text)))

    def sparrow(self, text: str) -> "Transcript":
        """Return this transcript with a turn of Sparrow's appended."""
        return Transcript(turns=(*self.turns, Turn(role=Role.SPARROW, text=text)))

    @property
    def last_user_text(self) -> str:
        """The user's latest words; empty when the user has not spoken."""
        for turn in reversed(self.turns):
            if turn.role is Role.USER:
                return turn.text
        return ""

    def without_marks(self) -> "Transcript":
        """Return the transcript with `[n]` marks removed from Sparrow's turns.

        Models parrot old marks, and old numbers would point at this turn's evidence.
        """
        return Transcript(
            turns=tuple(
                Turn(role=turn.role, text=strip_marks(turn.text)) if turn.role is Role.SPARROW else turn
                for turn in self.turns
            )
        )


def strip_marks(text: str) -> str:
    """Return the text without its `[n]` evidence marks."""
    return _MARK.sub("", text)
