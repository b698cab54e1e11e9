"""A search backend over one engine of others, which is asked through a guard.

Owns the time, the attempt and the error of one try. How an engine is asked is its own module's; who is asked
next is the chain's; what is remembered is the cache's.
"""

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.search.guard import EngineError, Guard

# What to do next, after a search that failed.
ADVICE = {
    SearchReason.NO_RESULTS: "ask in other words",
    SearchReason.BLOCKED: "wait a minute, or search with another backend, such as wikipedia",
    SearchReason.TIMEOUT: "try again, or give the search more seconds",
    SearchReason.UNREACHABLE: "check the network, or search your own files with corpus:DIR",
}


class Engine(Protocol):
    """Asks one service once. Implementations keep nothing between calls."""

    @property
    def name(self) -> str:
        """The name that is shown and recorded."""
        ...

    def ask(self, query: Query, *, deadline: Deadline) -> tuple[Result, ...]:
        """Return the results, best first; empty when the engine answered that it found none.

        Raises:
            EngineError: When it did not answer, with the reason.
        """
        ...


class RemoteBackend:
    """One engine as a `SearchBackend`."""

    def __init__(self, engine: Engine, guard: Guard, *, limit: int) -> None:
        self._engine = engine
        self._guard = guard
        self._limit = limit

    @property
    def name(self) -> str:
        """The engine's name."""
        return self._engine.name

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        """Return at most `limit` results with different addresses, best first.

        Raises:
            SearchError: With the reason and the one attempt, when there are none.
        """
        started = time.monotonic()
        try:
            results = self._ask(query, deadline)
        except EngineError as error:
            attempt = Attempt(
                backend=self.name,
                outcome=error.reason.value,
                detail=str(error),
                seconds=time.monotonic() - started,
            )
            raise SearchError(
                f"{self.name} gave no results ({error}): {ADVICE[error.reason]}.",
                reason=error.reason,
                attempts=(attempt,),
            ) from error
        attempt = Attempt(
            backend=self.name,
            outcome="ok",
            results=len(results),
            seconds=time.monotonic() - started,
        )
        return SearchResults(
            query=query,
            backend=self.name,
            searched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            results=results,
            attempts=(attempt,),
        )

    def _ask(self, query: Query, deadline: Deadline) -> tuple[Result, ...]:
        if not query.normalised:
            raise EngineError("the query is empty", reason=SearchReason.NO_RESULTS)
        if deadline.passed():
            raise EngineError("no time was left to ask it", reason=SearchReason.TIMEOUT)
        # One line, and no half of a surrogate pair, which cannot be sent.
        line = " ".join(query.text.encode(errors="replace").decode().split())
        clean = replace(query, text=line)
        with self._guard.asking(deadline):
            by_url: dict[str, Result] = {}
            for result in self._engine.ask(clean, deadline=deadline):
                by_url.setdefault(result.url, result)
            results = tuple(by_url.values())[: self._limit]
            if not results:
                raise EngineError("it answered and found nothing", reason=SearchReason.NO_RESULTS)
        return results
