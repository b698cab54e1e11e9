"""The cases of a run that people should rate next, as rows that a rating session is made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.interop.export import rows
from sparrow_lite.harness.metrics.columns import Names, gather
from sparrow_lite.harness.metrics.human_values import NextLabels
from sparrow_lite.harness.metrics.next_labels import NEXT, next_labels
from sparrow_lite.harness.metrics.quality import BY_VERDICT, DRAWN_FOR, labelled_cases, read_labels
from sparrow_lite.harness.metrics.rules import counted_rules
from sparrow_lite.harness.results import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for.

    Attributes:
        measure: `violations` or `supported_and_plausible`.
        count: Most cases of each arm.
        arms: Names of the arms; empty for all.
        judge: Whose verdicts part the cases; None for the run's first judges.
        seed: Of the draw within a verdict.
    """

    measure: str
    count: int = NEXT
    arms: Sequence[str] = ()
    judge: str | None = None
    seed: int = 0


def plan_next(run: Run, wanted: Wanted) -> tuple[NextLabels, ...]:
    """Return what to rate next of each arm that has an unlabelled case; see `next_labels`.

    Raises:
        ConfigError: For a measure or an arm that the run does not have, or judges that have not judged it.
        StoreError: When the run's files, or its labels, cannot be read.
    """
    if wanted.measure not in DRAWN_FOR:
        raise ConfigError(f"No measure {wanted.measure!r} to rate: known are {', '.join(DRAWN_FOR)}.")
    unknown = [arm for arm in wanted.arms if arm not in run.arms]
    if unknown:
        raise ConfigError(f"The run has no arm {unknown[0]!r}; it has {', '.join(run.arms)}.")
    names = Names()
    arms = gather(run.results(wanted.judge), names, read_labels(run.folder))
    cases = labelled_cases(arms, counted_rules(arms.values(), names), wanted.measure) if arms else ()
    planned = (
        next_labels(one, count=wanted.count, seed=wanted.seed)
        for one in cases
        if not wanted.arms or one.arm in wanted.arms
    )
    return tuple(one for one in planned if one is not None)


def next_rows(run_dir: Path, wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of the cases to rate next, in the order of the run, for `sources.read_rows`.

    Each row has `run`, and `drawn`, by which the report knows that the judge's verdict chose the case.

    Raises:
        ConfigError: As `plan_next`.
        StoreError: As `plan_next`.
    """
    run = Run.open(run_dir)
    try:
        keys = {case for one in plan_next(run, wanted) for case, _ in one.cases}
        for row in rows(run, wanted.judge):
            if row["key"] in keys:
                yield {**row, "run": str(run_dir.resolve()), "drawn": BY_VERDICT}
    finally:
        run.close()
