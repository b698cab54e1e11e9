"""What a search backend is: a name, and a search that finds results or says why not."""

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from sparrow_lite.attempts import Attempt
from sparrow_lite.deadline import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is searched for.

    Attributes:
        text: The query.
        id: The caller's name for the case, by which a replay may find it; None for none.
    """

    text: str
    id: str | None = None

    @property
    def normalised(self) -> str:
        """The text that equal queries share: NFC, case folded, single spaces."""
        return " ".join(unicodedata.normalize("NFC", self.text).casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One hit. All of it is hostile text until `pages/` has cleaned it.

    Attributes:
        url: Address of the page.
        title: Title as the engine gave it.
        snippet: The engine's fragment; None when it gave none.
        text: The page's main text when the backend already holds it (own files, replays); None when the
            page must be fetched.
    """

    url: str
    title: str
    snippet: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """A search that answered.

    Attributes:
        query: What was searched.
        backend: Name of the backend that answered.
        searched_at: ISO 8601 time with zone at which the answer was got, also when it came from a cache.
        results: Best first, never empty.
        attempts: Every try, in order, the last one `ok`.
    """

    query: Query
    backend: str
    searched_at: str
    results: tuple[Result, ...]
    attempts: tuple[Attempt, ...]


class SearchBackend(Protocol):
    """Finds pages. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name that is shown and recorded, such as `duckduckgo`."""
        ...

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        """Return the results, best first, never none.

        Raises:
            SearchError: With the reason, when there are none; `error.attempts` holds every try.
        """
        ...
