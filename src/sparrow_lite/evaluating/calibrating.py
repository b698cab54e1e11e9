"""The command `judge calibrate`: thresholds of rules refitted to people's ratings, before and after."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sparrow_lite.rating.calibrate import RuleFit, Standing


@click.command("calibrate")
@click.option(
    "--from",
    "sessions",
    multiple=True,
    required=True,
    metavar="SESSION",
    help="May be repeated; see `rate list`.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the weights; empty, or not there.",
)
@click.option("--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own rules.")
@click.option(
    "--weights",
    "weights_dir",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Weights to start from; the shipped ones, or those of the settings.",
)
def calibrate(
    sessions: tuple[str, ...], out: Path, prompts_dir: Path | None, weights_dir: Path | None
) -> None:
    """Refit the judge of rules to what people said, rule by rule, and show it on held-out ratings.

    The weights are used with SPARROW_LITE_WEIGHTS_DIR, or `weights_dir` of the settings.
    """
    from sparrow_lite.config import read_settings
    from sparrow_lite.flags import given
    from sparrow_lite.rating.own_weights import calibrate_weights, read_turns
    from sparrow_lite.rating.store import RatingStore

    settings = read_settings(**given(prompts_dir=prompts_dir, weights_dir=weights_dir))
    store = RatingStore.open(settings.ratings_database)
    try:
        turns = read_turns(store, sessions)
    finally:
        store.close()
    fits = calibrate_weights(turns, out, weights=settings.weights_dir, prompts=settings.prompts_dir)
    for line in told(fits, out):
        click.echo(line)


def told(fits: "Sequence[RuleFit]", out: Path) -> Iterator[str]:
    """Yield what came of each rule, before and after, and where the weights lie."""
    for fit in fits:
        yield f"{fit.rule}: {fit.ratings} ratings" + ("" if fit.fitted else f"; stays as it was: {fit.why}")
        yield f"  before: {_standing(fit.before)}"
        if fit.after is not None:
            yield f"  after:  {_standing(fit.after)} (held out)"
    changed = sum(fit.fitted is not None for fit in fits)
    if changed:
        yield f"{changed} of {len(fits)} rules refitted. Use them with: SPARROW_LITE_WEIGHTS_DIR={out}"
    else:
        yield "No rule was refitted, and nothing was written."


def _standing(found: "Standing") -> str:
    from sparrow_lite.harness.metrics.words import rate_text

    return (
        f"sensitivity {rate_text(found.sensitivity)}, specificity {rate_text(found.specificity)}, "
        f"log loss {found.log_loss:.3f}"
    )
