"""Cases in threads of this process: the default, and the quickest for models that answer over a network."""

import queue
import threading
from collections.abc import Iterable, Iterator

from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.work import Worker, WorkerSpec

Found = Finished | BaseException | None


class ThreadExecutor:
    """Has cases worked on by threads that share one worker, so that a model is loaded once."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Iterator[Finished]:
        """Yield what came of each case, in the order in which they end; see `Executor`."""
        worker = Worker.open(spec)
        wanted, lock = iter(cases), threading.Lock()
        found: queue.Queue[Found] = queue.Queue(maxsize=4 * self._workers)
        stopped = threading.Event()

        def take() -> Case | None:
            with lock:
                return None if stopped.is_set() else next(wanted, None)

        def work() -> None:
            try:
                while (case := take()) is not None:
                    found.put(worker.work(case))
                found.put(None)
            except BaseException as error:  # noqa: BLE001  # a bug in a thread is raised in the driver
                found.put(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(self._workers)]
        for thread in threads:
            thread.start()
        try:
            yield from _until_all_ended(found, len(threads))
        finally:
            stopped.set()


def _until_all_ended(found: "queue.Queue[Found]", threads: int) -> Iterator[Finished]:
    while threads:
        one = found.get()
        if isinstance(one, BaseException):
            raise one
        if one is None:
            threads -= 1
        else:
            yield one
