"""The eval harness against Inspect, on the same questions and with the same model.

The model answers at once or after 100 ms, 64 cases at once; the accepted answer is looked for in the reply,
and all that was said and decided goes to disk. Each contestant runs in a process of its own, Inspect without
a display and without its live log. Peak memory is of 100,000 cases, for which Inspect would take long.
"""

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import Comparison, Figure

_AT_ONCE, _WORKERS, _MANY = 2_000, 64, 100_000
_SLOW, _WAIT_SECONDS = 6_400, 0.1
_CHOSEN, _OTHER = "sparrow-lite", "Inspect"
_REPLY = "The answer is Paris, as far as I know."
_ANSWER = "Paris"
_MIB = 1024

Contest = Callable[[int, float], None]


def measure(scale: float) -> Comparison:
    """Return cases a second of both, and the memory that many cases take."""
    at_once, slow, many = (max(200, int(count * scale)) for count in (_AT_ONCE, _SLOW, _MANY))
    contests: dict[str, Contest] = {_CHOSEN: _ours, _OTHER: _inspect}
    quick = {name: at_once / _alone(contest, at_once, 0.0)[0] for name, contest in contests.items()}
    ideal = slow * _WAIT_SECONDS / _WORKERS
    waiting = {
        name: 100 * ideal / _alone(contest, slow, _WAIT_SECONDS)[0] for name, contest in contests.items()
    }
    seconds, mebibytes = _alone(_ours, many, 0.0)
    return Comparison(
        title=f"Evals: {at_once:,} questions at once, {slow:,} at 100 ms, {many:,} for memory",
        chosen=_CHOSEN,
        figures=(
            Figure(name="cases a second", unit="1/s", values=quick, higher_is_better=True),
            Figure(name="% of the ideal rate at 100 ms", unit="%", values=waiting, higher_is_better=True),
            Figure(name=f"{many:,} cases", unit="s", values={_CHOSEN: seconds}),
            Figure(name=f"peak memory, {many:,} cases", unit="MiB", values={_CHOSEN: mebibytes}),
        ),
    )


def _alone(contest: Contest, count: int, wait: float) -> tuple[float, float]:
    """Return the seconds and the peak memory in MiB of a contest in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (contest, count, wait))


def _timed(contest: Contest, count: int, wait: float) -> tuple[float, float]:
    contest(64, 0.0)  # what is loaded once is not counted
    started = time.perf_counter()
    contest(count, wait)
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB


def _question(number: int) -> str:
    return f"What is the capital of the country with number {number}, and since when?"


def _ours(count: int, wait: float) -> None:
    from sparrow_lite.harness.arms.spec import ArmSpec
    from sparrow_lite.harness.executors.threads import ThreadExecutor
    from sparrow_lite.harness.ledger import Ledger
    from sparrow_lite.harness.plan import Plan
    from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
    from sparrow_lite.harness.runner import run
    from sparrow_lite.harness.work import WorkerSpec
    from sparrow_lite.options import Options
    from sparrow_lite.transcript import Role, Turn

    probes = tuple(
        Probe(
            id=f"q{number}",
            suite="capitals",
            kind=ProbeKind.QUESTION,
            turns=(Turn(role=Role.USER, text=_question(number)),),
            answers=(_ANSWER,),
        )
        for number in range(count)
    )
    suite = Suite(name="capitals", version="1", canary="", description="", probes=probes)
    # The name of an arm that there is, for the fingerprint; the worker opens another one.
    arms = (ArmSpec(name="instant", opener="complies"),)
    plan = Plan(suites=(suite,), arms=arms, judges=("none",))
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder))
        spec: WorkerSpec = _spec_class()(arms=arms, judges=("none",), judge_options=Options(), wait=wait)
        run(plan, ledger, ThreadExecutor(_WORKERS), spec, on_finished=lambda _one: None)
        done, failed = ledger.count()
        ledger.close()
    assert (done, failed) == (count, 0)


def _spec_class() -> type:
    """A worker whose arm waits and answers; made here, so that this file is read without the harness."""
    from sparrow_lite.harness.conversation import Shown, Usage
    from sparrow_lite.harness.judges import open_judges
    from sparrow_lite.harness.work import Worker, WorkerSpec

    class WaitingArm:
        name = "instant"
        concurrency = _WORKERS

        def __init__(self, wait: float) -> None:
            self._wait = wait

        def reply(self, _asked: object) -> tuple[Shown, Usage]:
            if self._wait:
                time.sleep(self._wait)
            return Shown(text=_REPLY), Usage(requests=1)

    @dataclass(frozen=True, kw_only=True)
    class WaitingSpec(WorkerSpec):
        wait: float

        def open(self) -> Worker:
            judges = tuple(open_judges(name, self.judge_options) for name in self.judges)
            return Worker({"instant": WaitingArm(self.wait)}, judges, retries=0)

    return WaitingSpec


def _inspect(count: int, wait: float) -> None:
    import asyncio

    import inspect_ai
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import GenerateConfig, ModelAPI, ModelOutput, get_model, modelapi
    from inspect_ai.scorer import includes
    from inspect_ai.solver import generate

    @modelapi("waiting")
    class WaitingModel(ModelAPI):
        async def generate(self, **_request: object) -> ModelOutput:
            if wait:
                await asyncio.sleep(wait)
            return ModelOutput.from_content(model=self.model_name, content=_REPLY)

    samples = [Sample(id=number, input=_question(number), target=_ANSWER) for number in range(1, count + 1)]
    task = inspect_ai.Task(dataset=MemoryDataset(samples), solver=generate(), scorer=includes())
    model = get_model("waiting/instant", config=GenerateConfig(max_connections=_WORKERS), memoize=False)
    with tempfile.TemporaryDirectory() as folder:
        [log] = inspect_ai.eval(
            task,
            model=model,
            display="none",
            log_dir=folder,
            log_realtime=False,
            max_samples=_WORKERS,
            max_connections=_WORKERS,
        )
    assert log.status == "success", log.error and log.error.message
    assert log.results is not None
    assert log.results.completed_samples == count
