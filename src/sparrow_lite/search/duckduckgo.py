"""Web search without a key: DuckDuckGo, Brave and Mojeek through the engines of `ddgs`.

The engines are asked one at a time, not through `ddgs.DDGS`: that one runs them in an order of its own and
turns a refusal, an empty answer and an unknown engine into the same words. `docs/design/search.md` has more.
"""

from dataclasses import dataclass
from typing import Any

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.options import SearchOptions
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.chain import ChainBackend, Link
from sparrow_lite.search.guard import EngineError, Guard
from sparrow_lite.search.remote import RemoteBackend
from sparrow_lite.search.web_json import explain_status

# The order in which they are asked, and how much of the time then left each may take.
_ENGINES = (("duckduckgo", 0.5), ("brave", 0.6), ("mojeek", 1.0))
_QUERY_CHARS = 400
# Parts of pages that ask whether one is human: attributes and paths, which a result list does not hold.
_CHALLENGES = ("anomaly-modal", "g-recaptcha", "h-captcha", "cf-turnstile", "cf-challenge", "/captcha")
_CAUSES = {
    "DNSError": "its name does not resolve",
    "ConnectError": "it cannot be connected to",
}


def open_duckduckgo(options: SearchOptions) -> ChainBackend:
    """Return the three engines as one backend, each behind a guard of its own."""
    links = []
    for name, share in _ENGINES:
        engine = DdgsEngine(name=name, region=options.region)
        guard = Guard(per_second=options.per_second)
        links.append(Link(backend=RemoteBackend(engine, guard, limit=options.limit), share=share))
    return ChainBackend("duckduckgo", links)


@dataclass(frozen=True, slots=True, kw_only=True)
class DdgsEngine:
    """One text engine of `ddgs`, by its name there.

    Attributes:
        name: The name, such as `mojeek`.
        region: Country and language, as `us-en`.
        search_url: Address that is asked instead of the engine's own, as by a test; None for its own.
    """

    name: str
    region: str
    search_url: str | None = None

    def ask(self, query: Query, *, deadline: Deadline) -> tuple[Result, ...]:
        """Return the results, best first; empty when the engine answered that it found none.

        Raises:
            EngineError: BLOCKED, TIMEOUT or UNREACHABLE.
        """
        from ddgs.exceptions import DDGSException, TimeoutException
        from lxml.etree import LxmlError

        engine = self._open(deadline.remaining())
        http = _Recording(engine.http_client)
        engine.http_client = http
        text = query.text[:_QUERY_CHARS]
        try:
            rows = engine.search(text, region=self.region)
        except TimeoutException as error:
            raise EngineError("no answer in time", reason=SearchReason.TIMEOUT) from error
        except DDGSException as error:
            raise EngineError(_explain(error), reason=SearchReason.UNREACHABLE) from error
        except LxmlError:
            rows = None
        results = tuple(
            Result(url=row.href, title=row.title, snippet=row.body or None)
            for row in rows or ()
            if row.href.startswith(("http://", "https://"))
        )
        if not results:
            http.refuse_silence(text)
        return results

    def _open(self, seconds: float) -> Any:
        """Return an engine of this call alone, for it keeps cookies and is not safe across threads.

        Its type hint asks for whole seconds, while its HTTP client takes parts of them too.
        """
        from ddgs.engines import ENGINES

        engine_class: Any = ENGINES["text"].get(self.name)
        if engine_class is None:
            raise EngineError("the installed ddgs has no such engine", reason=SearchReason.UNREACHABLE)
        engine = engine_class(timeout=seconds)
        if self.search_url is not None:
            engine.search_url = self.search_url
        return engine


class _Recording:
    """Stands in for the HTTP client of one engine and keeps the status and the page, which `ddgs` drops."""

    def __init__(self, inner: Any) -> None:
        self.client = inner.client
        self._inner = inner
        self._status = 0
        self._body = ""

    def request(self, *args: Any, **options: Any) -> Any:
        response = self._inner.request(*args, **options)
        self._status = response.status_code
        self._body = response.text if response.status_code == 200 else ""
        return response

    def refuse_silence(self, query: str) -> None:
        """Tell an honest empty answer, which passes, from a refusal.

        Raises:
            EngineError: When the last answer was not a page of results.
        """
        if self._status != 200:
            reason, detail = explain_status(self._status)
            raise EngineError(detail, reason=reason)
        if not self._body.strip():
            raise EngineError("an empty page", reason=SearchReason.UNREACHABLE)
        # A page repeats the query, so that a mark within the query proves nothing.
        marks = (mark for mark in _CHALLENGES if mark not in query.casefold())
        if any(mark in self._body for mark in marks):
            raise EngineError("it asks for proof of a human", reason=SearchReason.BLOCKED)


def _explain(error: Exception) -> str:
    cause = error.__cause__ or error
    known = _CAUSES.get(type(cause).__name__)
    return known or f"no connection ({type(cause).__name__}: {str(cause)[:120]})"
