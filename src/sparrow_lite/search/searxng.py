"""Search through a SearXNG instance of the user's own, by its JSON API."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.guard import EngineError
from sparrow_lite.search.web_json import get_json, open_client

# The words of SearXNG for engines that turned it away.
_BLOCKED_WORDS = ("captcha", "too many requests", "access denied", "suspended")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearxngEngine:
    """One instance.

    Attributes:
        base_url: Its address without `/search`, as `https://searx.example.org`.
        language: Language of the results, as `en` or `en-US`.
    """

    base_url: str
    language: str

    @classmethod
    def at(cls, url: str, *, region: str) -> "SearxngEngine":
        """Return the engine at a URL, with the language of a region such as `us-en`.

        Raises:
            ConfigError: When the URL is not that of a web server.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ConfigError(
                f"{url!r} is no address of a SearXNG instance: give one such as searxng:http://127.0.0.1:8888"
            )
        country, language = region.split("-", 1)
        base_url = url.rstrip("/").removesuffix("/search")
        return cls(base_url=base_url, language=f"{language}-{country.upper()}")

    @property
    def name(self) -> str:
        """The name `searxng`; the address may hold a password and is not shown."""
        return "searxng"

    def ask(self, query: Query, *, deadline: Deadline) -> tuple[Result, ...]:
        """Return the results, best first; empty when every engine of the instance found none.

        Raises:
            EngineError: When the instance, or one of its engines while the others found none, did not answer.
        """
        params = {"q": query.text, "format": "json", "language": self.language}
        try:
            with open_client() as client:
                answer = get_json(client, f"{self.base_url}/search", params, deadline=deadline)
        except EngineError as error:
            if "HTTP 403" not in str(error):
                raise
            raise EngineError(
                f"{error}: let it answer in JSON, with `formats: [html, json]` in its settings",
                reason=error.reason,
            ) from error
        results = _read(answer)
        if not results:
            _refuse_silence(answer.get("unresponsive_engines"))
        return results


def _read(answer: dict[str, Any]) -> tuple[Result, ...]:
    rows = answer.get("results")
    if not isinstance(rows, list):
        raise EngineError("its answer has no results in it", reason=SearchReason.UNREACHABLE)
    return tuple(
        Result(url=row["url"], title=str(row.get("title") or ""), snippet=row.get("content") or None)
        for row in rows
        if isinstance(row, dict) and str(row.get("url")).startswith(("http://", "https://"))
    )


def _refuse_silence(unresponsive: object) -> None:
    """Raise when engines of the instance failed, which it lists as `[[name, why], ...]`."""
    if not isinstance(unresponsive, Sequence) or not unresponsive:
        return
    said = "; ".join(": ".join(map(str, entry)) for entry in unresponsive if isinstance(entry, list))
    words = said.casefold()
    if any(word in words for word in _BLOCKED_WORDS):
        reason = SearchReason.BLOCKED
    elif "timeout" in words:
        reason = SearchReason.TIMEOUT
    else:
        reason = SearchReason.UNREACHABLE
    raise EngineError(f"its engines failed ({said[:200]})", reason=reason)
