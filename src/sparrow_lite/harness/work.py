"""The work of one worker: a case is played by its arm and judged, tried again after a passing failure.

A `Worker` is opened once in each thread pool, process or actor, from a `WorkerSpec` that can be sent there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sparrow_lite.errors import SparrowError
from sparrow_lite.harness.arms import open_arm
from sparrow_lite.harness.arms.base import Arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.case import Case, Finished, Status
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.grade import Judges, grade
from sparrow_lite.harness.judges import open_judges
from sparrow_lite.harness.play import play
from sparrow_lite.models.remote.faults import retry
from sparrow_lite.options import ModelOptions, Options
from sparrow_lite.resources import shipped_dir

# A server that asks for more patience than this has the case fail: --retry-failed tries it another day.
_LONGEST_WAIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """What a worker is opened from.

    Attributes:
        arms: Every arm of the run.
        judges: Names of the sets of judges.
        judge_options: Prompts, weights and models of the judges.
        retries: Further tries of a case after a failure that may pass.
    """

    arms: tuple[ArmSpec, ...]
    judges: tuple[str, ...]
    judge_options: Options
    retries: int = 3

    @property
    def judges_fingerprint(self) -> str:
        """Hash of the prompts and weights by which the judges decide."""
        options = self.judge_options
        digest = hashlib.sha256()
        for folder in (shipped_dir("prompts"), options.prompts_dir, options.weights_dir):
            for path in sorted(folder.iterdir()) if folder is not None else []:
                if path.is_file():
                    digest.update(path.name.encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def open(self) -> "Worker":
        """Open every arm and every judge.

        Raises:
            ConfigError: For a name or an option that cannot be used.
            ModelError: When a model cannot be loaded.
        """
        judges = tuple(open_judges(name, self.judge_options) for name in self.judges)
        return Worker({arm.name: open_arm(arm) for arm in self.arms}, judges, retries=self.retries)


class Worker:
    """Plays and judges cases. Safe to call from several threads."""

    def __init__(self, arms: Mapping[str, Arm], judges: tuple[Judges, ...], *, retries: int) -> None:
        self._arms = arms
        self._judges = judges
        self._patience = ModelOptions(retries=retries, timeout_seconds=_LONGEST_WAIT_SECONDS)

    def work(self, case: Case) -> Finished:
        """Return what came of a case; a failure of a model or a judge is a result, any other is a bug."""
        tries = 0

        def attempt() -> Conversation:
            nonlocal tries
            tries += 1
            return play(case.probe, self._arms[case.arm], sample=case.sample)

        try:
            said = retry(attempt, self._patience)
        except SparrowError as error:
            return Finished(case=case, status=Status.FAILED, reason=str(error), tries=tries)
        return self.judge(Finished(case=case, status=Status.DONE, conversation=said, tries=tries))

    def judge(self, finished: Finished) -> Finished:
        """Return what came of a case with what the judges say of it; a failed one is returned as it is."""
        said = finished.conversation
        if said is None:
            return finished
        try:
            grades = tuple(grade(finished.case.probe, said, judges) for judges in self._judges)
        except SparrowError as error:
            return Finished(case=finished.case, status=Status.FAILED, reason=str(error), tries=finished.tries)
        return replace(finished, grades=(*finished.grades, *grades))
