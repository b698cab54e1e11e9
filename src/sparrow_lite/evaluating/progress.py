"""The progress of a run on the terminal: cases, rate, time left, and the estimate so far of each arm."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from sparrow_lite.harness.case import Finished
from sparrow_lite.harness.metrics.estimate import RunningEstimate
from sparrow_lite.harness.results import Result

_REFRESH_SECONDS = 0.2


def open_bar(*columns: ProgressColumn, auto_refresh: bool = True) -> Progress:
    """Return a bar for standard error that is gone once its work is done; a file or a pipe is shown none."""
    console = Console(stderr=True)
    columns = columns or Progress.get_default_columns()
    hidden = not console.is_terminal
    return Progress(*columns, console=console, auto_refresh=auto_refresh, transient=True, disable=hidden)


class RunProgress:
    """Counts finished cases and shows them, a few times a second."""

    def __init__(self, bar: Progress, *, total: int, done: int) -> None:
        self._bar = bar
        self._task = bar.add_task("Cases", total=total, completed=done, estimate="", rate="")
        self._estimate = RunningEstimate()
        self._started = time.monotonic()
        self._shown = 0.0
        self._done = done
        self.counted = 0

    @property
    def seconds(self) -> float:
        """Wall time since the start."""
        return time.monotonic() - self._started

    @property
    def is_seen(self) -> bool:
        """Whether anybody sees the bar: a file or a pipe is shown none."""
        return not self._bar.disable

    def count_earlier(self, results: Iterable[Result]) -> None:
        """Have the estimate go on from what an interrupted run has left."""
        self._estimate.add_earlier(results)

    def count(self, finished: Finished) -> None:
        """Count one finished case."""
        self.counted += 1
        self._estimate.add(finished)
        now = time.monotonic()
        if now - self._shown >= _REFRESH_SECONDS:
            self._shown = now
            self.show()

    def show(self) -> None:
        """Show what was counted so far."""
        rate = self.counted / max(self.seconds, 1e-6)
        self._bar.update(
            self._task,
            completed=self._done + self.counted,
            rate=f"{rate:.1f}/s",
            estimate=self._estimate.describe(),
        )
        self._bar.refresh()


@contextmanager
def show_progress(*, total: int, done: int) -> Iterator[RunProgress]:
    """Show a bar on standard error while the body runs; `done` cases of `total` are in the ledger already."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[estimate]}"),
    )
    with open_bar(*columns, auto_refresh=False) as bar:
        progress = RunProgress(bar, total=total, done=done)
        yield progress
        progress.show()
