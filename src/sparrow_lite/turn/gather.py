"""The second stage: search, open pages, choose passages. Yields events on the way.

Queries and the pages to open are fixed by the user's turn: nothing that a page says leads to another fetch.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sparrow_lite.attempts import Attempt, Opening, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.events import Event, PageOpened, ResultsFound
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.pages.open import Source, open_pages
from sparrow_lite.pages.passages import choose_passages
from sparrow_lite.reply import AbstainReason, SearchRecord
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.turn.decide import Decision
from sparrow_lite.turn.parts import Parts

_REASONS = {
    SearchReason.NO_RESULTS: AbstainReason.NO_RESULTS,
    SearchReason.BLOCKED: AbstainReason.SEARCH_BLOCKED,
    SearchReason.TIMEOUT: AbstainReason.SEARCH_UNREACHABLE,
    SearchReason.UNREACHABLE: AbstainReason.SEARCH_UNREACHABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a turn may cite.

    Attributes:
        evidence: Passages, best first, numbered from 1; empty when there are none.
        record: What was searched and opened.
        failure: Why there is no evidence, or why only a fallback gave some; None when nothing failed.
    """

    evidence: tuple[Evidence, ...]
    record: SearchRecord
    failure: AbstainReason | None


def gather(
    decision: Decision, parts: Parts, *, case_id: str | None = None
) -> Generator[Event, None, Gathered]:
    """Yield events while searching and opening; return the evidence.

    Args:
        decision: What to search for.
        parts: What to search with.
        case_id: The caller's name for the case, by which a replay may find its search.
    """
    if not decision.search:
        return Gathered(evidence=(), record=SearchRecord(why=decision.why), failure=None)
    found, attempts = _search(decision.queries, parts, case_id)
    results = _interleaved(found)[: parts.options.search.limit]
    backend = found[0].backend if found else None
    yield ResultsFound(backend=backend, attempts=attempts, titles=tuple(result.title for result in results))
    opened: list[tuple[Opening, Page | None]] = []
    for opening, page in _open(results, parts):
        opened.append((opening, page))
        yield PageOpened(opening=opening)
    _record(found, opened, parts)
    pages = [page for _, page in opened if page is not None]
    turn = parts.options.turn
    evidence = choose_passages(pages, decision.queries, count=turn.passages, chars=turn.passage_chars)
    return Gathered(
        evidence=evidence,
        record=SearchRecord(
            queries=decision.queries,
            backend=backend,
            attempts=attempts,
            openings=tuple(opening for opening, _ in opened),
            why=decision.why,
        ),
        failure=_failure(attempts, results, pages),
    )


def _search(
    queries: Sequence[str], parts: Parts, case_id: str | None
) -> tuple[list[SearchResults], tuple[Attempt, ...]]:
    """Search each query under one deadline; a query that fails costs only itself."""
    deadline = Deadline.after(parts.options.search.deadline_seconds)
    found: list[SearchResults] = []
    attempts: list[Attempt] = []
    for text in queries:
        try:
            results = parts.search.search(Query(text=text, id=case_id), deadline=deadline)
        except SearchError as error:
            attempts += error.attempts
        else:
            found.append(results)
            attempts += results.attempts
    return found, tuple(attempts)


def _interleaved(found: Sequence[SearchResults]) -> list[Result]:
    """The results of all queries, best ranks first, each address once."""
    by_rank = zip_longest(*(one.results for one in found))
    unique: dict[str, Result] = {}
    for result in (result for rank in by_rank for result in rank if result is not None):
        unique.setdefault(result.url, result)
    return list(unique.values())


def _open(results: Sequence[Result], parts: Parts) -> Generator[tuple[Opening, Page | None], None, None]:
    sources = [Source(url=result.url, title=result.title, text=result.text) for result in results]
    fetch = parts.options.fetch
    deadline = Deadline.after(fetch.timeout_seconds + 2.0)
    yield from open_pages(sources, fetcher=parts.fetcher, options=fetch, deadline=deadline)


def _record(
    found: Sequence[SearchResults], opened: Sequence[tuple[Opening, Page | None]], parts: Parts
) -> None:
    if parts.recorder is not None:
        texts = {opening.url: page.text for opening, page in opened if page is not None}
        for results in found:
            parts.recorder.record(results, texts)


def _failure(
    attempts: Sequence[Attempt], results: Sequence[Result], pages: Sequence[Page]
) -> AbstainReason | None:
    """The gravest reason: blocked or unreachable engines say more than an empty answer."""
    if results and not pages:
        return AbstainReason.FETCH_FAILED
    failed = [_REASONS[SearchReason(one.outcome)] for one in attempts if one.outcome != "ok"]
    grave = [reason for reason in failed if reason is not AbstainReason.NO_RESULTS]
    if grave:
        return grave[0]
    return None if results else AbstainReason.NO_RESULTS
