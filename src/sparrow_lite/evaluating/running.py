"""What `sparrow-lite eval SUITE...` does: flags become a plan, the plan is run, and its end is told."""

import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sparrow_lite.config import Settings
from sparrow_lite.evaluating.progress import show_progress
from sparrow_lite.harness.arms import read_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.contamination import require_clean, split_trained
from sparrow_lite.harness.executors import open_executor
from sparrow_lite.harness.executors.base import Executor
from sparrow_lite.harness.gate import parse_gate
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.plan import Plan
from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.runner import run
from sparrow_lite.harness.shelf import name_run
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.harness.work import WorkerSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: cases done and failed in its folder, and how many this call did."""

    folder: Path
    done: int
    failed: int
    worked: int
    seconds: float


def run_suites(suites: Sequence[str], settings: Settings, flags: Mapping[str, Any]) -> Ended:
    """Run suites by name with the arms that the flags name; see `evaluating/commands.py` for the flags.

    Raises:
        SparrowError: For names that nobody knows, or when nothing can be run.
    """
    for gate in flags["gates"]:
        parse_gate(gate)
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


def _run(plan: Plan, spec: WorkerSpec, executor: Executor, flags: Mapping[str, Any]) -> Ended:
    out: Path = flags["out"]
    with ExitStack() as stack:
        ledger = Ledger(out)
        stack.callback(ledger.close)
        stack.enter_context(ledger.writing())
        if flags["retry_failed"]:
            ledger.forget_failed()
        done = ledger.done()
        before = sum(case.key in done for case in plan.cases()) if done else 0
        progress = stack.enter_context(show_progress(total=plan.size, done=before))
        run(plan, ledger, executor, spec, on_finished=progress.count)
        finished, failed = ledger.count()
    return Ended(folder=out, done=finished, failed=failed, worked=progress.counted, seconds=progress.seconds)
