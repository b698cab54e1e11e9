"""What a dialogue model is: something that writes text for a structured request.

The request keeps its parts apart (preamble, dialogue, evidence, instruction), so that a chat model, a base
model and the embedded model each lay them out in their own way: see `layout.py` for the first two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from sparrow_lite.errors import ModelError
from sparrow_lite.evidence import Evidence
from sparrow_lite.transcript import Transcript


class Task(StrEnum):
    """What a request asks for."""

    DECIDE = "decide"
    ANSWER = "answer"
    REVISE = "revise"
    JUDGE = "judge"
    ATTACK = "attack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How to sample: temperature (0.0 is greedy), most new tokens, seed."""

    temperature: float = 0.7
    max_tokens: int = 400
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRequest:
    """All that a model may know for one piece of text.

    Attributes:
        task: What is asked for.
        preamble: Who Sparrow is; the system prompt of a chat model.
        example: The example conversation, which a base model needs to see the form.
        transcript: The dialogue so far, without old evidence marks, the user's turn last.
        evidence: Numbered passages that may be cited; empty when there are none.
        instruction: The filled prompt of the task. For DECIDE, JUDGE and ATTACK it quotes the dialogue
            itself, so that those tasks are one user message; for ANSWER and REVISE it follows the dialogue.
        sampling: How to sample.
    """

    task: Task
    preamble: str
    transcript: Transcript
    instruction: str
    example: Transcript = field(default_factory=Transcript)
    evidence: tuple[Evidence, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What one request took, in tokens of the model's own."""

    input: int
    output: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One text of several that were written at once; `tokens` is None when they are not told."""

    text: str
    tokens: Tokens | None = None


class DialogueModel(Protocol):
    """Writes text. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name by which the model was asked for, such as `embedded` or `hf:org/model`."""
        ...

    @property
    def revision(self) -> str | None:
        """What pins the weights, as a commit; None when there is nothing to pin."""
        ...

    @property
    def default_candidates(self) -> int:
        """How many candidates a turn drafts when the options do not say."""
        ...

    @property
    def concurrency(self) -> int:
        """How many requests at once it gains from: 1 for a model on this machine."""
        ...

    def write(self, request: ModelRequest) -> Iterator[str]:
        """Yield the text in pieces, in order: one turn, of the user's for ATTACK, else never of the user's.

        A generator may return `Tokens` at its end: so a model tells what the request took.

        Raises:
            ModelError: When the model gives no usable text; also while iterating.
        """
        ...


@runtime_checkable
class OptionScorer(Protocol):
    """A model that can say how probable each of a few answers is."""

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        """Return a probability for each option, in order, summing to 1.0; None when it cannot tell.

        Raises:
            ModelError: When the model fails.
        """
        ...


@runtime_checkable
class CountingScorer(Protocol):
    """An option scorer that tells, too, what scoring took."""

    def score_and_count(
        self, request: ModelRequest, options: Sequence[str]
    ) -> tuple[tuple[float, ...] | None, Tokens | None]:
        """Return what `score_options` returns, and the tokens; None when they are not told.

        Raises:
            ModelError: When the model fails.
        """
        ...


@runtime_checkable
class BatchWriter(Protocol):
    """A model that writes several texts for little more than the price of one."""

    def write_many(self, requests: Sequence[ModelRequest]) -> tuple[Written | ModelError, ...]:
        """Return for each request, in order, what `write` would write, or the error that it would raise."""
        ...


@runtime_checkable
class BatchScorer(Protocol):
    """An option scorer that answers several questions for little more than the price of one.

    The questions cost least when they begin alike, to the letter, and differ as late as they can.
    """

    def score_many(
        self, requests: Sequence[ModelRequest], options: Sequence[str]
    ) -> tuple[tuple[float, ...] | None, ...]:
        """Return for each request, in order, what `score_options` would return.

        Raises:
            ModelError: When the model fails.
        """
        ...
