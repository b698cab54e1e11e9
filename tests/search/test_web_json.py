import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.search import web_json
from sparrow_lite.search.guard import EngineError
from sparrow_lite.search.web_json import get_json, open_client


def get(url: str, *, seconds: float = 5.0) -> dict:
    with open_client() as client:
        return get_json(client, url, {"q": "a & b"}, deadline=Deadline.after(seconds))


def test_an_object_is_read_and_we_say_who_we_are(web, make_answer) -> None:
    web.answer = make_answer(body={"a": [1]})

    assert get(web.url) == {"a": [1]}
    assert web.seen[0].fields == {"q": "a & b"}
    assert web.seen[0].headers["User-Agent"].startswith("sparrow-lite/")


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        ({"status": 403}, SearchReason.BLOCKED, "HTTP 403"),
        ({"status": 429}, SearchReason.BLOCKED, "HTTP 429"),
        ({"status": 500}, SearchReason.UNREACHABLE, "HTTP 500"),
        ({"status": 404}, SearchReason.UNREACHABLE, "HTTP 404"),
        ({"body": "{'a': "}, SearchReason.UNREACHABLE, "not JSON"),
        ({"body": "[1]"}, SearchReason.UNREACHABLE, "not a JSON object"),
        ({"body": ""}, SearchReason.UNREACHABLE, "not JSON"),
        (
            {"status": 302, "headers": {"Location": "/again"}},
            SearchReason.UNREACHABLE,
            "TooManyRedirects",
        ),
    ],
)
def test_what_is_no_answer_has_a_reason(web, make_answer, answer, reason, detail) -> None:
    web.answer = make_answer(**answer)

    with pytest.raises(EngineError, match=detail) as caught:
        get(web.url)

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True), 100.0),
        ("-5", 0.0),
        ("soon", None),
    ],
)
def test_retry_after_is_kept(web, make_answer, header, seconds) -> None:
    # A date is made when the test runs, or the minutes that the suite takes would count.
    value = header() if callable(header) else header
    web.answer = make_answer(status=429, headers={"Retry-After": value})

    with pytest.raises(EngineError) as caught:
        get(web.url)

    expected = seconds if seconds is None else pytest.approx(seconds, abs=30.0)
    assert caught.value.retry_after_seconds == expected


@pytest.mark.parametrize("slow", [{"wait_seconds": 5.0}, {"drip_seconds": 0.1}])
def test_a_slow_answer_is_a_timeout_within_the_deadline(web, make_answer, slow) -> None:
    web.answer = make_answer(body={"padding": "x" * 100}, **slow)
    started = time.monotonic()

    with pytest.raises(EngineError) as caught:
        get(web.url, seconds=0.4)

    assert caught.value.reason is SearchReason.TIMEOUT
    assert time.monotonic() - started < 0.9


def test_a_closed_door_is_unreachable(web, closed_url) -> None:
    with pytest.raises(EngineError, match="ConnectError") as caught:
        get(closed_url)

    assert caught.value.reason is SearchReason.UNREACHABLE


def test_an_endless_answer_is_cut_off(web, make_answer, monkeypatch) -> None:
    monkeypatch.setattr(web_json, "_MAX_BYTES", 1000)
    web.answer = make_answer(body={"padding": "x" * 2000})

    with pytest.raises(EngineError, match="longer than 1000 bytes"):
        get(web.url)


def test_a_name_that_does_not_resolve_is_unreachable(web, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    with pytest.raises(EngineError, match=r"wiki\.example does not resolve") as caught:
        get("https://wiki.example/api")

    assert caught.value.reason is SearchReason.UNREACHABLE


def test_a_resolver_that_hangs_does_not_outlast_the_deadline(web, monkeypatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10.0))
    started = time.monotonic()

    with pytest.raises(EngineError) as caught:
        get("https://wiki.example/api", seconds=0.2)

    over.set()
    assert caught.value.reason is SearchReason.TIMEOUT
    assert time.monotonic() - started < 1.0


def test_behind_a_proxy_of_the_environment_the_proxy_resolves(web, make_answer, monkeypatch) -> None:
    monkeypatch.setenv("http_proxy", web.url)
    web.answer = make_answer(body={"from": "proxy"})

    assert get("http://wiki.invalid/api") == {"from": "proxy"}
