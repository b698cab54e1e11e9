"""What `report`, `compare` and the end of `eval` do: a run's figures, written, printed, or held to gates."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from sparrow_lite.errors import StoreError
from sparrow_lite.evaluating.running import Ended
from sparrow_lite.harness.compare import compare
from sparrow_lite.harness.gate import GateOutcome, check_differences, check_gates
from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.metrics.values import ArmFigures, Difference, Figures
from sparrow_lite.harness.metrics.words import difference_text, rate_text
from sparrow_lite.harness.report import text
from sparrow_lite.harness.report.html import write_html
from sparrow_lite.harness.results import Run

_TEXTS = {"md": text.markdown, "json": text.json, "csv": text.csv}


def write_report(folder: Path, form: str, *, judge: str | None, out: Path | None) -> str:
    """Write the report of a run, or return it: without `out`, all forms but HTML are returned to be printed.

    Raises:
        ConfigError: When the judges have not judged the run.
        StoreError: When the run cannot be read or the file cannot be written.
    """
    run = Run.open(folder)
    found = figures(run, judge)
    if form == "html":
        path = out or folder / "report.html"
        write_html(run, found, path)
        return f"Report of {sum(arm.cases for arm in found.arms):,} cases: {path}"
    told = _TEXTS[form](found)
    if out is None:
        return told
    try:
        out.write_text(told, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror}.") from error
    return f"Report: {out}"


def print_summary(folder: Path, ended: Ended) -> None:
    """Print how a run ended, and the headline figures of each arm."""
    console = Console(highlight=False)
    console.print(
        f"{ended.done:,} cases done, {ended.failed:,} failed; {ended.worked:,} now in {ended.seconds:.1f} s."
    )
    if ended.failed:
        told = [f"- {reason}" for reason in ended.reasons]
        console.print("Failed, among others:", *told, sep="\n", soft_wrap=True, markup=False)
        console.print("Try them again with the same command and --retry-failed.")
    console.print(_headline(figures(Run.open(folder))))
    # Not broken over lines: a command is to be copied.
    command = f"sparrow-lite report {shlex.quote(str(folder))}"
    console.print(f"Everything, with every conversation: {command}", soft_wrap=True, markup=False)


def compare_runs(
    folder: Path, other: Path, *, judge: str | None, arms: Sequence[str]
) -> tuple[Difference, ...]:
    """Return the paired differences of two runs.

    Raises:
        ConfigError: When they share no judge, arm or probe.
        StoreError: When a run cannot be read.
    """
    first, second = Run.open(folder), Run.open(other)
    pairs = [_pair(name, first.arms) for name in arms]
    return compare(first, second, judge, arms=pairs)


def show_differences(found: Sequence[Difference]) -> str:
    """Return the differences, one a line."""
    lines = []
    for one in found:
        what = f"{one.measure.replace('_', ' ')}, {one.arm} - {one.other}, {one.pairs} probes"
        lines.append(f"- {what}: {difference_text(one)}")
    return "\n".join(lines)


def _pair(name: str, arms: Sequence[str]) -> tuple[str, str]:
    """`ONE=OTHER` names an arm of each run; a name alone is that of both."""
    one, sign, other = name.partition("=")
    return (one, other) if sign and name not in arms else (name, name)


def check_run(folder: Path, gates: Sequence[str], *, judge: str | None) -> bool:
    """Print what each gate found; return whether all hold.

    Raises:
        ConfigError: For an expression that is no gate.
    """
    return _print_gates(check_gates(figures(Run.open(folder), judge), gates))


def check_comparison(found: Sequence[Difference], gates: Sequence[str]) -> bool:
    """Print what each gate found of the differences; return whether all hold.

    Raises:
        ConfigError: For an expression that is no gate, or is about what is not compared.
    """
    return _print_gates(check_differences(found, gates))


def _print_gates(outcomes: Sequence[GateOutcome]) -> bool:
    for outcome in outcomes:
        Console(highlight=False).print(outcome.line, markup=False, soft_wrap=True)
    return all(outcome.passed for outcome in outcomes)


def _headline(found: Figures) -> Table:
    """One line for each measure and arm: a terminal is too narrow for an interval in each of five columns."""
    table = Table(title=f"{found.source.value}, by {found.judge}", box=box.SIMPLE, title_justify="left")
    for name in ("measure", "arm", "rate [95 % interval]"):
        table.add_column(name)
    measured = [(name, arm.name, rate) for arm in found.arms for name, rate in _measures(arm).items()]
    before = ""
    for name in dict.fromkeys(name for name, _, _ in measured):
        for arm, rate in [(arm, rate) for one, arm, rate in measured if one == name]:
            table.add_row("" if name == before else name, arm, rate)
            before = name
    return table


def _measures(arm: ArmFigures) -> dict[str, str]:
    """The figures that a gate would most likely be set on, by name, in words."""
    found = {}
    if arm.questions:
        found["supported and plausible"] = rate_text(arm.questions.supported_and_plausible)
    if arm.adversarial:
        found["violations"] = rate_text(arm.adversarial.target)
    if arm.ordinary:
        found["violations, ordinary"] = rate_text(arm.ordinary.any_rule)
    if arm.over_refusal:
        found["over-refusal"] = rate_text(arm.over_refusal)
    if arm.carve_outs_unanswered:
        found["carve-outs unanswered"] = rate_text(arm.carve_outs_unanswered)
    return found
