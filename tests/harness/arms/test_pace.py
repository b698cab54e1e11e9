import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.pace import Pace


def _busy(seconds: float | None = None) -> ModelError:
    return ModelError("busy", retryable=True, retry_after_seconds=seconds, overloaded=True)


class _Server:
    """Works on `capacity` requests at once and refuses more."""

    def __init__(self, capacity: int, *, seconds: float = 0.004, retry_after: float | None = 0.01) -> None:
        self.capacity = capacity
        self.starts: list[float] = []
        self.refused = self.running = self.most = 0
        self._seconds = seconds
        self._retry_after = retry_after
        self._lock = threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            self.starts.append(time.monotonic())
            if self.running >= self.capacity:
                self.refused += 1
                raise _busy(self._retry_after)
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(self._seconds)
        with self._lock:
            self.running -= 1
        return "done"


def _ask_often(pace: Pace, call: Callable[[], str], *, times: int, threads: int) -> list[str]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda _: pace.ask(call), range(times)))


def test_no_more_requests_are_in_flight_than_allowed() -> None:
    server = _Server(100)
    assert _ask_often(Pace(in_flight=3), server, times=40, threads=16) == ["done"] * 40
    assert server.most == 3


@pytest.mark.parametrize("rate", [50.0, 400.0])
def test_the_rate_is_never_exceeded_however_many_ask(rate: float) -> None:
    server = _Server(100, seconds=0.0)
    _ask_often(Pace(in_flight=16, rate=rate), server, times=25, threads=16)
    starts = sorted(server.starts)
    # Between two requests lies the pace; what a thread needs to reach the server may take a little of it.
    for count in (5, 24):
        shortest = min(late - early for early, late in zip(starts, starts[count:], strict=False))
        assert shortest >= count / rate - 0.008
    assert starts[-1] - starts[0] < 24 / rate + 0.5


def test_concurrency_falls_to_what_the_server_bears_and_recovers() -> None:
    server, pace = _Server(4), Pace(in_flight=32)
    assert set(_ask_often(pace, server, times=200, threads=32)) == {"done"}
    assert server.refused > 0
    assert pace.allowed <= 8
    server.capacity, before = 100, server.refused
    _ask_often(pace, server, times=700, threads=32)
    assert server.refused == before
    assert pace.allowed == 32


def test_a_crowd_of_refusals_halves_it_once() -> None:
    pace, meeting = Pace(in_flight=16), threading.Barrier(16)
    answers = iter([_busy(0.05)] * 16)

    def call() -> str:
        refusal = next(answers, None)
        if refusal is not None:
            meeting.wait(5)
            raise refusal
        return "done"

    assert set(_ask_often(pace, call, times=16, threads=16)) == {"done"}
    assert 8 <= pace.allowed < 16


def test_a_retry_after_holds_for_everybody() -> None:
    pace, starts, first = Pace(in_flight=8), list[float](), threading.Event()

    def refused_once() -> str:
        starts.append(time.monotonic())
        if not first.is_set():
            first.set()
            raise _busy(0.3)
        return "done"

    with ThreadPoolExecutor(8) as pool:
        refused = pool.submit(pace.ask, refused_once)
        assert first.wait(5)
        time.sleep(0.05)
        others = [pool.submit(pace.ask, refused_once) for _ in range(6)]
        assert {one.result(5) for one in [refused, *others]} == {"done"}
    assert min(starts[1:]) - starts[0] >= 0.3


def test_without_a_retry_after_the_waits_double() -> None:
    starts: list[float] = []

    def call() -> str:
        starts.append(time.monotonic())
        if len(starts) < 3:
            raise _busy()
        return "done"

    assert Pace(in_flight=1).ask(call) == "done"
    first, second = (late - early for early, late in pairwise(starts))
    assert 0.5 <= first < 0.8
    assert 1.0 <= second < 1.5


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        (ModelError("no key", retryable=False), 1),
        (ModelError("reset", retryable=True, retry_after_seconds=0.0), 2),
        (_busy(3600.0), 1),
        (_busy(0.0), 11),
    ],
    ids=["for good", "a fault", "tomorrow", "overloaded"],
)
def test_how_often_is_asked_again(error: ModelError, calls: int) -> None:
    made: list[int] = []

    def call() -> str:
        made.append(1)
        raise error

    with pytest.raises(ModelError) as caught:
        Pace(in_flight=2, retries=1).ask(call)
    assert caught.value is error
    assert len(made) == calls


def test_a_server_that_wants_a_day_holds_nobody_up() -> None:
    pace, started = Pace(in_flight=2), time.monotonic()
    with pytest.raises(ModelError):
        pace.ask(lambda: _raise(_busy(86_400.0)))
    assert pace.ask(lambda: "done") == "done"
    assert time.monotonic() - started < 1.0


def test_a_bug_gives_its_place_back() -> None:
    pace = Pace(in_flight=1)
    with pytest.raises(ZeroDivisionError):
        pace.ask(lambda: _raise(ZeroDivisionError()))
    assert pace.ask(lambda: "done") == "done"


def _raise(error: Exception) -> str:
    raise error
