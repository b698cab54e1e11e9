"""The pages behind the results of a search, opened and cleaned, or the reasons why not.

Texts that a result already holds are cleaned the same way and not fetched. Knows no search backend: a caller
turns each result into a `Source`.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sparrow_lite.attempts import FetchReason, Opening
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import FetchError
from sparrow_lite.evidence import Page
from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.clean import clean_line, clean_text
from sparrow_lite.pages.extract import extract
from sparrow_lite.pages.fetch import Fetched
from sparrow_lite.pages.passages import ADDRESSES_ASSISTANT
from sparrow_lite.pages.suspicion import addresses_assistant

TITLE_CHARS = 200
_URL_CHARS = 2_000
_LOCAL_SCHEMES = ("file:", "sparrow:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One page that may be opened.

    Attributes:
        url: Its address.
        title: Its title as the search gave it.
        text: Its main text; None when it must be fetched.
    """

    url: str
    title: str
    text: str | None = None


class PageFetcher(Protocol):
    """What opens a page: `Fetcher`, or a stand-in. Safe to call from several threads."""

    def fetch(self, url: str, *, deadline: Deadline) -> Fetched:
        """Return the page at `url`.

        Raises:
            FetchError: With the reason, when it was not opened.
        """
        ...


Opened = tuple[Opening, Page | None]


def open_pages(
    sources: Sequence[Source], *, fetcher: PageFetcher, options: FetchOptions, deadline: Deadline
) -> Iterator[Opened]:
    """Open the sources in their order until `options.pages` are open, and yield each try in that order.

    The page is None when the opening has a reason. Sources of one address are tried once. What is not open by
    the deadline counts as timed out.
    """
    unique: dict[str, Source] = {}
    for source in sources:
        unique.setdefault(canonical_url(source.url) or source.url, source)
    waiting = deque(unique.values())
    wanted = options.pages
    pool = ThreadPoolExecutor(max_workers=max(1, wanted), thread_name_prefix="sparrow-lite-open")
    try:
        while waiting and wanted > 0:
            batch = [waiting.popleft() for _ in range(min(wanted, len(waiting)))]
            futures = [pool.submit(_open, source, fetcher, options, deadline) for source in batch]
            for source, future in zip(batch, futures, strict=True):
                opened = _awaited(source, future, deadline)
                wanted -= opened[1] is not None
                yield opened
    finally:
        # Not waited for: whoever stops listening does not pay for a slow page.
        pool.shutdown(wait=False, cancel_futures=True)


def canonical_url(url: str) -> str | None:
    """Return the address in one spelling, without its fragment; None for one that may not be shown.

    Kept are http and https addresses without credentials, and `file:` and `sparrow:` for local texts.
    """
    import httpx

    if len(url) > _URL_CHARS:
        return None
    if url.startswith(_LOCAL_SCHEMES):
        return clean_line(url, _URL_CHARS)
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        return None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        return None
    return str(parsed.copy_with(raw_path=parsed.raw_path))  # an empty path is `/`


def _awaited(source: Source, future: "Future[Opened]", deadline: Deadline) -> Opened:
    try:
        return future.result(timeout=deadline.remaining())
    except FutureTimeout:
        return _failed(source, FetchReason.TIMEOUT, "The page was not read in time.")


def _open(source: Source, fetcher: PageFetcher, options: FetchOptions, deadline: Deadline) -> Opened:
    url = canonical_url(source.url)
    if url is None:
        return _failed(source, FetchReason.BAD_URL, "The address is not one that may be opened.")
    title, text = source.title, source.text
    try:
        if text is None:
            fetched = fetcher.fetch(url, deadline=deadline)
            url = canonical_url(fetched.url) or url
            found, text = extract(fetched)
            title = found or title
    except FetchError as error:
        return _failed(source, error.reason, str(error))
    page = read_page(url=url, title=title, text=text, chars=options.page_chars)
    if not page.text:
        return _failed(source, FetchReason.NO_TEXT, "The page holds no text that can be read.")
    return Opening(url=page.url, title=page.title), page


def read_page(*, url: str, title: str, text: str, chars: int) -> Page:
    """Return the page as it is stored: cleaned, at most `chars` characters long, flagged, hashed."""
    # Cleaning shortens: twice the length leaves enough, and bounds the work on an endless page.
    raw = text[: chars * 2]
    flags = (ADDRESSES_ASSISTANT,) if addresses_assistant(f"{title[:2_000]}\n{raw}") else ()
    return Page.of(
        url=url,
        title=clean_line(title, TITLE_CHARS) or clean_line(url, TITLE_CHARS),
        text=_shortened(clean_text(raw), chars),
        opened_at=datetime.now(UTC).isoformat(timespec="seconds"),
        flags=flags,
    )


def _shortened(text: str, chars: int) -> str:
    if len(text) <= chars:
        return text
    cut = max(text.rfind("\n", 0, chars), text.rfind(" ", 0, chars))
    return text[: cut if cut > 0 else chars].rstrip()


def _failed(source: Source, reason: FetchReason, detail: str) -> Opened:
    title = clean_line(source.title, TITLE_CHARS)
    url = canonical_url(source.url) or clean_line(source.url, TITLE_CHARS)
    return Opening(url=url, title=title, reason=reason.value, detail=clean_line(detail, 400)), None
