"""The command `sparrow-lite`: ask, chat, rules, index, judge, train, eval, report, compare, rate, app.

Owns flags and exit statuses: 0 for an answer, 3 when it abstained, 2 for bad input, 1 for a failure, each
failure as one line that says what to do. Everything heavy is imported by the command that needs it, so that
`--help` stays quick.
"""

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from sparrow_lite import __version__
from sparrow_lite.errors import ConfigError, PromptError, SparrowError
from sparrow_lite.evaluating.calibrating import calibrate
from sparrow_lite.evaluating.commands import compare, evaluate, report
from sparrow_lite.evaluating.group import DefaultGroup
from sparrow_lite.evaluating.rating import rate
from sparrow_lite.flags import agent_flags, given, setting_values
from sparrow_lite.training.command import train

if TYPE_CHECKING:
    from sparrow_lite.agent import Sparrow

_ABSTAINED, _BAD_INPUT, _FAILED = 3, 2, 1
_GOODBYES = frozenset({"", "exit", "quit", ":q"})


class _Commands(click.Group):
    """Turns the errors of this package into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SparrowError as error:
            click.echo(f"sparrow-lite: {error}", err=True)
            ctx.exit(_BAD_INPUT if isinstance(error, (ConfigError, PromptError)) else _FAILED)
        except KeyboardInterrupt:
            ctx.exit(130)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sparrow-lite")
def main() -> None:
    """Dialogue with quoted, checked evidence, judged by rules before it is shown."""
    # What a PDF reader mends is no news; a file that it cannot read is reported as skipped.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@main.command()
@click.argument("question", nargs=-1, required=True)
@agent_flags
@click.option("--id", "case_id", help="Name of the case, by which replay:FILE may find its search.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--explain", is_flag=True, help="Also show every candidate, page and verdict.")
def ask(question: tuple[str, ...], case_id: str | None, as_json: bool, explain: bool, **flags: Any) -> None:
    """Answer one QUESTION with numbered sources; "-" reads it from standard input."""
    from sparrow_lite.terminal import show_turn
    from sparrow_lite.transcript import Transcript

    text = (sys.stdin.read() if question == ("-",) else " ".join(question)).strip()
    if not text:
        raise ConfigError("The question is empty: write it after `ask`.")
    sparrow = _open(flags)
    transcript = Transcript().user(text)
    if as_json:
        reply = sparrow.reply(transcript, case_id=case_id)
        click.echo(json.dumps(reply.to_dict(), ensure_ascii=False))
    else:
        reply = show_turn(sparrow, transcript, case_id=case_id, explain=explain)
    click.get_current_context().exit(0 if reply.abstained is None else _ABSTAINED)


@main.command()
@agent_flags
@click.option("--explain", is_flag=True, help="Also show every candidate, page and verdict.")
def chat(explain: bool, **flags: Any) -> None:
    """Talk with Sparrow; an empty line, "exit", "quit" or Ctrl-D ends it."""
    from sparrow_lite.errors import ModelError
    from sparrow_lite.terminal import show_turn
    from sparrow_lite.transcript import Transcript

    sparrow = _open(flags)
    opened = f"Sparrow, on {sparrow.model_name} with search {sparrow.search_name}."
    click.echo(f'{opened} An empty line, "exit" or "quit" ends.')
    transcript = Transcript()
    while (text := _prompt()).lower() not in _GOODBYES:
        transcript = transcript.user(text)
        try:
            reply = show_turn(sparrow, transcript, case_id=None, explain=explain)
        except ModelError as error:
            click.echo(f"sparrow-lite: {error}", err=True)
            transcript = Transcript(turns=transcript.turns[:-1])
            continue
        transcript = transcript.sparrow(reply.text)


@main.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own rules.")
@click.option("--json", "as_json", is_flag=True, help="Print the rules as JSON.")
def rules(file: Path | None, prompts_dir: Path | None, as_json: bool) -> None:
    """List the rules and validate them; FILE is a rules.yaml of your own."""
    from dataclasses import asdict

    from sparrow_lite.config import read_settings
    from sparrow_lite.prompts import check_own_dir
    from sparrow_lite.rules.load import load_rules

    settings = read_settings(**given(prompts_dir=prompts_dir))
    check_own_dir(settings.prompts_dir)
    found = load_rules(file, own_dir=settings.prompts_dir)
    if as_json:
        click.echo(json.dumps([asdict(rule) for rule in found], ensure_ascii=False))
        return
    for rule in found:
        probed = "probed" if rule.adversarial else "rated"
        click.echo(
            f"{rule.number:>3}  {rule.id}  ({rule.family.replace('_', ' ')}, {probed})\n     {rule.text}"
        )
    click.echo(f"\n{len(found)} rules, all valid.")


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
def index(directory: Path) -> None:
    """Read your own files in DIRECTORY, so that --search corpus:DIRECTORY answers at once."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from sparrow_lite.config import read_settings
    from sparrow_lite.indexing import index_directory
    from sparrow_lite.terminal import open_console

    index_dir = read_settings().index_dir
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=open_console(err=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def show(done: int, total: int, path: Path) -> None:
            bar.update(task, completed=done, total=total, description=f"Reading {path.name[:40]}")

        report = index_directory(directory, index_dir=index_dir, progress=show)
    for skipped in report.skipped:
        click.echo(f"skipped {skipped.path}: {skipped.reason}", err=True)
    click.echo(
        f"{report.files} files, {report.passages} passages; {report.updated} read anew, {report.removed} "
        f"removed, {len(report.skipped)} skipped; {report.seconds:.1f} s. "
        f"Ask with: --search corpus:{directory}"
    )


class _Judging(DefaultGroup):
    """`judge KIND` judges lines."""

    default = "lines"


@main.group(cls=_Judging)
def judge() -> None:
    """Judge anybody's outputs, `judge KIND FILE`; or `judge calibrate` the judge by people's ratings."""


@judge.command("lines")
@click.argument("kind", type=click.Choice(["support", "rules", "rank"]))
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"), default="-")
@click.option("--judge", "judge_name", metavar="NAME", help="The judge of evidence or of rules, by name.")
@click.option("--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own rules.")
def judge_lines_command(kind: Any, file: TextIO, judge_name: str | None, prompts_dir: Path | None) -> None:
    """Judge anybody's outputs: JSON lines of FILE in, the same lines with verdicts out."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.judging import judge_lines
    from sparrow_lite.turn.parts import open_parts

    chosen = "support_judge" if kind == "support" else "rule_judge"
    settings = read_settings(**given(prompts_dir=prompts_dir, **{chosen: judge_name}))
    parts = open_parts(model=settings.model_name, search="none", options=settings.options())
    faults = 0
    for line in judge_lines(kind, file, parts):
        click.echo(json.dumps(line.row, ensure_ascii=False))
        if line.fault is not None:
            faults += 1
            click.echo(f"sparrow-lite: {line.fault}", err=True)
    if faults:
        click.get_current_context().exit(_FAILED)


for command in (evaluate, report, compare, rate, train):
    main.add_command(command)
judge.add_command(calibrate)


@main.command()
@click.option("--host", help="Address to bind; anything but loopback needs SPARROW_LITE_AUTH=name:password.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 7860 when nothing says otherwise.")
@agent_flags
def app(host: str | None, port: int | None, **flags: Any) -> None:
    """Open the web app on this machine."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.ui.launch import launch

    launch(read_settings(**given(host=host, port=port), **setting_values(flags)))


def _open(flags: dict[str, Any]) -> "Sparrow":
    from sparrow_lite.agent import Sparrow
    from sparrow_lite.config import read_settings

    settings = read_settings(**setting_values(flags))
    return Sparrow.open(model=settings.model_name, search=settings.search_name, options=settings.options())


def _prompt() -> str:
    try:
        return str(click.prompt("You", default="", show_default=False)).strip()
    except (click.Abort, EOFError):
        click.echo()
        return ""
