"""Cases on a Ray cluster: an existing one by its address, or one that is started here and stopped again.

Workers are actors, each with its own arms and judges. Where the cluster has GPUs, judges live in actors of
their own that hold one each, and the other actors only play. The ledger stays with the caller, so that a
worker or a node that dies loses nothing: its case is given to another one.

On a cluster of several machines the package must be importable on each: the same version installed there,
or a `runtime_env` with it in the job that the driver runs in (`ray job submit --runtime-env-json ...`).
Files that an arm reads by path (weights, a corpus, responses) must lie on each machine under that path.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.case import Case, Finished
from sparrow_lite.harness.executors.base import TICK_SECONDS, Stream
from sparrow_lite.harness.executors.line import Line
from sparrow_lite.harness.executors.ray_actors import Actors
from sparrow_lite.harness.work import WorkerSpec

# Finished plays that wait for a judge, for each judge, before no further case is played.
_BACKLOG = 8
_PATIENCE_SECONDS = 10.0
# Judges that gain nothing from a GPU.
_LIGHT = frozenset({"none", "lexical"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RayOptions:
    """What actors hold.

    Attributes:
        worker_cpus: Cores that a worker holds, less than 1 for models that wait for a server; None shares
            the cluster's cores out among the workers, at most 1 each.
        worker_gpus: GPUs that a worker holds, for models that run in it.
        judge_gpus: Actors that only judge, with a GPU each; None takes one where the cluster has any and a
            judge is a model, 0 has the workers judge.
    """

    worker_cpus: float | None = None
    worker_gpus: float = 0.0
    judge_gpus: int | None = None


def read_options(query: str) -> RayOptions:
    """Return the options of a form such as `judge_gpus=1&worker_cpus=0.1`; empty for the usual ones.

    Raises:
        ConfigError: For an unknown name, or what is no number.
    """
    kinds = {"worker_cpus": float, "worker_gpus": float, "judge_gpus": int}
    try:
        given = [part.split("=") for part in query.split("&") if part]
        return RayOptions(**{name: kinds[name](value) for name, value in given})
    except (KeyError, ValueError) as error:
        known = ", ".join(f"{name}=NUMBER" for name in kinds)
        raise ConfigError(
            f"Ray's options {query!r} cannot be read: known are {known}, joined by &."
        ) from error


class RayExecutor:
    """Has cases worked on by actors of a Ray cluster."""

    def __init__(
        self, workers: int, *, address: str | None = None, options: RayOptions | None = None
    ) -> None:
        """Prepare; nothing is started before the first case.

        Args:
            workers: Actors that play.
            address: Of an existing cluster, such as `10.0.0.1:6379`, or `auto`; None starts one here.
            options: What actors hold.

        Raises:
            ConfigError: When Ray is not installed.
        """
        try:
            import ray  # noqa: F401
        except ImportError as error:
            raise ConfigError("Ray is not installed: pip install 'sparrow-lite[ray]'.") from error
        self._workers = workers
        self._address = address
        self._options = options or RayOptions()

    def run(self, cases: Iterable[Case], spec: WorkerSpec) -> Stream:
        """Yield what came of each case, in the order in which they end; see `Executor`."""
        with _connected(self._address):
            cluster = _Cluster(cases, spec, self._workers, self._options)
            try:
                while cluster.staff():
                    yield None
                    yield from cluster.wait(TICK_SECONDS)
            except KeyboardInterrupt:
                yield from cluster.wait(0)
                raise
            finally:
                cluster.dismiss()


class _Cluster:
    """The actors that play, and those that judge where there are any."""

    def __init__(self, cases: Iterable[Case], spec: WorkerSpec, workers: int, options: RayOptions) -> None:
        judges = _judge_gpus(spec, options)
        cpus = options.worker_cpus if options.worker_cpus is not None else _share(workers)
        holds = {"num_cpus": cpus, "num_gpus": options.worker_gpus}
        self._judging: Actors[Finished] | None = None
        if judges:
            only_judges = replace(spec, arms=())
            self._judging = Actors(Line[Finished](), only_judges, judges, {"num_cpus": 0.0, "num_gpus": 1.0})
            spec = replace(spec, judges=())
        self._playing = Actors(Line(cases), spec, workers, holds)
        self._backlog = _BACKLOG * judges

    def staff(self) -> bool:
        """Give every idle actor something to do; return whether anything is left to do."""
        if self._judging is None:
            self._playing.staff()
            return self._playing.busy
        self._judging.staff()
        if self._judging.line.count(self._backlog) < self._backlog:
            self._playing.staff()
        return self._playing.busy or self._judging.busy

    def wait(self, seconds: float) -> Iterator[Finished]:
        """Yield what came of the cases that end next, in this time at most."""
        import ray

        playing, judging = self._playing.calls, self._judging.calls if self._judging else []
        calls = [*playing, *judging]
        if not calls or not ray.wait(calls, num_returns=1, timeout=seconds)[0]:
            return
        for call in ray.wait(calls, num_returns=len(calls), timeout=0)[0]:
            finished = self._hear(call, played=call in playing)
            if finished is not None:
                yield finished

    def _hear(self, call: Any, *, played: bool) -> Finished | None:
        if self._judging is None:
            return self._playing.hear(call)
        if not played:
            return self._judging.hear(call)
        finished = self._playing.hear(call)
        if finished is None or finished.conversation is None:
            return finished
        self._judging.line.add(finished)
        return None

    def dismiss(self) -> None:
        """End all actors."""
        self._playing.dismiss()
        if self._judging is not None:
            self._judging.dismiss()


def _judge_gpus(spec: WorkerSpec, options: RayOptions) -> int:
    import ray

    there = int(ray.cluster_resources().get("GPU", 0))  # type: ignore[no-untyped-call]
    wanted = options.judge_gpus if spec.judges else 0
    if wanted is None:
        wanted = 0 if _LIGHT.issuperset(spec.judges) else min(1, there)
    if wanted > there:
        raise ConfigError(f"The Ray cluster has {there} GPUs, and judge_gpus asks for {wanted}.")
    return wanted


def _share(workers: int) -> float:
    """Return how many cores, 1 at most, each worker can hold so that all find room on the nodes."""
    import ray

    nodes = [one for one in ray.nodes() if one["Alive"]]  # type: ignore[no-untyped-call]
    cores = [float(one["Resources"].get("CPU", 0.0)) for one in nodes]
    share = min(1.0, sum(cores) / workers)
    while share > 0.01 and sum(int(each / share) for each in cores) < workers:
        share *= 0.9
    return int(share * 1000) / 1000


@contextmanager
def _connected(address: str | None) -> Iterator[None]:
    """Be connected to Ray; a connection that was there before stays."""
    import ray

    if ray.is_initialized():
        yield
        return
    _require_there(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray sets a handler of its own, which would stay.
    on_terminate = signal.getsignal(signal.SIGTERM)
    options: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if address is None:
        options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    try:
        ray.init(address or "local", **options)
    except (ConnectionError, RuntimeError, ValueError, TimeoutError) as error:
        raise ConfigError(f"The Ray cluster at {address or 'this machine'} is not there: {error}.") from error
    try:
        yield
    finally:
        ray.shutdown()
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, on_terminate)


def _require_there(address: str | None) -> None:
    """Refuse an address where nobody listens, on which Ray itself would spend minutes."""
    host, _, port = (address or "").rpartition(":")
    if not host or "/" in host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE_SECONDS).close()
    except OSError as error:
        raise ConfigError(f"The Ray cluster at {address} is not there: {error}.") from error
