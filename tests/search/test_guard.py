import threading
import time

import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.search.guard import EngineError, Guard


def ask(guard: Guard, error: EngineError | None = None, *, seconds: float = 5.0) -> str:
    with guard.asking(Deadline.after(seconds)):
        if error is not None:
            raise error
    return "answered"


def failure(reason: SearchReason, retry_after: float | None = None) -> EngineError:
    return EngineError("it failed", reason=reason, retry_after_seconds=retry_after)


def fast(**options: float) -> Guard:
    return Guard(per_second=1000.0, **options)


@pytest.mark.parametrize(
    ("reason", "pause"),
    [
        (SearchReason.UNREACHABLE, "15"),
        (SearchReason.TIMEOUT, "15"),
        (SearchReason.BLOCKED, "60"),
    ],
)
def test_a_failure_opens_the_breaker_which_repeats_its_reason(reason, pause) -> None:
    guard = fast()
    with pytest.raises(EngineError, match=r"^it failed$"):
        ask(guard, failure(reason))

    with pytest.raises(EngineError, match=f"not asked for another {pause} s.*it failed") as caught:
        ask(guard)

    assert caught.value.reason is reason


def test_finding_nothing_is_no_failure() -> None:
    guard = fast()
    for _ in range(5):
        with pytest.raises(EngineError):
            ask(guard, failure(SearchReason.NO_RESULTS))

    assert ask(guard) == "answered"


def test_the_breaker_lets_one_try_through_after_its_pause_and_closes_on_success() -> None:
    guard = fast(pause_seconds=0.1)
    with pytest.raises(EngineError):
        ask(guard, failure(SearchReason.TIMEOUT))
    with pytest.raises(EngineError, match="not asked"):
        ask(guard)
    time.sleep(0.12)

    assert ask(guard) == "answered"
    assert ask(guard) == "answered"


def test_the_pause_doubles_with_each_failure_in_a_row() -> None:
    guard = fast(pause_seconds=0.2)
    for pause in (0.2, 0.4):
        with pytest.raises(EngineError, match=r"^it failed$"):
            ask(guard, failure(SearchReason.UNREACHABLE))
        time.sleep(pause - 0.1)
        with pytest.raises(EngineError, match="not asked"):
            ask(guard)
        time.sleep(0.12)

    assert ask(guard) == "answered"


def test_a_success_makes_the_next_pause_short_again() -> None:
    guard = fast(pause_seconds=0.1)
    for pause in (0.1, 0.2):
        with pytest.raises(EngineError):
            ask(guard, failure(SearchReason.UNREACHABLE))
        time.sleep(pause + 0.02)
    ask(guard)
    with pytest.raises(EngineError):
        ask(guard, failure(SearchReason.UNREACHABLE))
    time.sleep(0.12)

    assert ask(guard) == "answered"


@pytest.mark.parametrize(("retry_after", "pause"), [(None, "60"), (5.0, "60"), (300.0, "300"), (1e9, "600")])
def test_the_engine_may_ask_for_a_longer_pause_within_bounds(retry_after, pause) -> None:
    guard = fast()
    with pytest.raises(EngineError):
        ask(guard, failure(SearchReason.BLOCKED, retry_after))

    with pytest.raises(EngineError, match=f"not asked for another {pause} s"):
        ask(guard)


def test_asks_are_spread_over_time() -> None:
    guard = Guard(per_second=20.0)
    started = time.monotonic()
    for _ in range(4):
        ask(guard)

    assert 0.14 <= time.monotonic() - started < 1.0


def test_waiting_for_a_turn_ends_with_the_deadline_and_is_not_the_engines_fault() -> None:
    guard = Guard(per_second=2.0)
    ask(guard)
    started = time.monotonic()
    for _ in range(3):
        with pytest.raises(EngineError, match="rate limit") as caught:
            ask(guard, seconds=0.05)
    waited = time.monotonic() - started

    assert caught.value.reason is SearchReason.TIMEOUT
    assert waited < 0.4
    assert ask(guard) == "answered"


def test_an_open_breaker_answers_without_waiting_for_a_turn() -> None:
    guard = Guard(per_second=0.5)
    with pytest.raises(EngineError):
        ask(guard, failure(SearchReason.BLOCKED))
    started = time.monotonic()
    with pytest.raises(EngineError, match="not asked"):
        ask(guard)

    assert time.monotonic() - started < 0.1


def test_a_slow_engine_does_not_hold_back_other_threads() -> None:
    guard = fast()
    both = threading.Barrier(2, timeout=2.0)

    def slow() -> None:
        with guard.asking(Deadline.after(5.0)):
            both.wait()

    thread = threading.Thread(target=slow)
    thread.start()
    slow()
    thread.join()
    assert not both.broken


@pytest.mark.parametrize("per_second", [0.0, -1.0, float("nan")])
def test_a_rate_must_be_above_zero(per_second) -> None:
    with pytest.raises(ConfigError, match="above 0"):
        Guard(per_second=per_second)
