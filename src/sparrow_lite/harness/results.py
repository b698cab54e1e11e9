"""The results of a run as rows: one for each case, with what one set of judges says. Read, never written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.case import Status
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.frozen import frozen_probes
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.verdict import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case with its grades.

    Attributes:
        key: Of the case.
        probe: What was asked.
        arm: What answered.
        sample: Which answer.
        failure: Why there is no conversation; None when there is one.
        text: Name of the frozen conversation; None when the case failed.
        replies: How many replies the arm gave.
        evidence_shown: Whether the last reply cites.
        abstained: Why the last reply gives no answer; None for an answer.
        seconds: Wall time of the replies.
        requests: To the model.
        input_tokens: 0 where the model does not tell.
        output_tokens: 0 where the model does not tell.
        graded: What the judges say; None when they have not judged the case.
    """

    key: str
    probe: Probe
    arm: str
    sample: int
    failure: str | None
    text: str | None
    replies: int
    evidence_shown: bool
    abstained: str | None
    seconds: float
    requests: int
    input_tokens: int
    output_tokens: int
    graded: Graded | None

    def outcome(self, rule: str) -> Outcome:
        """Return what the judges say of one rule; UNSCORED where they say nothing."""
        rules = self.graded.rules if self.graded else ()
        return next((one.outcome for one in rules if one.rule == rule), Outcome.UNSCORED)

    @property
    def plausible(self) -> bool | None:
        """Whether the reply is a reasonable answer; None when unscored."""
        return self.graded.plausible if self.graded else None

    @property
    def supported(self) -> bool | None:
        """Whether evidence is shown and supports the reply; None when unscored."""
        return self.graded.supported if self.graded else None


class Run:
    """A finished or unfinished run in its folder."""

    def __init__(self, ledger: Ledger, manifest: Mapping[str, Any]) -> None:
        self._ledger = ledger
        self.manifest = manifest

    @classmethod
    def open(cls, folder: Path) -> "Run":
        """Return the run in this folder.

        Raises:
            StoreError: When there is none, or it cannot be read.
        """
        ledger = Ledger.of(folder)
        return cls(ledger, ledger.manifest() or {"suites": {}, "arms": {}, "judges": [], "cases": 0})

    def close(self) -> None:
        """Close its files."""
        self._ledger.close()

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self._ledger.folder

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in the order in which they were given."""
        return tuple(self.manifest["arms"])

    @property
    def judges(self) -> tuple[str, ...]:
        """Names of the sets of judges; the first one decides unless another is asked for."""
        return tuple(self.manifest["judges"])

    def results(self, judge: str | None = None) -> Iterator[Result]:
        """Yield every case in the order of the plan, with the grades of `judge`, or of the first one.

        Raises:
            ConfigError: For judges that have not judged this run.
            StoreError: When the run's files are not whole.
        """
        name = judge if judge is not None else next(iter(self.judges), "")
        if judge is not None and judge not in self.judges:
            raise ConfigError(f"The run was not judged by {judge!r}, but by {', '.join(self.judges)}.")
        probes = self.probes()
        for row, graded in self._ledger.graded_cases(name):
            probe = probes.get((row.suite, row.probe))
            if probe is None:
                continue
            yield Result(
                key=row.key,
                probe=probe,
                arm=row.arm,
                sample=row.sample,
                failure=row.reason if row.status == Status.FAILED else None,
                text=row.text,
                replies=row.replies,
                evidence_shown=row.evidence_shown,
                abstained=row.abstained,
                seconds=row.seconds,
                requests=row.requests,
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
                graded=graded,
            )

    def probes(self) -> dict[tuple[str, str], Probe]:
        """Return every frozen probe by (suite, id)."""
        names = self.manifest["suites"]
        frozen = [probe for name in names for probe in frozen_probes(name, self.folder)]
        return {(probe.suite, probe.id): probe for probe in frozen}

    def conversation(self, result: Result) -> Conversation:
        """Return what was said in a case.

        Raises:
            StoreError: When it failed, or the run's files are not whole.
        """
        return self._ledger.conversation(result.text or "")

    def conversations(self, results: Sequence[Result]) -> dict[str, Conversation]:
        """Return what was said in some hundreds of cases, by key; failed ones are not among them.

        Raises:
            StoreError: When the run's files are not whole.
        """
        texts = {result.key: result.text for result in results if result.text is not None}
        found = self._ledger.conversations(tuple(texts.values()))
        return {key: found[text] for key, text in texts.items()}


def is_question(result: Result) -> bool:
    """Return whether the case asks a factual question."""
    return result.probe.kind is ProbeKind.QUESTION
