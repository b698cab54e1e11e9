"""Two runs compared arm by arm, paired on the probes that both asked."""

from collections.abc import Sequence

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.metrics.columns import Columns, Gatherer, Names
from sparrow_lite.harness.metrics.measures import differences
from sparrow_lite.harness.metrics.values import Difference
from sparrow_lite.harness.results import Run


def compare(
    run_a: Run, run_b: Run, judge: str | None = None, *, arms: Sequence[tuple[str, str]] = ()
) -> tuple[Difference, ...]:
    """Return what run B has more than run A, measure by measure: `arm` is of B, `other` is of A.

    A probe is the same when its text and all else that it holds are the same. P-values are corrected after
    Holm over the pairs of arms.

    Args:
        run_a: The one held against, such as the earlier one.
        run_b: The one that is looked at.
        judge: Set of judges; None for the first one of A that has judged B too.
        arms: Pairs of an arm of A and one of B; empty for all arms of the same name, or for the only arm of
            each run when no name is shared.

    Raises:
        ConfigError: When the runs share no judge, no arm or no probe, or an arm is not there.
        StoreError: When a run's files are not whole.
    """
    chosen = _arms(run_a, run_b, arms)
    judge = _judge(run_a, run_b) if judge is None else judge
    names = Names()
    held_a, held_b = Gatherer(names), Gatherer(names)
    for run, gatherer in ((run_a, held_a), (run_b, held_b)):
        for result in run.results(judge):
            gatherer.add(result)
    in_a, in_b = held_a.columns(), held_b.columns()
    label_a, label_b = _labels(run_a, run_b)
    pairs = [
        ((f"{label_b}/{mine}", in_b[mine]), (f"{label_a}/{other}", in_a[other]))
        for other, mine in chosen
        if other in in_a and mine in in_b
    ]
    if not any(_share_probes(mine, other) for (_, mine), (_, other) in pairs):
        raise ConfigError(
            f"{run_a.folder} and {run_b.folder} have no probe in common: compare runs of the same "
            "suites, in the same version."
        )
    return differences(pairs, names)


def _judge(run_a: Run, run_b: Run) -> str:
    shared = [name for name in run_a.judges if name in run_b.judges]
    if not shared:
        raise ConfigError(
            f"{run_a.folder} was judged by {', '.join(run_a.judges) or 'nobody'}, {run_b.folder} by "
            f"{', '.join(run_b.judges) or 'nobody'}: judge one again with `sparrow-lite eval judge`."
        )
    return shared[0]


def _arms(run_a: Run, run_b: Run, arms: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    for run, wanted in ((run_a, [one for one, _ in arms]), (run_b, [one for _, one in arms])):
        for name in wanted:
            if name not in run.arms:
                raise ConfigError(f"{run.folder} has no arm {name!r}; it has {', '.join(run.arms)}.")
    if arms:
        return list(arms)
    shared = [(name, name) for name in run_a.arms if name in run_b.arms]
    if not shared and len(run_a.arms) == len(run_b.arms) == 1:
        return [(run_a.arms[0], run_b.arms[0])]
    if not shared:
        raise ConfigError(
            f"No arm is in both runs: {run_a.folder} has {', '.join(run_a.arms)}; {run_b.folder} has "
            f"{', '.join(run_b.arms)}. Say which are to be compared, as `--arm ONE=OTHER`."
        )
    return shared


def _labels(run_a: Run, run_b: Run) -> tuple[str, str]:
    """The folders' names, or their whole paths where the names are the same."""
    names = (run_a.folder.name, run_b.folder.name)
    return names if names[0] != names[1] else (str(run_a.folder), str(run_b.folder))


def _share_probes(mine: Columns, other: Columns) -> bool:
    return not set(mine["probe"].tolist()).isdisjoint(other["probe"].tolist())
