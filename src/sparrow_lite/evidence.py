"""Frozen values for what was read: pages, the passages chosen from them, and citations' quotes.

Owns no reading and no checking: `pages/` opens pages, `support/` checks quotes against them. Offsets count
characters of `Page.text` (Python string indices, end exclusive), so that a quote can be checked again later.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it was read: only pages can be cited.

    Attributes:
        url: Where the text came from, after redirects; `file:` and `sparrow:` for local texts.
        title: Page title, cleaned, one line.
        text: Main text, cleaned; what every offset counts in.
        opened_at: ISO 8601 time with zone at which the text was read.
        sha256: Hex SHA-256 of `text` as UTF-8.
        flags: Suspicions about the page, such as `addresses_assistant`; empty for most pages.
    """

    url: str
    title: str
    text: str
    opened_at: str
    sha256: str
    flags: tuple[str, ...] = ()

    @classmethod
    def of(cls, *, url: str, title: str, text: str, opened_at: str, flags: tuple[str, ...] = ()) -> "Page":
        """Return the page with its SHA-256 computed from `text`."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cls(url=url, title=title, text=text, opened_at=opened_at, sha256=digest, flags=flags)

    @property
    def host(self) -> str:
        """The host that is shown beside a citation; the scheme for local texts."""
        parts = urlsplit(self.url)
        return parts.hostname or parts.scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A quoted passage with its source, numbered for one turn.

    Attributes:
        id: The number that a reply cites, from 1, unique within the turn.
        page: The page that was opened.
        start: First character of the passage in `page.text`.
        end: One past its last character.
        score: Relevance to the query, higher is better, comparable within one turn only.
    """

    id: int
    page: Page
    start: int
    end: int
    score: float = 0.0

    @property
    def text(self) -> str:
        """The passage, verbatim."""
        return self.page.text[self.start : self.end]
