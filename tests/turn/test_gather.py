"""Searching and opening, with searches that answer, fail and repeat themselves."""

from dataclasses import dataclass, replace

import pytest

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.errors import SearchError
from sparrow_lite.options import FetchOptions, Options
from sparrow_lite.reply import AbstainReason
from sparrow_lite.search.base import Result, SearchResults
from sparrow_lite.turn.decide import Decision
from sparrow_lite.turn.gather import gather
from sparrow_lite.turn.parts import open_parts


@dataclass(frozen=True)
class Table:
    """A search by a table: a query's addresses, or the reason why there are none."""

    answers: dict
    name: str = "table"

    def search(self, query, *, deadline):
        answer = self.answers[query.text]
        if isinstance(answer, SearchReason):
            attempt = Attempt(backend=self.name, outcome=answer.value)
            raise SearchError("no", reason=answer, attempts=(attempt,))
        results = tuple(Result(url=url, title=url, text=f"Words about {url} and bridges.") for url in answer)
        return SearchResults(
            query=query,
            backend=self.name,
            searched_at="2026-01-01T00:00:00Z",
            results=results,
            attempts=(Attempt(backend=self.name, outcome="ok", results=len(results)),),
        )


def run(answers, **options):
    parts = open_parts(model="embedded", search="none", options=Options(**options))
    parts = replace(parts, search=Table(answers))
    turn = gather(Decision(search=True, queries=tuple(answers), why="test"), parts)
    events = []
    while True:
        try:
            events.append(next(turn))
        except StopIteration as stop:
            return stop.value, events


def address(letter):
    return f"https://{letter}.example/"


def test_the_results_of_both_queries_are_interleaved_and_none_is_opened_twice():
    gathered, _ = run(
        {"bridges": [address("a"), address("b"), address("c")], "a bridge": [address("d"), address("a")]}
    )
    assert [one.url for one in gathered.record.openings] == [address(letter) for letter in "adbc"]


def test_no_more_pages_are_opened_than_allowed():
    gathered, _ = run({"bridges": [address(letter) for letter in "abcdef"]}, fetch=FetchOptions(pages=2))
    assert len(gathered.record.openings) == 2


def test_one_failed_query_costs_only_itself():
    gathered, _ = run({"bridges": SearchReason.NO_RESULTS, "a bridge": [address("a")]})
    assert gathered.failure is None
    assert [one.outcome for one in gathered.record.attempts] == ["no_results", "ok"]
    assert gathered.evidence


@pytest.mark.parametrize(
    ("reasons", "failure"),
    [
        ([SearchReason.NO_RESULTS], AbstainReason.NO_RESULTS),
        ([SearchReason.BLOCKED], AbstainReason.SEARCH_BLOCKED),
        ([SearchReason.TIMEOUT], AbstainReason.SEARCH_UNREACHABLE),
        ([SearchReason.UNREACHABLE], AbstainReason.SEARCH_UNREACHABLE),
        ([SearchReason.NO_RESULTS, SearchReason.BLOCKED], AbstainReason.SEARCH_BLOCKED),
    ],
)
def test_the_gravest_reason_is_given(reasons, failure):
    gathered, _ = run({f"bridges {number}": reason for number, reason in enumerate(reasons)})
    assert gathered.failure is failure
    assert gathered.evidence == ()
