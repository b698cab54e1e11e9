"""Answers from a file of recorded searches, so that an evaluation runs again without the network.

The file holds JSON lines, as `record.py` writes them:
`{"query": str, "searched_at": ISO 8601, "results": [{"url", "title", "snippet", "text"}], "id": str}`, where
`snippet` and `text` may be null or missing and `id` is optional. Other fields are left alone.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError
from sparrow_lite.search.base import Query, Result, SearchResults


class _RecordedResult(BaseModel):
    model_config = ConfigDict(strict=True)

    url: str
    title: str
    snippet: str | None = None
    text: str | None = None


class _RecordedSearch(BaseModel):
    model_config = ConfigDict(strict=True)

    query: str
    searched_at: str
    results: list[_RecordedResult]
    id: str | None = None

    @field_validator("searched_at")
    @classmethod
    def _with_zone(cls, value: str) -> str:
        """A time without a zone is taken as UTC."""
        moment = datetime.fromisoformat(value)
        return value if moment.tzinfo else moment.replace(tzinfo=UTC).isoformat()


class ReplayBackend:
    """A recorded file as a `SearchBackend`. A query that occurs twice has the answer of the later line."""

    def __init__(self, path: Path) -> None:
        """Read the whole file.

        Raises:
            ConfigError: When it cannot be read, or a line of it; with the number of the line.
        """
        self._file = path.name
        self._by_query: dict[str, _RecordedSearch] = {}
        self._by_id: dict[str, _RecordedSearch] = {}
        for recorded in _read(path):
            self._by_query[Query(text=recorded.query).normalised] = recorded
            if recorded.id is not None:
                self._by_id[recorded.id] = recorded

    @property
    def name(self) -> str:
        """The name `replay`."""
        return "replay"

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:  # noqa: ARG002 (reads memory)
        """Return the recorded results of the same query but for case and space, else of the same id.

        Raises:
            SearchError: As NO_RESULTS, when the file has no such line or the line has no results.
        """
        recorded = self._by_query.get(query.normalised)
        if recorded is None and query.id is not None:
            recorded = self._by_id.get(query.id)
        if recorded is None or not recorded.results:
            raise self._nothing(query, known=recorded is not None)
        results = tuple(
            Result(url=row.url, title=row.title, snippet=row.snippet, text=row.text or None)
            for row in recorded.results
        )
        attempt = Attempt(backend=self.name, outcome="ok", results=len(results))
        return SearchResults(
            query=query,
            backend=self.name,
            searched_at=recorded.searched_at,
            results=results,
            attempts=(attempt,),
        )

    def _nothing(self, query: Query, *, known: bool) -> SearchError:
        what = "records no results" if known else "has no line"
        detail = f"{self._file} {what} for {query.text!r}"
        attempt = Attempt(backend=self.name, outcome=SearchReason.NO_RESULTS.value, detail=detail)
        return SearchError(
            f"{detail}: record the search, or ask what was recorded.",
            reason=SearchReason.NO_RESULTS,
            attempts=(attempt,),
        )


def _read(path: Path) -> Iterator[_RecordedSearch]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}): give a file of recorded searches."
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _RecordedSearch.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            wrong = f"{where}: {first['msg']}" if where else first["msg"]
            raise ConfigError(
                f"{path}, line {number}: {wrong}. Correct the line, or record the search again."
            ) from error
