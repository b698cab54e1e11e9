"""One deadline for a chain of calls, so that timeouts do not add up."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A point on the monotonic clock, in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline that lies this many seconds from now."""
        return cls(at=time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, never below 0.0."""
        return max(0.0, self.at - time.monotonic())

    def passed(self) -> bool:
        """Return whether no time is left."""
        return self.remaining() <= 0.0

    def sooner(self, seconds: float) -> "Deadline":
        """Return this deadline or the one `seconds` from now, whichever comes first."""
        return Deadline(at=min(self.at, time.monotonic() + seconds))
