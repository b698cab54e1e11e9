"""The command `sparrow-lite train`: one of the three judges, from data folders to weights."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from sparrow_lite.training.loop import Plan, Progress

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("judge", type=click.Choice(["support", "reader", "meaning", "rules"]))
@click.option(
    "--data", multiple=True, required=True, type=_FOLDER, help="Folder of data sets; may be repeated."
)
@click.option("--base", required=True, type=_FOLDER, help="Checkpoint to start from: a BERT's folder.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the weights."
)
@click.option("--without", multiple=True, metavar="NAME", help="Data set or rule kept out; may be repeated.")
@click.option(
    "--passes",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="0 only fits thresholds.",
)
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), default=6e-5, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="Most examples, drawn at random.")
def train(
    judge: str, data: tuple[Path, ...], base: Path, out: Path, without: tuple[str, ...], **plan: Any
) -> None:
    """Train the judge of evidence, the reader or the judge of rules.

    For `meaning` nothing is trained: the base itself is exported, and what it says is fitted.

    An interrupted training goes on where it was left when the same command is given again. The weights are
    used with --weights or SPARROW_LITE_WEIGHTS.
    """
    from sparrow_lite.harness.contamination import training_texts, write_trained_on
    from sparrow_lite.training.fit_meaning import fit_meaning
    from sparrow_lite.training.fit_reader import fit_reader
    from sparrow_lite.training.fit_rules import fit_rules
    from sparrow_lite.training.fit_support import fit_support
    from sparrow_lite.training.job import Job

    fits: dict[str, Callable[[Job, Progress], dict[str, Any]]] = {
        "support": fit_support,
        "reader": fit_reader,
        "meaning": fit_meaning,
        "rules": fit_rules,
    }
    job = Job(
        data=data,
        base=base,
        out=out,
        plan=Plan(passes=plan["passes"], learning_rate=plan["rate"], seed=plan["seed"]),
        without=without,
        limit=plan["limit"],
    )
    with _shown(judge) as progress:
        measured = fits[judge](job, progress)
    write_trained_on(training_texts(data), out, started_from=(base.parent,))
    click.echo(json.dumps(measured, indent=2))


@contextmanager
def _shown(judge: str) -> Iterator[Progress]:
    """Show a bar on stderr: steps, time left, loss."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("loss {task.fields[loss]:.3f}"),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        shown = bar.add_task(f"train {judge}", total=None, loss=0.0)

        def progress(done: int, steps: int, loss: float) -> None:
            bar.update(shown, completed=done, total=steps, loss=loss)

        yield progress
