"""What `sparrow-lite eval SUITE...` does: flags become a plan, the plan is run, and its end is told."""

import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sparrow_lite.config import Settings
from sparrow_lite.errors import ConfigError, SparrowError
from sparrow_lite.evaluating.progress import show_progress
from sparrow_lite.harness.arms import read_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.contamination import require_clean, split_trained
from sparrow_lite.harness.executors import open_executor
from sparrow_lite.harness.executors.base import Executor
from sparrow_lite.harness.gate import Gate, parse_gate
from sparrow_lite.harness.ledger import LEDGER, Ledger
from sparrow_lite.harness.plan import Plan
from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.results import Run
from sparrow_lite.harness.runner import run
from sparrow_lite.harness.shelf import name_run, tell_run
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.harness.work import WorkerSpec

_SHOWN_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: cases done and failed in its folder, and how many this call did.

    `reasons` are some for which cases failed, the most frequent first.
    """

    folder: Path
    done: int
    failed: int
    reasons: tuple[str, ...]
    worked: int
    seconds: float


def run_suites(suites: Sequence[str], settings: Settings, flags: Mapping[str, Any]) -> Ended:
    """Run suites by name with the arms that the flags name; see `evaluating/commands.py` for the flags.

    Raises:
        SparrowError: For names that nobody knows, or when nothing can be run.
    """
    gates = [parse_gate(gate) for gate in flags["gates"]]
    options = settings.options()
    base = ArmSpec(
        name="",
        model=settings.model_name,
        search=settings.search_name,
        options=options,
        rate=flags["rate"],
        in_flight=flags["in_flight"],
    )
    arms = tuple(read_arm(name, base) for name in flags["arms"] or ("full",))
    judges = tuple(flags["judges"]) or ("trained",)
    plan = Plan(
        suites=tuple(_usable(open_suite(name), options.weights_dir, flags) for name in suites),
        arms=arms,
        judges=judges,
        samples=flags["samples"],
        limit=flags["limit"],
        only_rules=tuple(flags["only_rules"]),
    )
    plan.require_sound()
    _require_arms(gates, arms, flags["out"])
    workers = flags["workers"]
    alone = flags["executor"] == "threads"
    opened = arms if alone else tuple(arm.shared_among(workers) for arm in arms)
    spec = WorkerSpec(arms=opened, judges=judges, judge_options=options, retries=flags["retries"])
    executor = open_executor(flags["executor"], workers=workers)
    out = flags["out"] or _new_folder(settings.runs_dir, suites)
    return _run(plan, spec, executor, {**flags, "out": out})


def _new_folder(runs_dir: Path, suites: Sequence[str]) -> Path:
    """Choose where the run shall lie, and tell that on stderr before anything is done there."""
    new = name_run(runs_dir, suites, datetime.now().astimezone())
    told = shlex.quote(str(new))
    click.echo(f"This run lies in {told}: the same command with --out {told} goes on with it.", err=True)
    return new


def _usable(suite: Suite, weights: Path | None, flags: Mapping[str, Any]) -> Suite:
    """The suite, refused or thinned when the judges were trained on some of it."""
    if flags["drop_trained"]:
        return split_trained(suite, own_weights=weights).clean
    if not flags["allow_trained"]:
        require_clean(suite, own_weights=weights)
    return suite


def _require_arms(gates: Sequence[Gate], arms: Sequence[ArmSpec], folder: Path | None) -> None:
    """Refuse, before anything is run, a gate on an arm that neither this call nor the run so far has."""
    held = tell_run(folder).arms if folder is not None and (folder / LEDGER).is_file() else ()
    names = dict.fromkeys([*held, *(arm.name for arm in arms)])
    for gate in gates:
        if gate.arm is not None and gate.arm not in names:
            raise ConfigError(f"{gate}: the run has no arm {gate.arm!r}; it has {', '.join(names)}.")


def _run(plan: Plan, spec: WorkerSpec, executor: Executor, flags: Mapping[str, Any]) -> Ended:
    out: Path = flags["out"]
    new = not out.exists()
    with ExitStack() as stack:
        ledger = Ledger(out)
        stack.callback(ledger.close)
        stack.enter_context(ledger.writing())
        stack.enter_context(_no_empty_folder(ledger, new=new))
        if flags["retry_failed"]:
            ledger.forget_failed({case.key for case in plan.cases()})
        done = ledger.done()
        earlier = {case.key for case in plan.cases() if case.key in done} if done else set[str]()
        progress = stack.enter_context(show_progress(total=plan.size, done=len(earlier)))
        if earlier and progress.is_seen:
            results = Run(ledger, ledger.manifest() or {}).results()
            progress.count_earlier(one for one in results if one.key in earlier)
        run(plan, ledger, executor, spec, on_finished=progress.count)
        finished, failed = ledger.count()
        reasons = ledger.reasons(_SHOWN_REASONS)
    return Ended(
        folder=out,
        done=finished,
        failed=failed,
        reasons=reasons,
        worked=progress.counted,
        seconds=progress.seconds,
    )


@contextmanager
def _no_empty_folder(ledger: Ledger, *, new: bool) -> Iterator[None]:
    """Have a new run that could not begin, for an arm or a judge that cannot be opened, leave no folder."""
    try:
        yield
    except SparrowError:
        if new and not ledger.done():
            ledger.close()
            shutil.rmtree(ledger.folder, ignore_errors=True)
        raise
