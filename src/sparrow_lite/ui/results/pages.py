"""What stands on the Results pages. All that comes from runs is hostile text; the templates escape it."""

import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment

from sparrow_lite.errors import ConfigError, SparrowError
from sparrow_lite.harness.compare import compare
from sparrow_lite.harness.ledger import LEDGER
from sparrow_lite.harness.metrics import words
from sparrow_lite.harness.results import Run
from sparrow_lite.harness.shelf import RunLine, list_runs, tell_run
from sparrow_lite.ui.markup import templates
from sparrow_lite.ui.results.reports import Reports
from sparrow_lite.ui.results.shown import Compared, show_difference, widest

GONE = "That run is not here any more."
_TWO = "Choose two runs to compare them."
_NO_ARMS = "These runs have no such arms: choose from the list."


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page and its HTTP status."""

    html: str
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which runs are to be compared.

    Attributes:
        runs: Names of two runs.
        against: The one of them that is held against; empty for the earlier one.
        pair: Which arms, as `pairs_of` names them; empty for those of the same name.
    """

    runs: Sequence[str]
    against: str = ""
    pair: str = ""


class Pages:
    """Writes the pages; safe to call from several threads. `told_where` says whether paths are shown."""

    def __init__(self, runs_dir: Path, reports: Reports, *, told_where: bool) -> None:
        self._runs_dir = runs_dir
        self._reports = reports
        self._told_where = told_where

    @cached_property
    def _templates(self) -> Environment:
        environment = templates()
        environment.filters.update(moment=_moment, measure=words.measure_name)
        return environment

    def list(self, notice: str = "", status: int = 200) -> Document:
        """Return the list of runs."""
        runs: tuple[RunLine, ...] = ()
        try:
            runs = list_runs(self._runs_dir)
        except SparrowError as error:
            notice, status = self._plain(error), 500
        where = str(self._runs_dir) if self._told_where else ""
        faults = {run.name: self._without_path(run.fault) for run in runs if run.fault is not None}
        return self._document("list.html", status, runs=runs, faults=faults, where=where, notice=notice)

    def run(self, name: str, judge: str) -> Document:
        """Return the page of one run, which frames its report."""
        folder = self._find(name)
        line = tell_run(folder) if folder else None
        if line is None or line.fault is not None:
            return self.list(GONE if line is None else self._without_path(line.fault or ""), 404)
        chosen = judge if judge in line.judges else ""
        return self._document("run.html", 200, run=line, judge=chosen)

    def report(self, name: str, judge: str) -> BinaryIO | Document:
        """Return a run's report, opened, or the page that says why there is none."""
        folder = self._find(name)
        if folder is None:
            return self._document("fault.html", 404, fault=GONE)
        try:
            return self._reports.open(folder, judge or None)
        except SparrowError as error:
            return self._document("fault.html", 500, fault=self._plain(error))

    def comparison(self, asked: Asked) -> Document:
        """Return two runs compared pair by pair; the list, with what is missing, unless two are chosen."""
        folders = [self._find(name) for name in dict.fromkeys(asked.runs)]
        found = [tell_run(folder) for folder in folders if folder is not None]
        if len(found) != len(folders):
            return self.list(GONE, 404)
        if len(found) != 2:
            return self.list(_TWO, 400)
        earlier, later = sorted(found, key=_order(asked.against))
        notice = ""
        rows: tuple[Compared, ...] = ()
        try:
            rows = self._compare(earlier, later, asked.pair)
        except SparrowError as error:
            notice = self._plain(error)
        return self._document(
            "comparison.html",
            200,
            earlier=earlier,
            later=later,
            pairs=pairs_of(earlier, later),
            pair=asked.pair,
            rows=rows,
            measured=[(measure, list(group)) for measure, group in groupby(rows, attrgetter("measure"))],
            several=len({row.arms for row in rows}) > 1,
            widest=widest(rows),
            notice=notice,
        )

    def _compare(self, earlier: RunLine, later: RunLine, pair: str) -> tuple[Compared, ...]:
        chosen = [(other, mine) for key, mine, other in pairs_of(earlier, later) if key == pair]
        if pair and not chosen:
            raise ConfigError(_NO_ARMS)
        with ExitStack() as stack:
            run_a, run_b = (
                stack.enter_context(closing(Run.open(self._runs_dir / line.name)))
                for line in (earlier, later)
            )
            found = compare(run_a, run_b, arms=chosen)
        return tuple(show_difference(one, earlier.name, later.name) for one in found)

    def _find(self, name: str) -> Path | None:
        """The folder of a run; None for a name that is none's, or that leads elsewhere."""
        if not name or name in {".", ".."} or Path(name).name != name:
            return None
        folder = self._runs_dir / name
        return folder if (folder / LEDGER).is_file() else None

    def _plain(self, error: SparrowError) -> str:
        return self._without_path(str(error) or type(error).__name__)

    def _without_path(self, text: str) -> str:
        """Name runs by their names: where they lie on this machine says nothing on a page."""
        return text.replace(f"{self._runs_dir}{os.sep}", "")

    def _document(self, name: str, status: int, **values: object) -> Document:
        return Document(html=self._templates.get_template(f"results/{name}").render(values), status=status)


def pairs_of(earlier: RunLine, later: RunLine) -> tuple[tuple[str, str, str], ...]:
    """Return each arm of the later run with each of the earlier one, after a word that names the pair."""
    return tuple(
        (f"{place}-{its_place}", mine, other)
        for place, mine in enumerate(later.arms)
        for its_place, other in enumerate(earlier.arms)
    )


def _order(against: str) -> Callable[[RunLine], tuple[bool, float]]:
    """The run that is held against comes first: the one that is named, else the earlier one."""

    def place(line: RunLine) -> tuple[bool, float]:
        started = line.started_at.timestamp() if line.started_at is not None else 0.0
        return line.name != against, started

    return place


def _moment(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M}"
