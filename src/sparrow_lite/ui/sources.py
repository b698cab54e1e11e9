"""What is shown of a source: where it is from, the passage, and the quotes in it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sparrow_lite.evidence import Evidence
from sparrow_lite.export import cited_evidence, web_address
from sparrow_lite.reply import Reply
from sparrow_lite.verdict import Citation, SupportOutcome

EXCERPT_CHARS = 3000
_LOCAL = {"file": "your file", "sparrow": "starter corpus"}
_FRAGMENT_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of a passage; `quoted` when a citation quotes it."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was decided about one sentence that cites the source; `support` as shown, or empty."""

    sentence: str
    quote: str
    verdict: SupportOutcome
    support: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A cited source.

    Attributes:
        id: Its number in the reply.
        title: One line.
        place: The host, or what a local text is called.
        link: Address at the quote, http(s) only; None for local texts.
        read_at: When it was read, as shown.
        sha256: The first 12 hex digits.
        flagged: Whether the page addresses the assistant.
        cut_before: Whether the page goes on before the passage.
        cut_after: Whether it goes on after it.
        passage: The passage, in runs.
        checks: One for each sentence that cites it.
    """

    id: int
    title: str
    place: str
    link: str | None
    read_at: str
    sha256: str
    flagged: bool
    cut_before: bool
    cut_after: bool
    passage: tuple[Run, ...]
    checks: tuple[Check, ...]

    @property
    def tally(self) -> tuple[tuple[SupportOutcome, int, str], ...]:
        """Each verdict of its checks, the worst first, with how many there are and their scores."""
        rows = []
        for verdict in (SupportOutcome.NOT_SUPPORTED, SupportOutcome.UNSCORED, SupportOutcome.SUPPORTED):
            checks = [check for check in self.checks if check.verdict is verdict]
            if checks:
                rows.append((verdict, len(checks), ", ".join(check.support for check in checks)))
        return tuple(rows)


def shown_sources(reply: Reply) -> tuple[Source, ...]:
    """Return the sources that the reply cites, by number."""
    return tuple(
        _show(piece, [citation for citation in reply.citations if citation.id == piece.id])
        for piece in cited_evidence(reply)
    )


def quote_link(url: str, words: str) -> str | None:
    """Return the address that scrolls to the quote; None when the address is not http(s).

    A text fragment, WICG Scroll to Text Fragment: `#:~:text=first words,last words`.
    """
    address = web_address(url)
    if address is None:
        return None
    parts = words.split()
    if not parts:
        return address
    if len(parts) <= 2 * _FRAGMENT_WORDS:
        text = _encode(parts)
    else:
        text = f"{_encode(parts[:_FRAGMENT_WORDS])},{_encode(parts[-_FRAGMENT_WORDS:])}"
    return f"{address}{'' if '#' in address else '#'}:~:text={text}"


def cut_passage(text: str, bounds: tuple[int, int], quotes: list[tuple[int, int]]) -> tuple[Run, ...]:
    """Cut `text[start:end]` into runs, those of the quotes marked; overlapping quotes join."""
    start, end = bounds
    runs, at = [], start
    for quote_start, quote_end in sorted(quotes):
        left, right = max(quote_start, at), min(quote_end, end)
        if left >= right:
            continue
        if left > at:
            runs.append(Run(text=text[at:left], quoted=False))
        runs.append(Run(text=text[left:right], quoted=True))
        at = right
    if at < end:
        runs.append(Run(text=text[at:end], quoted=False))
    return tuple(runs)


def _show(piece: Evidence, citations: list[Citation]) -> Source:
    page = piece.page
    quotes = [(citation.start, citation.end) for citation in citations if citation.start >= 0]
    start, end = _excerpt(piece, quotes)
    words = next((citation.quote for citation in citations if citation.quote), "")
    return Source(
        id=piece.id,
        title=" ".join(page.title.split()) or "Untitled",
        place=_place(page.url, page.host),
        link=quote_link(page.url, words),
        read_at=_read_at(page.opened_at),
        sha256=page.sha256[:12],
        flagged="addresses_assistant" in page.flags,
        cut_before=start > 0,
        cut_after=end < len(page.text),
        passage=cut_passage(page.text, (start, end), quotes),
        checks=tuple(_check(citation) for citation in citations),
    )


def _excerpt(piece: Evidence, quotes: list[tuple[int, int]]) -> tuple[int, int]:
    """The passage, widened to its quotes when they lie outside it and not far away."""
    start = min([piece.start, *(quote_start for quote_start, _ in quotes)])
    end = max([piece.end, *(quote_end for _, quote_end in quotes)])
    return (start, end) if end - start <= EXCERPT_CHARS else (piece.start, piece.end)


def _check(citation: Citation) -> Check:
    return Check(
        sentence=citation.sentence,
        quote=citation.quote,
        verdict=citation.verdict,
        support="" if citation.support is None else f"{citation.support:.2f}",
        missing=tuple(word for word in citation.missing),
    )


def _place(url: str, host: str) -> str:
    scheme = url.partition(":")[0].lower()
    if scheme in _LOCAL:
        return _LOCAL[scheme]
    try:
        # The ASCII form, so that a host of look-alike letters cannot pass for another.
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _read_at(stamp: str) -> str:
    try:
        return datetime.fromisoformat(stamp).astimezone().strftime("%-d %B %Y, %H:%M")
    except ValueError:
        return stamp


def _encode(words: list[str]) -> str:
    # A dash and a comma have meanings in a text fragment, and `quote` leaves the dash alone.
    return quote(" ".join(words), safe="").replace("-", "%2D")
