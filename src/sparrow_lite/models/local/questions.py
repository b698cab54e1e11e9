"""What is asked for probabilities: a prompt, and token sequences that may follow it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sparrow_lite.models.local.prefix import common_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A prompt and the answers to be scored; none of them is empty."""

    prompt: tuple[int, ...]
    answers: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, spellings: Sequence[Sequence[int]]) -> "Question":
        """Return the question whose prompt is what these whole sequences have in common.

        The answer may change the prompt's last tokens; where one sequence is the beginning of the others,
        each is left a token to be scored by.
        """
        shared = min(common_length(spellings), min(map(len, spellings)) - 1)
        return cls(
            prompt=tuple(spellings[0][:shared]),
            answers=tuple(tuple(ids[shared:]) for ids in spellings),
        )


class Reader(Protocol):
    """Reads prompts with a model, one way or another."""

    def score(self, questions: Sequence[Question]) -> list[list[float]]:
        """Return for each question the log-probability of each answer, in order."""
        ...
