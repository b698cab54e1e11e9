"""What an executor is: something that has cases worked on, here or elsewhere, and hands back what came."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.work import WorkerSpec


class Executor(Protocol):
    """Has cases worked on. Only its caller writes the ledger."""

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Iterator[Finished]:
        """Yield what came of each case, in the order in which they end.

        Takes from `cases` only as many as are worked on, and a few more. A worker that dies gives its case
        to another one; a case that kills every worker is failed with that reason.

        Raises:
            SparrowError: When no worker can be opened.
        """
        ...
