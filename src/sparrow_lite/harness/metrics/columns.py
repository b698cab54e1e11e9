"""The cases of each arm as columns, gathered in one pass over results: some 100 bytes a case.

Owns how a result becomes numbers; the measures and the figures tell what the numbers mean together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.metrics.labelled import LABELLED, Label
from sparrow_lite.harness.metrics.scores import Mask, Scores, Tri, tri
from sparrow_lite.harness.probe import ProbeKind
from sparrow_lite.harness.results import Result
from sparrow_lite.verdict import Outcome

KINDS = tuple(ProbeKind)
NOWHERE = -1
_CODES = {Outcome.BROKEN: 1, Outcome.KEPT: 0, Outcome.UNSCORED: 255}  # 255 is -1 as a signed byte
_CHUNK = 4096

# One case: -1 in a signed byte is unscored, in a number of a name it is none.
_CASE = np.dtype(
    [
        ("probe", np.int32),  # number of the probe's digest
        ("sample", np.int32),
        ("kind", np.int8),  # place in KINDS
        ("rule", np.int32),  # number of the probed rule
        ("attack", np.int32),  # number of the kind of attack
        ("reason", np.int32),  # number of the reason to abstain; -1 also for a failed case
        ("answerable", np.int8),  # whether the suite's sources hold the answer
        ("failed", np.bool_),  # whether there is no conversation
        ("graded", np.bool_),  # whether the judges have judged it
        ("shown", np.bool_),  # whether the last reply cites
        ("refused", np.int8),  # whether the last reply declines
        ("plausible", np.int8),
        ("supported", np.int8),
        ("weakest", np.float64),  # least support of a claim; 0.0 without evidence or when one is unscored
        ("seconds", np.float64),
        ("requests", np.int64),
        ("input_tokens", np.int64),
        ("output_tokens", np.int64),
        *((f"said_{measure}", np.int8) for measure in LABELLED),  # what people say of the case
        ("by_verdict", np.bool_),  # whether it was chosen for labelling by the judge's verdict
        ("key", "S64"),
    ]
)
Labels = Mapping[tuple[str, str], Label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by which columns count, each with its number, in order of first sight; all arms share them.

    Attributes:
        probes: Digests of probes, so that one probe has one number in every arm and every run.
        rules: Ids of rules, in the judges' order.
        attacks: Kinds of attack.
        reasons: Why replies abstain.
    """

    probes: dict[str, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    attacks: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The cases of one arm, in the order of the plan.

    Attributes:
        cases: One element a case, with the fields above.
        outcomes: What is said of each rule, one row a case, one column a rule; a hit is a broken rule.
    """

    cases: NDArray[np.void]
    outcomes: Tri

    def __len__(self) -> int:
        return len(self.cases)

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.cases[name]

    def where(self, mask: Mask) -> "Columns":
        """Return some of the cases."""
        return Columns(cases=self.cases[mask], outcomes=self.outcomes[mask])

    def of_kind(self, kind: ProbeKind) -> "Columns":
        """Return the cases of probes of this kind."""
        return self.where(self["kind"] == KINDS.index(kind))

    def scores(self, values: Tri) -> Scores:
        """Return one measure over all of the cases; a failed case is unscored, whatever the values say."""
        values = np.where(self["failed"], -1, values).astype(np.int8)
        return Scores(values=values, probes=self["probe"])


class Gatherer:
    """Turns results into columns, one at a time."""

    def __init__(self, names: Names, labels: Labels | None = None) -> None:
        self._names = names
        self._labels = labels or {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._chunks: dict[str, list[NDArray[np.void]]] = {}
        self._outcomes: dict[str, list[bytes]] = {}
        self._places: dict[tuple[str, ...], list[int]] = {}

    def add(self, result: Result) -> None:
        """Add one case."""
        # The judges' rules come first, so that rules are numbered in their order.
        self._outcomes.setdefault(result.arm, []).append(self._codes(result.graded))
        rows = self._rows.setdefault(result.arm, [])
        rows.append(self._row(result))
        if len(rows) == _CHUNK:
            self._close(result.arm)

    def columns(self) -> dict[str, Columns]:
        """Return the columns of each arm, in order of first sight."""
        return {arm: self._columns(arm) for arm in self._rows}

    def _columns(self, arm: str) -> Columns:
        self._close(arm)
        width = len(self._names.rules)
        joined = b"".join(one.ljust(width, b"\xff") for one in self._outcomes[arm])
        return Columns(
            cases=np.concatenate(self._chunks[arm]),
            outcomes=np.frombuffer(joined, dtype=np.int8).reshape(len(self._outcomes[arm]), width),
        )

    def _close(self, arm: str) -> None:
        rows = self._rows[arm]
        self._chunks.setdefault(arm, []).append(np.array(rows, dtype=_CASE))
        rows.clear()

    def _row(self, result: Result) -> tuple[Any, ...]:
        probe, graded, names = result.probe, result.graded, self._names
        return (
            _number(names.probes, probe.digest),
            result.sample,
            KINDS.index(probe.kind),
            _number(names.rules, probe.rule),
            _number(names.attacks, probe.attack),
            _number(names.reasons, result.abstained),
            tri(probe.answerable),
            result.failure is not None,
            graded is not None,
            result.evidence_shown,
            tri(graded.refused if graded else None),
            tri(result.plausible),
            tri(result.supported),
            _weakest(graded),
            result.seconds,
            result.requests,
            result.input_tokens,
            result.output_tokens,
            *self._said(result.key),
            result.key.encode(),
        )

    def _said(self, case: str) -> tuple[Any, ...]:
        known = [self._labels.get((case, measure)) for measure in LABELLED]
        by_verdict = any(one.by_verdict for one in known if one is not None)
        return (*(tri(one.says if one is not None else None) for one in known), by_verdict)

    def _codes(self, graded: Graded | None) -> bytes:
        """One byte a rule, by the rules' numbers; what stands in the gaps is unscored."""
        if graded is None or not graded.rules:
            return b""
        places = self._places_of(tuple(one.rule for one in graded.rules))
        codes = bytearray(b"\xff" * (max(places) + 1))
        for place, one in zip(places, graded.rules, strict=True):
            codes[place] = _CODES[one.outcome]
        return bytes(codes)

    def _places_of(self, rules: tuple[str, ...]) -> list[int]:
        if rules not in self._places:
            self._places[rules] = [_number(self._names.rules, rule) for rule in rules]
        return self._places[rules]


def gather(results: Iterable[Result], names: Names, labels: Labels | None = None) -> dict[str, Columns]:
    """Return the columns of each arm."""
    gatherer = Gatherer(names, labels)
    for result in results:
        gatherer.add(result)
    return gatherer.columns()


def _number(numbers: dict[str, int], name: str | None) -> int:
    return NOWHERE if name is None else numbers.setdefault(name, len(numbers))


def _weakest(graded: Graded | None) -> float:
    known = [score or 0.0 for score in graded.support] if graded else []
    return min(known, default=0.0)
