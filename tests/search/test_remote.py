from dataclasses import dataclass, field
from datetime import datetime

import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.guard import EngineError, Guard
from sparrow_lite.search.remote import RemoteBackend


@dataclass
class FakeEngine:
    found: tuple[Result, ...] = ()
    error: EngineError | None = None
    asked: list[Query] = field(default_factory=list)
    name: str = "fake"

    def ask(self, query: Query, *, deadline: Deadline) -> tuple[Result, ...]:
        self.asked.append(query)
        if self.error is not None:
            raise self.error
        return self.found


def backend(engine: FakeEngine, limit: int = 8) -> RemoteBackend:
    return RemoteBackend(engine, Guard(per_second=1000.0), limit=limit)


def hits(*urls: str) -> tuple[Result, ...]:
    return tuple(Result(url=url, title=f"{place}") for place, url in enumerate(urls))


def test_results_keep_their_order_lose_repeats_and_are_cut_at_the_limit() -> None:
    engine = FakeEngine(found=hits("a", "b", "a", "c", "d"))

    found = backend(engine, limit=3).search(Query(text="q"), deadline=Deadline.after(1.0))

    assert [(result.url, result.title) for result in found.results] == [
        ("a", "0"),
        ("b", "1"),
        ("c", "3"),
    ]
    assert found.backend == "fake"
    assert datetime.fromisoformat(found.searched_at).tzinfo is not None
    assert [(each.outcome, each.results) for each in found.attempts] == [("ok", 3)]


@pytest.mark.parametrize("reason", list(SearchReason))
def test_an_engine_that_fails_gives_an_error_with_its_attempt(reason) -> None:
    engine = FakeEngine(error=EngineError("it is broken", reason=reason))

    with pytest.raises(SearchError, match=r"fake gave no results \(it is broken\): ") as caught:
        backend(engine).search(Query(text="q"), deadline=Deadline.after(1.0))

    assert caught.value.reason is reason
    (attempt,) = caught.value.attempts
    assert (attempt.backend, attempt.outcome, attempt.detail) == (
        "fake",
        reason.value,
        "it is broken",
    )


def test_an_engine_that_finds_nothing_gives_an_error_not_an_empty_list() -> None:
    with pytest.raises(SearchError) as caught:
        backend(FakeEngine()).search(Query(text="q"), deadline=Deadline.after(1.0))

    assert caught.value.reason is SearchReason.NO_RESULTS


@pytest.mark.parametrize(
    ("text", "seconds", "reason"),
    [(" \n", 1.0, SearchReason.NO_RESULTS), ("q", 0.0, SearchReason.TIMEOUT)],
)
def test_a_hopeless_search_does_not_bother_the_engine(text, seconds, reason) -> None:
    engine = FakeEngine(found=hits("a"))

    with pytest.raises(SearchError) as caught:
        backend(engine).search(Query(text=text), deadline=Deadline.after(seconds))

    assert caught.value.reason is reason
    assert engine.asked == []


@pytest.mark.parametrize(("text", "sent"), [("tall\n  tower ", "tall tower"), ("half \ud83d", "half ?")])
def test_the_engine_gets_one_line_that_can_be_sent(text, sent) -> None:
    engine = FakeEngine(found=hits("a"))

    found = backend(engine).search(Query(text=text), deadline=Deadline.after(1.0))

    assert [query.text for query in engine.asked] == [sent]
    assert found.query.text == text
