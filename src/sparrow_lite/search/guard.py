"""What stands between a search and an engine of others: a rate limit and a circuit breaker.

The breaker and the limiter are those of `pybreaker` and `pyrate-limiter`. What an engine is, and what its
answers mean, is left to `remote.py` and to the engines.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError

_BLOCKED_PAUSES = 4
_LONGEST_PAUSES = 40


class EngineError(SearchError):
    """One engine that gave no results: `retry_after_seconds` is its own wish, None when it said nothing."""

    def __init__(
        self, message: str, *, reason: SearchReason, retry_after_seconds: float | None = None
    ) -> None:
        super().__init__(message, reason=reason)
        self.retry_after_seconds = retry_after_seconds


class Guard:
    """Lets one engine be asked at a steady rate, and not at all for a while after it failed.

    One failure opens the breaker: a turn asks twice, others stand by, and what failed a moment ago would only
    cost time again. It stays open for `pause_seconds`, twice as long after each further failure, four times
    as long when the engine blocked us, longer when the engine asks for it, and 40 times at most. Finding
    nothing is no failure. Safe to share between threads.
    """

    def __init__(self, *, per_second: float, pause_seconds: float = 15.0) -> None:
        """Set up a closed breaker.

        Raises:
            ConfigError: When `per_second` is not above 0.
        """
        import pybreaker
        from pyrate_limiter import Limiter, Rate, SingleBucketFactory, StateBucket

        if not per_second > 0.0:
            raise ConfigError(f"per_second is {per_second}: give a number above 0, such as 1.")
        self._pause_seconds = pause_seconds
        self._last: EngineError | None = None
        self._storage = pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
        self._breaker = pybreaker.CircuitBreaker(
            fail_max=1,
            reset_timeout=pause_seconds,
            exclude=[_found_nothing],
            state_storage=self._storage,
            throw_new_error_on_trip=False,
        )
        rate = Rate(1, max(1, round(1000 / per_second)))
        # A state bucket needs no leaking, so that no background thread is started.
        factory = SingleBucketFactory(StateBucket([rate]), schedule_leak=False)
        self._limiter = Limiter(factory, buffer_ms=5)

    @contextmanager
    def asking(self, deadline: Deadline) -> Iterator[None]:
        """Hold the block back until the engine may be asked, and learn from the EngineError it raises.

        Raises:
            EngineError: At once while the breaker is open, with the reason that opened it; as a timeout
                when the deadline passes before the engine's turn comes; else what the block raised.
        """
        import pybreaker

        self._refuse_while_open()
        if not self._limiter.try_acquire("engine", timeout=deadline.remaining()):
            raise EngineError("the rate limit left no time to ask it", reason=SearchReason.TIMEOUT)
        try:
            # Unlike `call`, `calling` does not hold the breaker's lock while the engine works.
            with self._breaker.calling():
                yield
        except EngineError as error:
            self._learn(error)
            raise
        except pybreaker.CircuitBreakerError as error:
            # Another thread opened the breaker while this one waited for its turn.
            raise self._skipped() from error

    def _learn(self, error: EngineError) -> None:
        if error.reason is SearchReason.NO_RESULTS:
            return
        self._last = error
        pauses = 2.0 ** min(self._storage.counter - 1, 10)
        if error.reason is SearchReason.BLOCKED:
            pauses = max(pauses, _BLOCKED_PAUSES)
        wanted = max(pauses * self._pause_seconds, error.retry_after_seconds or 0.0)
        self._breaker.reset_timeout = min(wanted, _LONGEST_PAUSES * self._pause_seconds)

    def _refuse_while_open(self) -> None:
        if self._storage.state == "open" and self._pause_left() > 0.0:
            raise self._skipped()

    def _pause_left(self) -> float:
        opened_at = self._storage.opened_at
        if opened_at is None:
            return 0.0
        passed = (datetime.now(UTC) - opened_at).total_seconds()
        return max(0.0, self._breaker.reset_timeout - passed)

    def _skipped(self) -> EngineError:
        last = self._last
        return EngineError(
            f"not asked for another {self._pause_left():.0f} s, because it failed: {last}",
            reason=last.reason if last else SearchReason.UNREACHABLE,
        )


def _found_nothing(error: BaseException) -> bool:
    return isinstance(error, EngineError) and error.reason is SearchReason.NO_RESULTS
