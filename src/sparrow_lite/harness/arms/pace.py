"""How fast an arm asks its server: so many requests at once, so many a second, and patience when it says so.

One `Pace` is shared by all threads of an arm. The number in flight rises by one for each round of answers and
is halved when the server says that it is asked too much, once for all requests that were under way by then
(AIMD, as in TCP's congestion avoidance, RFC 5681). `Retry-After` holds for everybody. Models on this machine
have no pace.
"""

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from sparrow_lite.errors import ModelError

T = TypeVar("T")

# With the number in flight halved each time, a request is seldom refused more often than this.
_MOST_REFUSALS = 10
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 30.0
_LONGEST_FAULT_WAIT_SECONDS = 8.0
# A server that asks for more patience than this has the case fail: --retry-failed tries it another day.
_LONGEST_RETRY_AFTER_SECONDS = 300.0


class Pace:
    """The pace of one arm's requests. Safe to share between threads.

    Args:
        in_flight: Most requests at once; also how many there are at first.
        rate: Most requests a second, evenly apart; None for no bound.
        retries: Further tries after a failure that may pass and is no overload.
    """

    def __init__(self, *, in_flight: int, rate: float | None = None, retries: int = 3) -> None:
        self._most = in_flight
        self._retries = retries
        self._gap = 1.0 / rate if rate else 0.0
        self._allowed = float(in_flight)
        self._running = 0
        self._refused_rounds = 0
        self._slowed_at = 0.0  # all times are of time.monotonic()
        self._paused_until = 0.0
        self._next_start = 0.0
        self._changed = threading.Condition()
        self._gate = threading.Lock()

    @property
    def allowed(self) -> int:
        """How many requests may be in flight now, 1 or more."""
        return int(self._allowed)

    def ask(self, call: Callable[[], T]) -> T:
        """Return what the call returns, made when its turn has come, and again after what may pass.

        Raises:
            ModelError: The last one.
        """
        refusals = faults = 0
        while True:
            try:
                return self._ask_once(call)
            except ModelError as error:
                refusals += error.overloaded
                faults += not error.overloaded
                spent = refusals > _MOST_REFUSALS or faults > self._retries
                if spent or not error.retryable or not _is_patient(error.retry_after_seconds):
                    raise
                if not error.overloaded:
                    time.sleep(_backoff(faults, _LONGEST_FAULT_WAIT_SECONDS))

    def _ask_once(self, call: Callable[[], T]) -> T:
        with self._changed:
            self._changed.wait_for(lambda: self._running < self.allowed)
            self._running += 1
        try:
            started = self._start()
            found = call()
            self._speed_up(started)
        except ModelError as error:
            if error.overloaded:
                self._slow_down(started, error.retry_after_seconds)
            raise
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()
        return found

    def _start(self) -> float:
        """Return the time at which the request starts, having waited for it: one at a time, in turn."""
        with self._gate:
            while (wait := max(self._next_start, self._paused_until) - time.monotonic()) > 0.0:
                time.sleep(wait)
            started = time.monotonic()
            self._next_start = started + self._gap
        return started

    def _speed_up(self, started: float) -> None:
        with self._changed:
            if started < self._slowed_at:
                return
            self._refused_rounds = 0
            self._allowed = min(float(self._most), self._allowed + 1.0 / self._allowed)
            self._changed.notify()

    def _slow_down(self, started: float, asked_seconds: float | None) -> None:
        with self._changed:
            now = time.monotonic()
            first = started >= self._slowed_at
            if first:
                self._slowed_at = now
                self._refused_rounds += 1
                self._allowed = max(1.0, self._allowed / 2.0)
            wait = asked_seconds if asked_seconds is not None and _is_patient(asked_seconds) else 0.0
            if first and asked_seconds is None:
                wait = _backoff(self._refused_rounds, _LONGEST_WAIT_SECONDS)
            self._paused_until = max(self._paused_until, now + wait)


def _is_patient(asked_seconds: float | None) -> bool:
    return asked_seconds is None or asked_seconds <= _LONGEST_RETRY_AFTER_SECONDS


def _backoff(times: int, longest: float) -> float:
    """Seconds to wait after the failure of this number, from 1: doubling, with jitter."""
    return min(longest, _FIRST_WAIT_SECONDS * 2.0 ** (times - 1)) * random.uniform(1.0, 1.25)
