"""Judging a finished run again with other judges: from the frozen conversations, without new replies.

Owns what is missing and the order of writing, so that a second call goes on where the first one was stopped.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from sparrow_lite.harness.case import Status
from sparrow_lite.harness.grade import Judges, grade
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.results import Run

_COMMIT_CASES = 32

OnGraded = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Missing:
    """A case that these judges have not judged: its key, its probe, and the name of its conversation."""

    key: str
    probe: Probe
    text: str


def rejudge(
    ledger: Ledger, judges: Judges, on_graded: OnGraded, *, workers: int = 1, again: bool = False
) -> int:
    """Grade every conversation of the run that these judges have not graded; return how many were graded.

    The run names these judges once all are graded, after those that it names already.

    Args:
        ledger: Of the run.
        judges: The set of judges.
        on_graded: Called with how many are graded and how many are to be, from time to time.
        workers: How many conversations at once, in threads.
        again: Whether those are graded too that judges of this name have graded before.

    Raises:
        StoreError: When the run's files are not whole, or the disk takes nothing.
        PromptError: When a prompted judge's prompt has other places than it should.
    """
    missing = list(_missing(ledger, judges.name, again=again))
    done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for batch in _batches(missing):
            said = [ledger.conversation(one.text) for one in batch]
            graded = pool.map(lambda one, said: grade(one.probe, said, judges), batch, said)
            ledger.write_grades(list(zip([one.key for one in batch], graded, strict=True)))
            done += len(batch)
            on_graded(done, len(missing))
    _name_judges(ledger, judges.name)
    return done


def _missing(ledger: Ledger, judge: str, *, again: bool) -> Iterator[_Missing]:
    probes = Run(ledger, ledger.manifest() or {"suites": {}}).probes()
    graded = set() if again else {key for key, _ in ledger.grades(judge)}
    for row in ledger.cases():
        probe = probes.get((row.suite, row.probe))
        if row.status == Status.DONE and row.text and row.key not in graded and probe is not None:
            yield _Missing(key=row.key, probe=probe, text=row.text)


def _batches(missing: list[_Missing]) -> Iterator[list[_Missing]]:
    rest = iter(missing)
    while batch := list(islice(rest, _COMMIT_CASES)):
        yield batch


def _name_judges(ledger: Ledger, judge: str) -> None:
    manifest = ledger.manifest()
    if manifest is not None and judge not in manifest["judges"]:
        ledger.write_manifest({**manifest, "judges": [*manifest["judges"], judge]})
