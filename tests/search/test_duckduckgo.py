import html
import time
from concurrent.futures import ThreadPoolExecutor

import primp
import pytest
from ddgs.engines import ENGINES
from ddgs.exceptions import DDGSException
from ddgs.results import TextResult

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import SearchError
from sparrow_lite.options import SearchOptions
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.search.duckduckgo import DdgsEngine, open_duckduckgo
from sparrow_lite.search.guard import Guard
from sparrow_lite.search.remote import RemoteBackend

PAGES = {
    "duckduckgo": '<div class="links_main result__body"><h2><a>{title}</a></h2>'
    '<a href="{url}">{snippet}</a></div>',
    "brave": '<div data-type="web"><a href="{url}"><div class="title">{title}</div></a>'
    '<div class="snippet"><div class="content">{snippet}</div></div></div>',
    "mojeek": '<ul class="results-standard"><li><h2><a href="{url}">{title}</a></h2>'
    '<p class="s">{snippet}</p></li></ul>',
}
EMPTY_PAGE = "<html><body><h1>No results for {query}</h1></body></html>"


def page(engine: str, url: str, title: str = "A title") -> str:
    hit = PAGES[engine].format(url=html.escape(url), title=title, snippet="Some words.")
    return f"<html><body>{hit}</body></html>"


def search(
    url: str, *, engine: str = "mojeek", text: str = "tall tower", seconds: float = 5.0
) -> SearchResults:
    asked = DdgsEngine(name=engine, region="us-en", search_url=url)
    backend = RemoteBackend(asked, Guard(per_second=1000.0), limit=8)
    return backend.search(Query(text=text), deadline=Deadline.after(seconds))


@pytest.mark.parametrize("engine", list(PAGES))
def test_each_engine_reads_its_own_page(web, make_answer, engine) -> None:
    web.answer = make_answer(body=page(engine, "https://tower.example/height"))

    found = search(f"{web.url}/search", engine=engine)

    expected = ("https://tower.example/height", "A title")
    assert [(each.url, each.title) for each in found.results] == [expected]
    assert "Some words." in (found.results[0].snippet or "")
    assert found.results[0].text is None
    assert found.backend == engine
    assert web.seen[0].fields["q"] == "tall tower"


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ({"status": 202, "body": "anomaly"}, SearchReason.BLOCKED, "HTTP 202"),
        ({"status": 403}, SearchReason.BLOCKED, "HTTP 403"),
        ({"status": 429}, SearchReason.BLOCKED, "HTTP 429"),
        ({"status": 503}, SearchReason.UNREACHABLE, "HTTP 503"),
        ({"body": EMPTY_PAGE}, SearchReason.NO_RESULTS, "found nothing"),
        ({"body": "<div class='anomaly-modal'>"}, SearchReason.BLOCKED, "human"),
        ({"body": "<div class='g-recaptcha'>"}, SearchReason.BLOCKED, "human"),
        ({"body": "  "}, SearchReason.UNREACHABLE, "empty page"),
        ({"body": page("mojeek", "javascript:alert(1)")}, SearchReason.NO_RESULTS, "nothing"),
    ],
)
def test_a_blocked_search_is_told_from_an_empty_one(web, make_answer, answer, reason, detail) -> None:
    web.answer = make_answer(**answer)

    with pytest.raises(SearchError, match=detail) as caught:
        search(web.url)

    assert caught.value.reason is reason


def test_a_question_about_challenges_is_no_challenge(web, make_answer) -> None:
    web.answer = make_answer(body=EMPTY_PAGE.format(query="what is g-recaptcha"))

    with pytest.raises(SearchError) as caught:
        search(web.url, text="What is g-recaptcha")

    assert caught.value.reason is SearchReason.NO_RESULTS


@pytest.mark.parametrize("slow", [{"wait_seconds": 5.0}, {"drip_seconds": 0.1}])
def test_a_slow_engine_is_a_timeout_within_the_deadline(web, make_answer, slow) -> None:
    web.answer = make_answer(body=page("mojeek", "https://a.example") + " " * 50, **slow)
    started = time.monotonic()

    with pytest.raises(SearchError) as caught:
        search(web.url, seconds=0.4)

    assert caught.value.reason is SearchReason.TIMEOUT
    assert time.monotonic() - started < 0.9


def test_a_closed_door_is_unreachable(web, closed_url) -> None:
    with pytest.raises(SearchError, match="cannot be connected to") as caught:
        search(closed_url)

    assert caught.value.reason is SearchReason.UNREACHABLE


class Fake:
    """Stands in for an engine class of ddgs."""

    made = 0

    def __init__(self, *, timeout: float) -> None:
        type(self).made += 1
        self.http_client = type("Http", (), {"client": None})()

    def search(self, query: str, *, region: str) -> list[TextResult]:
        found = TextResult()
        found.href, found.title = "https://a.example", query
        return [found]


class Nameless(Fake):
    def search(self, query: str, *, region: str) -> list[TextResult]:
        raise DDGSException("DNSError") from primp.DNSError("no records found")


def fake_engines(monkeypatch: pytest.MonkeyPatch, fake: type[Fake]) -> dict[str, type[Fake]]:
    """Replace every text engine of ddgs, each by a class of its own."""
    fakes = {name: type(name, (fake,), {"made": 0}) for name in ENGINES["text"]}
    monkeypatch.setitem(ENGINES, "text", fakes)
    return fakes


def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch) -> None:
    fake_engines(monkeypatch, Nameless)

    with pytest.raises(SearchError, match="does not resolve") as caught:
        search("http://unused.example")

    assert caught.value.reason is SearchReason.UNREACHABLE


def test_the_engines_are_asked_by_name_and_in_order(monkeypatch) -> None:
    fakes = fake_engines(monkeypatch, Nameless)
    backend = open_duckduckgo(SearchOptions(per_second=1000.0))

    with pytest.raises(SearchError) as caught:
        backend.search(Query(text="q"), deadline=Deadline.after(5.0))

    assert [each.backend for each in caught.value.attempts] == ["duckduckgo", "brave", "mojeek"]
    assert {name for name, fake in fakes.items() if fake.made} == set(PAGES)


def test_an_engine_that_answers_spares_the_others(monkeypatch) -> None:
    fakes = fake_engines(monkeypatch, Fake)
    backend = open_duckduckgo(SearchOptions(per_second=1000.0))

    for text in ("one", "two"):
        found = backend.search(Query(text=text), deadline=Deadline.after(5.0))
        assert found.results == (Result(url="https://a.example", title=text),)

    assert {name: fake.made for name, fake in fakes.items() if fake.made} == {"duckduckgo": 2}


def test_a_dead_network_is_asked_once_and_then_left_alone(monkeypatch) -> None:
    fakes = fake_engines(monkeypatch, Nameless)
    backend = open_duckduckgo(SearchOptions(per_second=1000.0))

    for place in range(4):
        with pytest.raises(SearchError) as caught:
            backend.search(Query(text=f"q{place}"), deadline=Deadline.after(5.0))

    assert caught.value.reason is SearchReason.UNREACHABLE
    assert {fakes[name].made for name in PAGES} == {1}


def test_an_engine_that_ddgs_dropped_is_no_other_engine(monkeypatch) -> None:
    monkeypatch.setitem(ENGINES, "text", {})

    with pytest.raises(SearchError, match="no such engine") as caught:
        search("http://unused.example")

    assert caught.value.reason is SearchReason.UNREACHABLE


def test_threads_get_each_their_own_answer(web, make_answer) -> None:
    def answer(seen):
        return make_answer(body=page("mojeek", "https://a.example", title=seen.fields["q"]))

    web.answer = answer
    engine = DdgsEngine(name="mojeek", region="us-en", search_url=web.url)
    backend = RemoteBackend(engine, Guard(per_second=1000.0), limit=8)

    def title(text: str) -> str:
        found = backend.search(Query(text=text), deadline=Deadline.after(10.0))
        return found.results[0].title

    texts = [f"question {place}" for place in range(24)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(title, texts)) == texts
