from dataclasses import dataclass, field

import pytest

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.search.chain import ChainBackend, Link

NOTHING = SearchReason.NO_RESULTS
BLOCKED = SearchReason.BLOCKED
LATE = SearchReason.TIMEOUT
AWAY = SearchReason.UNREACHABLE


@dataclass
class FakeBackend:
    name: str
    reason: SearchReason | None = None
    given: list[float] = field(default_factory=list)

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        self.given.append(deadline.remaining())
        if self.reason is not None:
            attempt = Attempt(backend=self.name, outcome=self.reason.value, detail=f"why {self.name} did not")
            raise SearchError("no", reason=self.reason, attempts=(attempt,))
        return SearchResults(
            query=query,
            backend=self.name,
            searched_at="2026-01-02T03:04:05+00:00",
            results=(Result(url="https://a.example", title="A"),),
            attempts=(Attempt(backend=self.name, outcome="ok", results=1),),
        )


def chain(*backends: FakeBackend, shares: tuple[float, ...] = (1.0, 1.0, 1.0)) -> ChainBackend:
    links = [Link(backend=each, share=share) for each, share in zip(backends, shares, strict=False)]
    return ChainBackend("auto", links)


def test_the_first_answer_ends_the_search_and_tells_why_the_others_gave_none() -> None:
    third = FakeBackend("third")
    auto = chain(FakeBackend("first", BLOCKED), FakeBackend("second"), third)

    found = auto.search(Query(text="q"), deadline=Deadline.after(5.0))

    assert found.backend == "second"
    assert [(each.backend, each.outcome, each.detail) for each in found.attempts] == [
        ("first", "search_blocked", "why first did not"),
        ("second", "ok", ""),
    ]
    assert third.given == []


@pytest.mark.parametrize(
    ("reasons", "sum_"),
    [
        ((NOTHING, NOTHING, NOTHING), NOTHING),
        ((NOTHING, BLOCKED, NOTHING), BLOCKED),
        ((AWAY, AWAY, NOTHING), AWAY),
        ((LATE, BLOCKED, NOTHING), LATE),
    ],
)
def test_nothing_was_found_only_when_everybody_looked(reasons, sum_) -> None:
    names = ("first", "second", "third")
    auto = chain(*(FakeBackend(name, reason) for name, reason in zip(names, reasons, strict=True)))

    with pytest.raises(SearchError) as caught:
        auto.search(Query(text="q"), deadline=Deadline.after(5.0))

    assert caught.value.reason is sum_
    assert [each.backend for each in caught.value.attempts] == list(names)
    for name in names:
        assert f"{name}: why {name} did not" in str(caught.value)


def test_each_backend_gets_its_share_of_the_time_that_is_left() -> None:
    first, second = FakeBackend("first", LATE), FakeBackend("second")

    chain(first, second, shares=(0.6, 1.0)).search(Query(text="q"), deadline=Deadline.after(10.0))

    assert first.given[0] == pytest.approx(6.0, abs=0.2)
    assert second.given[0] == pytest.approx(10.0, abs=0.2)


def test_a_local_backend_answers_after_the_deadline() -> None:
    auto = chain(FakeBackend("remote", LATE), FakeBackend("starter"))

    found = auto.search(Query(text="q"), deadline=Deadline.after(0.0))

    assert found.backend == "starter"


def test_chains_nest_with_all_their_attempts() -> None:
    inner = chain(FakeBackend("brave", BLOCKED), FakeBackend("mojeek", AWAY))
    outer = ChainBackend("auto", [Link(backend=inner), Link(backend=FakeBackend("starter"))])

    found = outer.search(Query(text="q"), deadline=Deadline.after(5.0))

    assert [each.backend for each in found.attempts] == ["brave", "mojeek", "starter"]
