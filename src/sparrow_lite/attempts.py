"""Frozen values for tries: searching a backend, opening a page, and the typed reasons why one failed."""

from dataclasses import dataclass
from enum import StrEnum


class SearchReason(StrEnum):
    """Why a search gave no results."""

    NO_RESULTS = "no_results"
    BLOCKED = "search_blocked"
    TIMEOUT = "search_timeout"
    UNREACHABLE = "search_unreachable"


class FetchReason(StrEnum):
    """Why a page was not opened."""

    BAD_URL = "bad_url"
    ADDRESS_REFUSED = "address_refused"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    HTTP_STATUS = "http_status"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    CONTENT_TYPE = "content_type"
    NO_TEXT = "no_text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of one search backend.

    Attributes:
        backend: Name of the backend or engine.
        outcome: `ok`, or the value of a `SearchReason`.
        detail: One line for people.
        results: How many results it gave.
        seconds: How long it took.
        cached: Whether the answer came from the disk cache.
    """

    backend: str
    outcome: str
    detail: str = ""
    results: int = 0
    seconds: float = 0.0
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One try to open a page: `reason` is None when it was opened."""

    url: str
    title: str
    reason: str | None = None
    detail: str = ""
