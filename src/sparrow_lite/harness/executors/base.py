"""What an executor is: something that has cases worked on, here or elsewhere, and hands back what came."""

from collections.abc import Generator, Iterable
from typing import Protocol

from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.work import WorkerSpec

# How long an executor is silent at most.
TICK_SECONDS = 0.2

Stream = Generator[Finished | None, None, None]


class Executor(Protocol):
    """Has cases worked on. Only its caller writes the ledger."""

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Stream:
        """Yield what came of each case, in the order in which they end; None while none ends.

        Takes from `cases` only as many as are worked on, and a few more. A worker that dies gives its case
        to another one; a case that kills every worker is failed with that reason. None comes some times a
        second, so that the caller can write what it holds. Interrupted, it yields what has ended and raises
        again, without waiting for what has not; closed, it stops its workers.

        Raises:
            SparrowError: When no worker can be opened.
        """
        ...
