"""What `sparrow-lite eval judge` does: a finished run's conversations, judged again by others."""

from pathlib import Path

from sparrow_lite.evaluating.progress import open_bar
from sparrow_lite.harness.judges import open_judges
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.rejudge import rejudge
from sparrow_lite.options import Options


def judge_run(folder: Path, name: str, options: Options, *, workers: int, again: bool) -> int:
    """Judge every case of the run that these judges have not judged; return how many were judged.

    Args:
        folder: Of the run.
        name: Of the set of judges.
        options: Prompts, weights and models of the judges.
        workers: How many cases at once.
        again: Whether those are judged too that these judges have judged before.

    Raises:
        SparrowError: When the judges cannot be opened, or the run's files are not whole.
    """
    judges = open_judges(name, options)
    ledger = Ledger.of(folder)
    try:
        with open_bar() as bar:
            shown = bar.add_task(f"Judging by {name}", total=None)

            def show(done: int, of: int) -> None:
                bar.update(shown, completed=done, total=of)

            return rejudge(ledger, judges, show, workers=workers, again=again)
    finally:
        ledger.close()
