"""The line of jobs that wait for a worker, and the count of deaths, so that nothing is tried for ever."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.case import Case, Finished, Status

# A case that has taken so many workers with it is failed; workers that die so often unopened are given up.
DEATHS = 3

Job = TypeVar("Job", Case, Finished)


class Line(Generic[Job]):
    """Cases to be played, or finished ones to be judged, in their order; those of dead workers come first."""

    def __init__(self, jobs: Iterable[Job] = ()) -> None:
        self._coming: Iterator[Job] = iter(jobs)
        self._waiting: deque[Job] = deque()
        self._deaths: Counter[str] = Counter()

    def add(self, job: Job) -> None:
        """Put one at the end."""
        self._waiting.append(job)

    def count(self, most: int) -> int:
        """Return how many wait, counting no further than `most`: so many are taken from what is coming."""
        while len(self._waiting) < most and (job := next(self._coming, None)) is not None:
            self._waiting.append(job)
        return min(len(self._waiting), most)

    def take(self) -> Job | None:
        """Return the next one; None when none is left."""
        return self._waiting.popleft() if self.count(1) else None

    def lose(self, job: Job, reason: str) -> Finished | None:
        """Put the job of a dead worker first in line; after the third death return it as failed instead."""
        case = job if isinstance(job, Case) else job.case
        self._deaths[case.key] += 1
        deaths = self._deaths[case.key]
        if deaths < DEATHS:
            self._waiting.appendleft(job)
            return None
        why = f"{deaths} workers died over it; the last one: {reason}."
        return Finished(case=case, status=Status.FAILED, reason=why, tries=deaths)


class Openings:
    """Counts the workers that died before they could work."""

    def __init__(self) -> None:
        self._deaths = 0

    @property
    def hopeless(self) -> bool:
        """Whether no further worker need be opened."""
        return self._deaths >= DEATHS

    def succeed(self) -> None:
        """Count one that works, after which deaths are counted anew."""
        self._deaths = 0

    def fail(self, reason: str, *, others: int) -> None:
        """Count one that died; `others` live still.

        Raises:
            ModelError: When it is hopeless and no other one lives.
        """
        self._deaths += 1
        if self.hopeless and not others:
            raise ModelError(
                f"No worker could be opened: {reason}. Look for its own words above, give it more memory, or "
                "take fewer --workers.",
                retryable=False,
            )
