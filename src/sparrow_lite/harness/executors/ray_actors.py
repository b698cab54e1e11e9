"""Ray actors of one kind, and the line of jobs before them. `cluster.py` says how many, and of which kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from sparrow_lite.errors import SparrowError
from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.executors.line import Job, Line, Openings
from sparrow_lite.harness.work import Worker, WorkerSpec


class WorkerActor:
    """What runs in an actor: one worker, opened once."""

    def __init__(self) -> None:
        self._worker: Worker | None = None

    def open(self, spec: WorkerSpec) -> SparrowError | None:
        """Open the worker; return why it cannot be opened, None when it could."""
        try:
            self._worker = spec.open()
        except SparrowError as error:
            return error
        return None

    def work(self, job: Case | Finished) -> Finished:
        """Play and judge a case, or judge a finished one."""
        if self._worker is None:
            raise RuntimeError("work came before open")
        return self._worker.work(job) if isinstance(job, Case) else self._worker.judge(job)


@dataclass(slots=True, eq=False)
class _Seat(Generic[Job]):
    """One actor; `call` is what it was last asked for, None when it is idle; `job` what it works on."""

    actor: Any
    call: Any
    ready: bool = False
    job: Job | None = None


class Actors(Generic[Job]):
    """Some actors and what they work on."""

    def __init__(self, line: Line[Job], spec: WorkerSpec, size: int, resources: dict[str, float]) -> None:
        """Prepare; `resources` are `num_cpus` and `num_gpus` of each of `size` actors."""
        import ray

        self.line: Line[Job] = line
        self._size = size
        self._spec = ray.put(spec)
        # Replicas of one another, so that a node's death takes few of them.
        make = ray.remote(WorkerActor).options(max_restarts=0, scheduling_strategy="SPREAD", **resources)
        self._make: Callable[[], Any] = make.remote
        self._openings = Openings()
        self._seats: list[_Seat[Job]] = []

    @property
    def calls(self) -> list[Any]:
        """What is awaited."""
        return [seat.call for seat in self._seats if seat.call is not None]

    @property
    def busy(self) -> bool:
        """Whether jobs wait or are worked on."""
        return any(seat.job is not None for seat in self._seats) or self.line.count(1) > 0

    def staff(self) -> None:
        """Give every idle actor a job, and open actors for the jobs that wait."""
        for seat in [one for one in self._seats if one.call is None]:
            seat.job = self.line.take()
            if seat.job is not None:
                seat.call = seat.actor.work.remote(seat.job)
        opening = sum(not seat.ready for seat in self._seats)
        wanted = min(self._size - len(self._seats), self.line.count(self._size) - opening)
        if not self._openings.hopeless or not self._seats:
            for _ in range(wanted):
                actor = self._make()
                self._seats.append(_Seat(actor=actor, call=actor.open.remote(self._spec)))

    def hear(self, call: Any) -> Finished | None:
        """Return what came of a call that has ended; None for an opening, or a job that is tried again."""
        import ray
        from ray.exceptions import RayError, RayTaskError

        seat = next(one for one in self._seats if one.call == call)
        try:
            said: Finished | SparrowError | None = ray.get(call)
        except RayTaskError:
            raise  # A bug in the worker, with its traceback.
        except RayError as error:
            return self._bury(seat, f"{type(error).__name__}: {str(error).strip().splitlines()[0]}")
        if isinstance(said, SparrowError):
            raise said
        seat.call, seat.job = None, None
        if said is None:
            seat.ready = True
            self._openings.succeed()
        return said

    def _bury(self, seat: _Seat[Job], reason: str) -> Finished | None:
        """Take an actor out that died, or whose node did, and return its job to the line."""
        self._seats.remove(seat)
        _kill(seat)
        if not seat.ready:
            self._openings.fail(reason, others=len(self._seats))
        return self.line.lose(seat.job, reason) if seat.job is not None else None

    def dismiss(self) -> None:
        """End all actors, whatever they do."""
        for seat in self._seats:
            _kill(seat)


def _kill(seat: _Seat[Job]) -> None:
    import ray

    ray.kill(seat.actor)
