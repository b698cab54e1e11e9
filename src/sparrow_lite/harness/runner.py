"""A run: every case of suites x arms x samples once, in the ledger, however often it is interrupted."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.case import Finished
from sparrow_lite.harness.executors.base import Executor, Stream
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.manifest import write_manifest
from sparrow_lite.harness.plan import Plan
from sparrow_lite.harness.work import WorkerSpec

_COMMIT_CASES, _COMMIT_SECONDS = 256, 0.2

OnProgress = Callable[[Finished], None]


def run(plan: Plan, ledger: Ledger, executor: Executor, spec: WorkerSpec, *, on_finished: OnProgress) -> None:
    """Work on every case that the ledger lacks, and write what came of each.

    Interrupted at any moment and called again, it goes on where it was. `on_finished` is called with each
    case once it is written.

    Raises:
        ConfigError: When the plan cannot be run, or the folder holds a run of other suites, arms, judges or
            code.
        StoreError: When the disk does not take the results, or another process writes this run.
        SparrowError: When no worker can be opened.
    """
    plan.require_sound()
    with ledger.writing():
        done = ledger.done()
        places = {case.key: case.ordinal for case in plan.cases() if case.key in done} if done else {}
        write_manifest(plan, spec, ledger, cases=plan.size + len(done) - len(places))
        ledger.renumber({key: place for key, place in places.items() if done[key] != place})
        missing = (case for case in plan.cases() if case.key not in done)
        with closing(executor.run(missing, spec)) as stream:
            _record(stream, ledger, on_finished)


def _record(stream: Stream, ledger: Ledger, on_finished: OnProgress) -> None:
    """Write what comes, some at a time, and at the end, whatever ends it."""
    waiting: list[Finished] = []
    written_at = time.monotonic()

    def write() -> None:
        nonlocal waiting, written_at
        ledger.write(waiting)
        written, waiting, written_at = waiting, [], time.monotonic()
        for finished in written:
            on_finished(finished)

    try:
        for finished in stream:
            if finished is not None:
                waiting.append(finished)
            late = time.monotonic() - written_at >= _COMMIT_SECONDS
            if len(waiting) >= _COMMIT_CASES or (waiting and late):
                write()
    except StoreError:
        raise  # What the disk does not take now it does not take a moment later.
    except BaseException as error:
        waiting += _ended(stream, error)
        write()
        raise
    write()


def _ended(stream: Stream, error: BaseException) -> Iterator[Finished]:
    """Yield what had ended in a stream that is interrupted: it may not know yet, when its caller was."""
    if not isinstance(error, KeyboardInterrupt):
        return
    try:
        found = stream.throw(error)
        while True:
            if found is not None:
                yield found
            found = next(stream)
    except (KeyboardInterrupt, StopIteration):
        return
