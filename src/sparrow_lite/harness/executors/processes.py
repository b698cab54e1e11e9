"""Cases in processes of this machine: for arms and judges that compute, each with its own models.

A process is given one case at a time over a pipe of its own, so that when it dies (killed for its memory,
crashed in native code) it is known which case it had; another process takes its place, and gets the case.
"""

import os
import signal
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from sparrow_lite.errors import SparrowError
from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.executors.base import TICK_SECONDS, Stream
from sparrow_lite.harness.executors.line import Line, Openings
from sparrow_lite.harness.work import WorkerSpec

_PATIENCE_SECONDS = 5.0


class ProcessExecutor:
    """Has cases worked on by processes, each of which opens every arm and judge once."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Stream:
        """Yield what came of each case, in the order in which they end; see `Executor`."""
        crew = _Crew(cases, spec, self._workers)
        try:
            while crew.staff():
                yield None
                yield from crew.wait(TICK_SECONDS)
        except KeyboardInterrupt:
            yield from crew.wait(0)
            raise
        finally:
            crew.dismiss()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A worker is open."""


@dataclass(frozen=True, slots=True)
class _Bug:
    """A worker raised what is no failure of ours; its traceback, for not every exception can be sent."""

    traceback: str


_Said = Finished | SparrowError | _Ready | _Bug


@dataclass(slots=True, eq=False)
class _Seat:
    """One process; `case` is what it works on."""

    process: SpawnProcess
    pipe: Connection
    ready: bool = False
    case: Case | None = None


class _Crew:
    """The processes, and the line of cases before them."""

    def __init__(self, cases: Iterable[Case], spec: WorkerSpec, size: int) -> None:
        self._line = Line(cases)
        self._spec = spec
        self._size = size
        self._openings = Openings()
        self._seats: list[_Seat] = []

    def staff(self) -> bool:
        """Give every idle process a case, open processes for those that wait; return whether work is left."""
        for seat in [one for one in self._seats if one.ready and one.case is None]:
            seat.case = self._line.take()
            if seat.case is not None:
                _send(seat)
        opening = sum(not seat.ready for seat in self._seats)
        wanted = min(self._size - len(self._seats), self._line.count(self._size) - opening)
        if not self._openings.hopeless or not self._seats:
            self._seats += [_open_seat(self._spec, self._size) for _ in range(wanted)]
        return self._line.count(1) > 0 or any(seat.case for seat in self._seats)

    def wait(self, seconds: float) -> Iterator[Finished]:
        """Yield what came of the cases that end next, in this time at most."""
        seats = {seat.pipe: seat for seat in self._seats}
        for pipe in connection.wait(list(seats), timeout=seconds):
            finished = self._hear(seats[pipe])  # type: ignore[index]  # what is waited for are pipes
            if finished is not None:
                yield finished

    def _hear(self, seat: _Seat) -> Finished | None:
        try:
            said: _Said = seat.pipe.recv()
        except (EOFError, OSError):
            return self._bury(seat)
        if isinstance(said, SparrowError):
            raise said
        if isinstance(said, _Bug):
            raise RuntimeError(f"A worker failed:\n{said.traceback}")
        if isinstance(said, _Ready):
            seat.ready = True
            self._openings.succeed()
            return None
        seat.case = None
        return said

    def _bury(self, seat: _Seat) -> Finished | None:
        """Take a dead process out, and return its case to the line."""
        self._seats.remove(seat)
        _end(seat)
        reason = f"a worker process ended with exit code {seat.process.exitcode}"
        if not seat.ready:
            self._openings.fail(reason, others=len(self._seats))
        return self._line.lose(seat.case, reason) if seat.case is not None else None

    def dismiss(self) -> None:
        """End all processes, whatever they do."""
        for seat in self._seats:
            seat.process.terminate()
        for seat in self._seats:
            _end(seat)


def _open_seat(spec: WorkerSpec, size: int) -> _Seat:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    threads = max(1, (os.cpu_count() or 1) // size)
    process = context.Process(target=_serve, args=(theirs, spec, threads), daemon=True)
    process.start()
    # Only the process holds its end now, so that ours is closed when it dies, and its when we do.
    theirs.close()
    return _Seat(process=process, pipe=ours)


def _send(seat: _Seat) -> None:
    try:
        seat.pipe.send(seat.case)
    except OSError:
        return  # It has died, which its pipe tells when it is read.


def _end(seat: _Seat) -> None:
    seat.pipe.close()
    seat.process.join(_PATIENCE_SECONDS)
    if seat.process.is_alive():
        seat.process.kill()
        seat.process.join()


def _serve(pipe: Connection, spec: WorkerSpec, threads: int) -> None:
    """Work on the cases that come through the pipe, until it is closed."""
    # Ctrl-C reaches the whole group; it is the driver that ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    try:
        worker = spec.open()
        _tell(pipe, _Ready())
        while (case := _next_case(pipe)) is not None:
            _tell(pipe, worker.work(case))
    except SparrowError as error:
        _tell(pipe, error)
    except BaseException:  # noqa: BLE001  # told to the driver, which raises
        _tell(pipe, _Bug(traceback.format_exc()))


def _next_case(pipe: Connection) -> Case | None:
    """Return the next case; None when the driver has closed its end, or died."""
    try:
        case: Case = pipe.recv()
    except (EOFError, ConnectionError):
        return None
    return case


def _tell(pipe: Connection, said: _Said) -> None:
    try:
        pipe.send(said)
    except ConnectionError:
        return  # The driver has died, which ends the worker when it asks for the next case.
