"""Requests of an arm to its model: counted, with tokens where the model tells them, and paced.

Nobody watches a stream in a run, so the text is gathered before it is handed on; a stream that is cut off can
then be asked for again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Lock
from typing import TypeVar

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.pace import Pace
from sparrow_lite.harness.conversation import Usage
from sparrow_lite.models.base import (
    BatchScorer,
    BatchWriter,
    CountingScorer,
    DialogueModel,
    ModelRequest,
    OptionScorer,
    Tokens,
    Written,
)
from sparrow_lite.rules.prompted import PromptedRuleJudge
from sparrow_lite.turn.parts import Parts

T = TypeVar("T")


class Meter:
    """What was asked for so far. Safe to add to from several threads."""

    def __init__(self) -> None:
        self._usage = Usage()
        self._lock = Lock()

    @property
    def usage(self) -> Usage:
        """All that was added."""
        return self._usage

    def add(self, usage: Usage) -> None:
        """Add what one request took."""
        with self._lock:
            self._usage = self._usage + usage


def metered(parts: Parts, meter: Meter, pace: Pace | None = None) -> Parts:
    """Return the parts with a model that counts, also for a judge of rules that asks the dialogue model.

    Args:
        parts: What a turn is made with.
        meter: What counts.
        pace: When requests are made, and made again; None for a model that needs none.
    """
    kind = MeteredScorer if isinstance(parts.model, OptionScorer) else MeteredModel
    model = kind(parts.model, meter, pace)
    if isinstance(parts.model, BatchWriter) and isinstance(parts.model, BatchScorer):
        model = MeteredBatch(parts.model, parts.model, model=parts.model, meter=meter, pace=pace)
    judge = parts.judge.asking(model) if isinstance(parts.judge, PromptedRuleJudge) else parts.judge
    return replace(parts, model=model, judge=judge)


class MeteredModel:
    """A dialogue model that counts its requests and keeps their pace."""

    def __init__(self, model: DialogueModel, meter: Meter, pace: Pace | None = None) -> None:
        self._model = model
        self._meter = meter
        self._pace = pace

    @property
    def name(self) -> str:
        """The model's own."""
        return self._model.name

    @property
    def revision(self) -> str | None:
        """The model's own."""
        return self._model.revision

    @property
    def default_candidates(self) -> int:
        """The model's own."""
        return self._model.default_candidates

    @property
    def concurrency(self) -> int:
        """The model's own."""
        return self._model.concurrency

    def write(self, request: ModelRequest) -> Iterator[str]:
        """Yield the model's text, in one piece. What is asked for again counts once.

        Raises:
            ModelError: When the model gives no usable text.
        """
        self._meter.add(Usage(requests=1))
        text, tokens = self._ask(lambda: _gather(self._model.write(request)))
        self._count(tokens)
        yield text

    def _ask(self, call: Callable[[], T]) -> T:
        return self._pace.ask(call) if self._pace is not None else call()

    def _count(self, tokens: Tokens | None) -> None:
        if tokens is not None:
            self._meter.add(Usage(input_tokens=tokens.input, output_tokens=tokens.output))


class MeteredScorer(MeteredModel):
    """The same around a model that can score options."""

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        """Return what the model returns; a request counts when it scored or told tokens.

        Raises:
            ModelError: When the model fails.
        """
        scores, tokens = self._ask(lambda: _score(self._model, request, options))
        if scores is not None or tokens is not None:
            self._meter.add(Usage(requests=1))
        self._count(tokens)
        return scores


class MeteredBatch(MeteredScorer):
    """The same around a model that writes several texts and scores several questions at once.

    Args:
        writer: The model as one that writes.
        scorer: The model as one that scores.
        model: The model.
        meter: What counts.
        pace: When requests are made; None for a model that needs none.
    """

    def __init__(
        self,
        writer: BatchWriter,
        scorer: BatchScorer,
        *,
        model: DialogueModel,
        meter: Meter,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(model, meter, pace)
        self._writer = writer
        self._scorer = scorer

    def write_many(self, requests: Sequence[ModelRequest]) -> tuple[Written | ModelError, ...]:
        """Return what the model returns; each request counts."""
        self._meter.add(Usage(requests=len(requests)))
        outcomes = self._ask(lambda: self._writer.write_many(requests))
        for outcome in outcomes:
            self._count(outcome.tokens if isinstance(outcome, Written) else None)
        return outcomes

    def score_many(
        self, requests: Sequence[ModelRequest], options: Sequence[str]
    ) -> tuple[tuple[float, ...] | None, ...]:
        """Return what the model returns; each request that scored counts.

        Raises:
            ModelError: When the model fails.
        """
        scores = self._ask(lambda: self._scorer.score_many(requests, options))
        self._meter.add(Usage(requests=sum(score is not None for score in scores)))
        return scores


def _gather(pieces: Iterator[str]) -> tuple[str, Tokens | None]:
    """Return the whole text, and the tokens that a generator returns at its end."""
    texts: list[str] = []
    while True:
        try:
            texts.append(next(pieces))
        except StopIteration as end:
            return "".join(texts), end.value if isinstance(end.value, Tokens) else None


def _score(
    model: DialogueModel, request: ModelRequest, options: Sequence[str]
) -> tuple[tuple[float, ...] | None, Tokens | None]:
    if isinstance(model, CountingScorer):
        return model.score_and_count(request, options)
    return (model.score_options(request, options) if isinstance(model, OptionScorer) else None), None
