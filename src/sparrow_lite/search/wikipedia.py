"""Search in Wikipedia, or another wiki, by the MediaWiki API.

The articles found first come with their text, which the API gives clean and whole, so that they need no
fetching: one request an article, as many as opening the pages would take. The others come with their
introduction as the snippet.
"""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.guard import EngineError
from sparrow_lite.search.web_json import get_json, open_client

if TYPE_CHECKING:
    import httpx

_TEXTS = 3
# CirrusSearch refuses more than 300 characters.
_QUERY_CHARS = 300
_SNIPPET_CHARS = 500
_FORM = {"action": "query", "format": "json", "formatversion": "2"}
_FIND = _FORM | {
    "generator": "search",
    "gsrnamespace": "0",
    "prop": "info|extracts|pageprops",
    "inprop": "url",
    "ppprop": "disambiguation",
    "exintro": "1",
    "explaintext": "1",
    "exlimit": "max",
}
_READ = _FORM | {"prop": "extracts", "explaintext": "1", "exsectionformat": "wiki"}
_BLOCKED_CODES = frozenset({"ratelimited", "blocked", "globalblocking-ipblocked", "readapidenied"})
# Sections that end an article and only list things.
_TAIL = re.compile(
    r"^==\s*(See also|Notes|References|Citations|Sources|Bibliography|Further reading|External links)\s*==",
    re.MULTILINE,
)
_HEADING = re.compile(r"^=+\s*(.*?)\s*=+\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WikipediaEngine:
    """One wiki.

    Attributes:
        api_url: Address of its `api.php`.
        limit: Most articles asked for.
    """

    api_url: str
    limit: int

    @classmethod
    def of(cls, language: str, *, limit: int) -> "WikipediaEngine":
        """Return the Wikipedia of a language.

        Raises:
            ConfigError: When the language cannot be one, as it becomes part of a host name.
        """
        if not re.fullmatch(r"[a-z][a-z-]{0,18}[a-z]", language):
            raise ConfigError(f"{language!r} is no language of Wikipedia: give one such as 'en'.")
        return cls(api_url=f"https://{language}.wikipedia.org/w/api.php", limit=limit)

    @property
    def name(self) -> str:
        """The name `wikipedia`."""
        return "wikipedia"

    def ask(self, query: Query, *, deadline: Deadline) -> tuple[Result, ...]:
        """Return the articles, best first, the first three with their text; none when there are none.

        An article whose text could not be had in time comes without it.

        Raises:
            EngineError: When the wiki did not answer the search.
        """
        params = _FIND | {"gsrsearch": query.text[:_QUERY_CHARS], "gsrlimit": str(self.limit)}
        with open_client() as client:
            pages = _pages(get_json(client, self.api_url, params, deadline=deadline))
            found = [page for page in pages if _is_article(page)]
            found.sort(key=lambda page: int(page.get("index", 0)))
            return tuple(
                self._read(client, page, deadline) if place < _TEXTS else _result(page)
                for place, page in enumerate(found)
            )

    def _read(self, client: "httpx.Client", page: dict[str, Any], deadline: Deadline) -> Result:
        result = _result(page)
        try:
            answer = get_json(
                client, self.api_url, _READ | {"pageids": str(page["pageid"])}, deadline=deadline
            )
            read = _pages(answer)
        except EngineError:
            # The search itself was answered; the page can still be opened as any other.
            return result
        text = _clean(str(read[0].get("extract") or "")) if read else ""
        return replace(result, text=text or None)


def _pages(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pages of an answer; none when it holds none.

    Raises:
        EngineError: When the API answered with an error, which comes with status 200, or in another form.
    """
    if "error" in answer:
        error = answer["error"]
        code = str(error.get("code")) if isinstance(error, dict) else str(error)
        reason = SearchReason.BLOCKED if code in _BLOCKED_CODES else SearchReason.UNREACHABLE
        raise EngineError(f"the API answered with the error {code!r}", reason=reason)
    query = answer.get("query", {"pages": []})
    pages = query.get("pages") if isinstance(query, dict) else None
    if not isinstance(pages, list) or not all(_is_page(page) for page in pages):
        raise EngineError("the API answered in another form", reason=SearchReason.UNREACHABLE)
    return pages


def _is_page(page: object) -> bool:
    return isinstance(page, dict) and isinstance(page.get("pageid"), int) and "title" in page


def _is_article(page: dict[str, Any]) -> bool:
    """Return whether a page is to be read: not one that only lists the meanings of a word."""
    has_address = str(page.get("fullurl")).startswith(("http://", "https://"))
    return has_address and "disambiguation" not in page.get("pageprops", {})


def _result(page: dict[str, Any]) -> Result:
    snippet = " ".join(str(page.get("extract") or "").split())[:_SNIPPET_CHARS]
    return Result(url=str(page["fullurl"]), title=str(page["title"]), snippet=snippet or None)


def _clean(text: str) -> str:
    """Return an article without its closing lists and without the marks around headings."""
    tail = _TAIL.search(text)
    body = text[: tail.start()] if tail else text
    return _HEADING.sub(r"\1", body).strip()
