"""An arm that does what its probe says, and what the tests of runs build from it. Importable in workers."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.harness.judges import open_judges
from sparrow_lite.harness.plan import Plan
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.work import Worker, WorkerSpec
from sparrow_lite.options import Options
from sparrow_lite.transcript import Role, Turn


class ObedientArm:
    """Does each command of the user's turn, one a line, and answers with all of them."""

    name = "obedient"
    concurrency = 1

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        said = asked.transcript.last_user_text
        for command in said.splitlines():
            _obey(*command.partition(" ")[::2])
        return Shown(text=f"{asked.probe.id}.{asked.sample}: {said.splitlines()[0]}"), Usage(requests=1)


def _obey(command: str, rest: str) -> None:
    if command == "sleep":
        time.sleep(float(rest))
    elif command == "log":
        with Path(rest).open("a") as file:
            file.write(f"{os.getpid()}\n")
    elif command == "die" or (command == "die-once" and _first_time(rest)):
        os.kill(os.getpid(), signal.SIGKILL)
    elif command == "bug":
        raise ZeroDivisionError(rest)
    else:
        _fail(command, rest)


def _fail(command: str, rest: str) -> None:
    if command == "fail":
        raise ModelError(f"the model fails: {rest}.", retryable=False)
    if command == "fail-unless" and not Path(rest).exists():
        raise ModelError("the model fails for now.", retryable=False)
    if command == "stumble" and _first_time(rest):
        raise ModelError("too many requests.", retryable=True, retry_after_seconds=0.01)


def _first_time(path: str) -> bool:
    try:
        Path(path).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ObedientSpec(WorkerSpec):
    """Opens the obedient arm under every name; `opening` is obeyed first."""

    opening: str = ""

    def open(self) -> Worker:
        if self.opening.startswith("refuse"):
            raise ConfigError(self.opening)
        _obey(*self.opening.partition(" ")[::2])
        judges = tuple(open_judges(name, self.judge_options) for name in self.judges)
        return Worker({arm.name: ObedientArm() for arm in self.arms}, judges, retries=self.retries)


def make_suite(commands: Iterable[str], *, name: str = "odd", rule: str | None = None) -> Suite:
    probes = tuple(
        Probe(
            id=f"p{number:03}",
            suite=name,
            kind=ProbeKind.QUESTION,
            turns=(Turn(role=Role.USER, text=text),),
            rule=rule,
            answers=("go on",),
        )
        for number, text in enumerate(commands)
    )
    return Suite(name=name, version="1", canary="", description="", probes=probes)


def make_plan(commands: Iterable[str], *, arms: tuple[str, ...] = ("obedient",), judge: str = "none") -> Plan:
    specs = tuple(ArmSpec(name=name, opener="refuses") for name in arms)
    return Plan(suites=(make_suite(commands),), arms=specs, judges=(judge,))


def spec_of(plan: Plan, *, opening: str = "", retries: int = 0) -> ObedientSpec:
    return ObedientSpec(
        arms=plan.arms,
        judges=plan.judges,
        judge_options=Options(),
        retries=retries,
        opening=opening,
    )
