"""The commands `eval`, `report` and `compare`: flags, exit statuses, and what is printed.

Exit status 4 says that a gate failed: a figure was not shown to be good enough.
"""

from pathlib import Path
from typing import Any

import click

from sparrow_lite.evaluating.group import DefaultGroup
from sparrow_lite.flags import part_flags

_FAILED, _GATE_FAILED = 1, 4
_RUN = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_gates = click.option(
    "--fail-over",
    "gates",
    multiple=True,
    metavar="GATE",
    help='Exit with 4 unless this is shown, as "violations<0.08"; may be repeated.',
)
_judge = click.option("--judge", "judge_name", metavar="NAME", help="Whose grades; the run's first judges.")


@click.group("eval", cls=DefaultGroup)
def evaluate() -> None:
    """Run suites against arms: `sparrow-lite eval SUITE... --arm NAME... [--out DIR]`."""


@evaluate.command("run")
@click.argument("suites", nargs=-1, required=True, metavar="SUITE...")
@click.option(
    "--arm",
    "arms",
    multiple=True,
    metavar="NAME",
    help="prompted, evidence, choice, rerank, full, "
    "a TOML file, url:ADDRESS, file:RESPONSES.jsonl, refuses, complies, random_evidence, first_sentence.",
)
@part_flags
@click.option("--samples", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option("--workers", type=click.IntRange(1, 4096), default=4, show_default=True)
@click.option(
    "--executor", default="threads", show_default=True, help="threads, processes, ray, ray:ADDRESS."
)
@click.option(
    "--judge", "judges", multiple=True, metavar="NAME", help="trained, lexical, prompted:MODEL, none."
)
@click.option("--limit", type=click.IntRange(1), help="Most probes of each suite.")
@click.option("--only-rule", "only_rules", multiple=True, metavar="ID", help="Only this rule's probes.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of the first sample.")
@click.option("--retries", type=click.IntRange(0, 100), default=3, show_default=True)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), help="Most requests a second to an API.")
@click.option(
    "--in-flight", type=click.IntRange(1), default=64, show_default=True, help="At once, to an API."
)
@click.option("--drop-trained", is_flag=True, help="Leave out probes that the judges were trained on.")
@click.option("--allow-trained", is_flag=True, help="Ask them all the same.")
@click.option("--retry-failed", is_flag=True, help="Try the run's failed cases again.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the run; a new one in runs_dir by default.",
)
@_gates
def run_command(suites: tuple[str, ...], **flags: Any) -> None:
    """Ask every probe of each SUITE of every arm, judge the replies, keep all of it in a folder.

    Interrupted, even by a crash, the same command with the same --out goes on where it was.
    """
    from sparrow_lite.config import read_settings
    from sparrow_lite.evaluating.running import run_suites
    from sparrow_lite.evaluating.showing import print_summary
    from sparrow_lite.flags import setting_values

    ended = run_suites(suites, read_settings(**setting_values(flags)), flags)
    print_summary(ended.folder, ended)
    _exit_by_gates(ended.folder, None, flags["gates"])


@evaluate.command("judge")
@click.argument("folder", type=_RUN)
@click.option(
    "--judge", "judges", multiple=True, required=True, metavar="NAME", help="trained, prompted:MODEL, ..."
)
@click.option("--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own prompts.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True)
@click.option("--again", is_flag=True, help="Also what these judges have judged before.")
def judge_command(
    folder: Path, judges: tuple[str, ...], prompts_dir: Path | None, *, workers: int, again: bool
) -> None:
    """Judge a finished run again by other judges; no reply is asked for anew."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.evaluating.judging import judge_run
    from sparrow_lite.flags import given

    options = read_settings(**given(prompts_dir=prompts_dir)).options()
    if "none" in judges:
        raise click.UsageError("The judge 'none' says nothing: name one that judges.")
    for name in judges:
        count = judge_run(folder, name, options, workers=workers, again=again)
        click.echo(f"{count} cases judged by {name}: sparrow-lite report {folder} --judge {name}")


@evaluate.command("check")
@click.argument("suites", nargs=-1, required=True, metavar="SUITE...")
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Folder or file of training data; the shipped judges' own by default.",
)
def check_command(suites: tuple[str, ...], against: tuple[Path, ...]) -> None:
    """Find probes of each SUITE that also stand in training data; exit 1 when there are any."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.evaluating.checking import check_suites

    found = list(check_suites(suites, against, weights=read_settings().weights_dir))
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} found in training data.", err=True)
    if found:
        click.get_current_context().exit(_FAILED)


@evaluate.command("mutate")
@click.argument("suite")
@click.option("--with", "mutators", multiple=True, required=True, metavar="NAME", help="base64, persona, ...")
@click.option("--keep", is_flag=True, help="Keep the probes as they were, too.")
@click.option("--out", type=_FILE, required=True, help="JSON-lines file of the new suite.")
def mutate_command(suite: str, mutators: tuple[str, ...], keep: bool, out: Path) -> None:
    """Write each probe of SUITE once for each way of disguising it: base64, personas, translation:FILE."""
    from sparrow_lite.evaluating.making import mutate_suite

    click.echo(f"{mutate_suite(suite, mutators, keep=keep, out=out)} probes in {out}")


@evaluate.command("attack")
@click.option(
    "--attacker", required=True, metavar="MODEL", help="The model that tries: openai:NAME, hf:PATH, ..."
)
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", help="Rules to attack; all probed ones by default."
)
@click.option(
    "--arm", "arm_name", default="full", show_default=True, metavar="NAME", help="What is attacked."
)
@click.option(
    "--turns", type=click.IntRange(1, 50), default=5, show_default=True, help="Most turns of a dialogue."
)
@click.option("--dialogues", type=click.IntRange(1, 1000), default=1, show_default=True, help="A rule.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.option("--workers", type=click.IntRange(1, 256), default=4, show_default=True)
@part_flags
@click.option("--out", type=_FILE, required=True, help="JSON-lines file of the new suite.")
def attack_command(out: Path, **flags: Any) -> None:
    """Have a model try to break each rule in dialogue; keep what it said as a suite to replay."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.evaluating.making import attack
    from sparrow_lite.flags import setting_values

    click.echo(attack(read_settings(**setting_values(flags)), flags, out=out))


@evaluate.command("export")
@click.argument("folder", type=_RUN)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "parquet", "inspect"]), default="jsonl", show_default=True
)
@_judge
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File; for inspect, a folder of logs."
)
def export_command(folder: Path, form: str, judge_name: str | None, out: Path) -> None:
    """Write a run's cases as JSON lines, as Parquet, or as logs that `inspect view` opens."""
    from sparrow_lite.evaluating.exporting import export_run

    click.echo(export_run(folder, form, judge=judge_name, out=out))


@click.command()
@click.argument("folder", type=_RUN)
@click.option(
    "--format", "form", type=click.Choice(["html", "md", "json", "csv"]), default="html", show_default=True
)
@_judge
@click.option("--out", type=_FILE, help="File to write; for html report.html in the run's folder by default.")
@_gates
def report(folder: Path, form: str, judge_name: str | None, out: Path | None, gates: tuple[str, ...]) -> None:
    """Show a run: rates with intervals, differences, and every conversation."""
    from sparrow_lite.evaluating.showing import write_report

    told = write_report(folder, form, judge=judge_name, out=out)
    click.echo(told)
    _exit_by_gates(folder, judge_name, gates)


@click.command()
@click.argument("folder", type=_RUN)
@click.argument("other", type=_RUN)
@_judge
@click.option(
    "--arm",
    "arms",
    multiple=True,
    metavar="NAME",
    help="Arms to compare, NAME in both runs or ONE=OTHER; those of one name by default.",
)
@click.option(
    "--fail-over",
    "gates",
    multiple=True,
    metavar="GATE",
    help='Exit with 4 unless this is shown of OTHER minus FOLDER, as "violations<0.02"; may be repeated.',
)
def compare(
    folder: Path, other: Path, *, judge_name: str | None, arms: tuple[str, ...], gates: tuple[str, ...]
) -> None:
    """Compare two runs on the probes that both asked, pair by pair."""
    from sparrow_lite.evaluating.showing import check_comparison, compare_runs, show_differences

    found = compare_runs(folder, other, judge=judge_name, arms=arms)
    click.echo(show_differences(found))
    if gates and not check_comparison(found, gates):
        click.get_current_context().exit(_GATE_FAILED)


def _exit_by_gates(folder: Path, judge: str | None, gates: tuple[str, ...]) -> None:
    """Say what each gate found, and exit with 4 when one failed."""
    from sparrow_lite.evaluating.showing import check_run

    if gates and not check_run(folder, gates, judge=judge):
        click.get_current_context().exit(_GATE_FAILED)
