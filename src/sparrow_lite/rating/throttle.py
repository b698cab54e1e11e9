"""Limits on how often something may be asked: token buckets, in memory, for one process.

They bound guessing and floods, not honest use. A process that starts again begins with full buckets.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Buckets:
    """A bucket of tokens for each key, such as a rater or an address. Safe to call from several threads."""

    def __init__(
        self,
        *,
        size: float,
        per_second: float,
        most_keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make buckets that are full.

        Args:
            size: Tokens of a full bucket: how many may come at once.
            per_second: Tokens that come back.
            most_keys: Buckets that are remembered; the one used longest ago is forgotten first.
            clock: Seconds, from any start.
        """
        self._size, self._per_second, self._most_keys, self._clock = size, per_second, most_keys, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> float:
        """Take one token of the key's bucket; return 0.0, or the seconds until there is one again."""
        now = self._clock()
        with self._lock:
            tokens, at = self._buckets.pop(key, (self._size, now))
            tokens = min(self._size, tokens + (now - at) * self._per_second)
            wait = max(0.0, (1.0 - tokens) / self._per_second)
            self._buckets[key] = (tokens - 1.0 if wait == 0.0 else tokens, now)
            while len(self._buckets) > self._most_keys:
                self._buckets.popitem(last=False)
        return wait

    def give_back(self, key: str) -> None:
        """Undo one `take` of the key's bucket."""
        with self._lock:
            if key in self._buckets:
                tokens, at = self._buckets[key]
                self._buckets[key] = (min(self._size, tokens + 1.0), at)

    def fill(self, key: str) -> None:
        """Make the key's bucket full again."""
        with self._lock:
            self._buckets.pop(key, None)


class SignInThrottle:
    """How often passwords may be tried: by one address for one name, by one address, and for one name.

    The last is wide, so that a stranger cannot easily keep the owner of a name out.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._pairs = Buckets(size=5, per_second=1 / 60, clock=clock)
        self._addresses = Buckets(size=30, per_second=1 / 10, clock=clock)
        self._names = Buckets(size=100, per_second=1 / 30, clock=clock)

    def take(self, name: str, address: str) -> float:
        """Return 0.0 when a try may be made now, or the seconds until one may."""
        for buckets, key in self._keys(name, address):
            wait = buckets.take(key)
            if wait > 0.0:
                return wait
        return 0.0

    def succeed(self, name: str, address: str) -> None:
        """Note that the password was right: wrong ones of this address for this name are forgotten.

        Nor does this try count for the address: many people may sign in from one.
        """
        self._pairs.fill(_pair(name, address))
        self._addresses.give_back(address)

    def _keys(self, name: str, address: str) -> tuple[tuple[Buckets, str], ...]:
        return (self._pairs, _pair(name, address)), (self._addresses, address), (self._names, name)


def _pair(name: str, address: str) -> str:
    return f"{address}\n{name}"
