"""Remembers on disk what remote backends answered, for a day, and that they failed, for seconds.

The store is `diskcache`, which by default unpickles what it finds; here everything is JSON, and a pickled
entry, however it came there, is refused. A store that fails costs the saving, never the search.
"""

import logging
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError
from sparrow_lite.search.base import Query, Result, SearchBackend, SearchResults

if TYPE_CHECKING:
    import diskcache

# A part of every key: a new number, when the stored form changes, leaves the old entries to expire.
_FORM = 1
_SIZE_LIMIT_BYTES = 64 * 2**20
_LOCK_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How answers of one backend are kept.

    Attributes:
        scope: Whatever else the answer depends on beside the query: backend, limit, region, language.
        answers_ttl_seconds: How long a found answer is kept.
        failures_ttl_seconds: How long a failure is kept.
    """

    scope: tuple[str, ...]
    answers_ttl_seconds: float
    failures_ttl_seconds: float


class CachedBackend:
    """A backend whose answers are kept on disk. Its tries then say that they are cached."""

    def __init__(self, inner: SearchBackend, store: "diskcache.Cache", keeping: Keeping) -> None:
        self._inner = inner
        self._store = store
        self._keeping = keeping

    @property
    def name(self) -> str:
        """The name of the backend behind."""
        return self._inner.name

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        """Return the kept answer, with the time at which it was got, else a new one, and keep that.

        Raises:
            SearchError: The kept failure, or a new one.
        """
        key = [_FORM, *self._keeping.scope, query.normalised]
        kept = self._get(key)
        if kept is not None:
            return _restore(kept, query)
        had_time = not deadline.passed()
        try:
            results = self._inner.search(query, deadline=deadline)
        except SearchError as error:
            # A caller who came too late says nothing about the backend.
            if had_time:
                self._set(key, _pack_failure(error), self._keeping.failures_ttl_seconds)
            raise
        self._set(key, _pack(results), self._keeping.answers_ttl_seconds)
        return results

    def _get(self, key: list[Any]) -> dict[str, Any] | None:
        kept: object = None
        with _forgiving("read"):
            kept = self._store.get(key)
        return kept if isinstance(kept, dict) else None

    def _set(self, key: list[Any], packed: dict[str, Any], seconds: float) -> None:
        if seconds > 0.0:
            with _forgiving("written"):
                self._store.set(key, packed, expire=seconds)


def open_store(directory: Path) -> "diskcache.Cache":
    """Return the store in a folder, made when it is missing, readable by its owner only.

    Raises:
        ConfigError: When the folder cannot be used.
    """
    import diskcache

    class JsonOnlyDisk(diskcache.JSONDisk):  # type: ignore[misc]
        """JSONDisk still unpickles an entry that is marked as pickled; this one does not."""

        def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
            if mode == diskcache.core.MODE_PICKLE:
                raise ValueError("a pickled entry")
            return super().fetch(mode, filename, value, read)

    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return diskcache.Cache(
            directory, disk=JsonOnlyDisk, size_limit=_SIZE_LIMIT_BYTES, timeout=_LOCK_SECONDS
        )
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"The search cache in {directory} cannot be used ({error}): delete the folder, or set another "
            "cache folder."
        ) from error


@contextmanager
def _forgiving(what: str) -> Iterator[None]:
    import diskcache

    try:
        yield
    except (OSError, sqlite3.Error, diskcache.Timeout, ValueError, zlib.error) as error:
        logging.getLogger(__name__).warning("The search cache was not %s: %s", what, error)


def _pack(results: SearchResults) -> dict[str, Any]:
    return {
        "backend": results.backend,
        "searched_at": results.searched_at,
        "results": [asdict(result) for result in results.results],
        "attempts": [asdict(attempt) for attempt in results.attempts],
    }


def _pack_failure(error: SearchError) -> dict[str, Any]:
    return {
        "failure": str(error),
        "reason": error.reason.value,
        "attempts": [asdict(attempt) for attempt in error.attempts],
    }


def _restore(kept: Mapping[str, Any], query: Query) -> SearchResults:
    attempts = tuple(replace(Attempt(**attempt), cached=True, seconds=0.0) for attempt in kept["attempts"])
    if "failure" in kept:
        raise SearchError(kept["failure"], reason=SearchReason(kept["reason"]), attempts=attempts)
    return SearchResults(
        query=query,
        backend=kept["backend"],
        searched_at=kept["searched_at"],
        results=tuple(Result(**result) for result in kept["results"]),
        attempts=attempts,
    )
