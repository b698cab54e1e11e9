"""Cases in threads of this process: the default, and the quickest for models that answer over a network."""

import threading
from collections.abc import Iterable, Iterator
from queue import Empty, SimpleQueue

from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.executors.base import TICK_SECONDS, Stream
from sparrow_lite.harness.work import Worker, WorkerSpec

# Cases a thread may be ahead of the caller, who writes.
_AHEAD = 4


class ThreadExecutor:
    """Has cases worked on by threads that share one worker, so that a model is loaded once."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Stream:
        """Yield what came of each case, in the order in which they end; see `Executor`."""
        crew = _Crew(cases, spec.open(), self._workers)
        try:
            while crew.at_work:
                yield crew.wait(TICK_SECONDS)
        except KeyboardInterrupt:
            crew.stop()
            yield from crew.ended()
            raise
        finally:
            crew.stop()


class _Crew:
    """Threads that take from one line of cases and put what comes into one queue."""

    def __init__(self, cases: Iterable[Case], worker: Worker, size: int) -> None:
        self._cases = iter(cases)
        self._worker = worker
        self._taking = threading.Lock()
        self._room = threading.Semaphore(_AHEAD * size)
        self._found: SimpleQueue[Finished | BaseException | None] = SimpleQueue()
        self._stopped = False
        self.at_work = size
        for _ in range(size):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        try:
            while (case := self._take()) is not None:
                self._found.put(self._worker.work(case))
            self._found.put(None)
        except BaseException as error:  # noqa: BLE001  # a bug in a thread is raised in the driver
            self._found.put(error)

    def _take(self) -> Case | None:
        self._room.acquire()
        with self._taking:
            return None if self._stopped else next(self._cases, None)

    def wait(self, seconds: float) -> Finished | None:
        """Return what came of the next case to end; None when none did in this time, or a thread ended."""
        try:
            found = self._found.get(timeout=seconds)
        except Empty:
            return None
        if isinstance(found, BaseException):
            raise found
        self._room.release()
        if found is None:
            self.at_work -= 1
        return found

    def ended(self) -> Iterator[Finished]:
        """Yield what came of the cases that have ended by now."""
        while not self._found.empty():
            if isinstance(found := self._found.get(), Finished):
                yield found

    def stop(self) -> None:
        """Have no further case begun; threads end when their case does."""
        self._stopped = True
        self._room.release(self.at_work or 1)
