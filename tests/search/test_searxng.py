import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.guard import EngineError
from sparrow_lite.search.searxng import SearxngEngine

HIT = {"url": "https://tower.example/", "title": "Tower", "content": "It is tall."}


def ask(url: str) -> tuple[Result, ...]:
    engine = SearxngEngine.at(url, region="us-en")
    return engine.ask(Query(text="tall tower"), deadline=Deadline.after(5.0))


@pytest.mark.parametrize("suffix", ["", "/", "/search"])
def test_results_are_read_from_the_json_api(web, make_answer, suffix) -> None:
    rows = [HIT, {"url": "https://b.example/", "title": None, "content": ""}]
    web.answer = make_answer(body={"results": rows})

    assert ask(web.url + suffix) == (
        Result(url="https://tower.example/", title="Tower", snippet="It is tall."),
        Result(url="https://b.example/", title="", snippet=None),
    )
    assert web.seen[0].path == "/search"
    assert web.seen[0].fields == {"q": "tall tower", "format": "json", "language": "en-US"}


@pytest.mark.parametrize(
    "row", ["text", {"url": "javascript:alert(1)"}, {"url": 5}, {"title": "no address"}, None]
)
def test_rows_that_are_no_results_are_left_out(web, make_answer, row) -> None:
    web.answer = make_answer(body={"results": [row, HIT]})

    assert [each.url for each in ask(web.url)] == ["https://tower.example/"]


@pytest.mark.parametrize(
    ("unresponsive", "reason"),
    [
        ([["google", "CAPTCHA"]], SearchReason.BLOCKED),
        ([["brave", "Suspended: too many requests"]], SearchReason.BLOCKED),
        ([["bing", "timeout"]], SearchReason.TIMEOUT),
        ([["bing", "HTTP connection error"]], SearchReason.UNREACHABLE),
    ],
)
def test_an_empty_answer_of_an_instance_whose_engines_failed_is_a_failure(
    web, make_answer, unresponsive, reason
) -> None:
    web.answer = make_answer(body={"results": [], "unresponsive_engines": unresponsive})

    with pytest.raises(EngineError, match=unresponsive[0][0]) as caught:
        ask(web.url)

    assert caught.value.reason is reason


def test_failed_engines_matter_not_when_others_found_something(web, make_answer) -> None:
    failed = [["google", "CAPTCHA"]]
    web.answer = make_answer(body={"results": [HIT], "unresponsive_engines": failed})

    assert len(ask(web.url)) == 1


def test_an_honest_empty_answer_is_empty(web, make_answer) -> None:
    web.answer = make_answer(body={"results": [], "unresponsive_engines": []})

    assert ask(web.url) == ()


def test_an_instance_that_refuses_json_is_told_how_to_allow_it(web, make_answer) -> None:
    web.answer = make_answer(status=403)

    with pytest.raises(EngineError, match=r"formats: \[html, json\]") as caught:
        ask(web.url)

    assert caught.value.reason is SearchReason.BLOCKED


def test_an_instance_that_wants_fewer_requests_keeps_its_retry_after(web, make_answer) -> None:
    web.answer = make_answer(status=429, headers={"Retry-After": "90"})

    with pytest.raises(EngineError) as caught:
        ask(web.url)

    assert (caught.value.reason, caught.value.retry_after_seconds) == (SearchReason.BLOCKED, 90.0)


def test_an_answer_in_another_form_is_unreachable(web, make_answer) -> None:
    web.answer = make_answer(body={"hello": 1})

    with pytest.raises(EngineError, match="no results in it") as caught:
        ask(web.url)

    assert caught.value.reason is SearchReason.UNREACHABLE


@pytest.mark.parametrize("url", ["", "searx.example", "file:///etc", "http://", "http://a/?q=x"])
def test_what_is_no_address_is_refused(url) -> None:
    with pytest.raises(ConfigError, match="no address of a SearXNG instance"):
        SearxngEngine.at(url, region="us-en")
