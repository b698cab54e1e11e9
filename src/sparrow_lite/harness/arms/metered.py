"""Counting what a turn asks of its model: requests, and tokens where the model tells them."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from sparrow_lite.harness.conversation import Usage
from sparrow_lite.models.base import DialogueModel, ModelRequest
from sparrow_lite.turn.parts import Parts


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


def metered(parts: Parts, meter: Meter) -> Parts:
    """Return the parts with a model that counts."""
    return replace(parts, model=MeteredModel(parts.model, meter))


class MeteredModel:
    """A dialogue model that counts its requests."""

    def __init__(self, model: DialogueModel, meter: Meter) -> None:
        self._model = model
        self._meter = meter

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
        """Yield the model's text.

        Raises:
            ModelError: When the model gives no usable text; also while iterating.
        """
        self._meter.add(Usage(requests=1))
        yield from self._model.write(request)
