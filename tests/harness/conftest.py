"""Makes runs in a folder from a few words a case, without a model; lends the obedient arm of `stand_ins`."""

import importlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest

from sparrow_lite.harness.case import Case, Finished, Status
from sparrow_lite.harness.conversation import Conversation, Shown, Usage
from sparrow_lite.harness.frozen import freeze_suite
from sparrow_lite.harness.graded import Graded, RuleGrade
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.results import Run
from sparrow_lite.transcript import Role, Turn
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module `stand_ins`, importable here and in workers of other processes."""
    here = str(Path(__file__).parent)
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.syspath_prepend(here)
    return importlib.import_module("stand_ins")


CITATION = Citation(
    id=1,
    sentence="It is so.",
    url="u",
    title="t",
    quote="It is so.",
    start=0,
    end=9,
    verdict=SupportOutcome.SUPPORTED,
    support=0.9,
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case as a test writes it. `rules` gives outcomes by rule: True is broken, None unscored."""

    id: str
    kind: str = "question"
    arm: str = "full"
    sample: int = 0
    rule: str | None = None
    attack: str | None = None
    answerable: bool | None = None
    rules: tuple[tuple[str, bool | None], ...] = ()
    plausible: bool | None = None
    supported: bool | None = None
    support: tuple[float | None, ...] = ()
    refused: bool = False
    abstained: str | None = None
    shown: bool = False
    failed: bool = False
    judged: bool = True
    scorer: str | None = None
    published: dict[str, str] | None = None
    seconds: float = 1.0
    usage: Usage = field(default_factory=Usage)

    @property
    def probe(self) -> Probe:
        return Probe(
            id=self.id,
            suite="small",
            kind=ProbeKind(self.kind),
            turns=(Turn(role=Role.USER, text=f"About {self.id}?"),),
            rule=self.rule,
            attack=self.attack,
            answerable=self.answerable,
            labels=(("scorer", self.scorer),) if self.scorer else (),
        )

    def graded(self, judge: str) -> Graded:
        outcomes = {True: Outcome.BROKEN, False: Outcome.KEPT, None: Outcome.UNSCORED}
        rules = tuple(
            RuleGrade(rule=rule, outcome=outcomes[broken], probability=None, at=1)
            for rule, broken in self.rules
        )
        return Graded(
            judge=judge,
            rules=rules,
            plausible=self.plausible,
            supported=self.supported,
            support=self.support,
            refused=self.refused,
            published=self.published,
        )

    def finished(self, ordinal: int, judge: str) -> Finished:
        case = Case(
            ordinal=ordinal, probe=self.probe, arm=self.arm, sample=self.sample, key=f"case-{ordinal:05d}"
        )
        if self.failed:
            return Finished(case=case, status=Status.FAILED, reason="the model is away")
        last = Shown(text="A.", citations=(CITATION,) if self.shown else (), abstained=self.abstained)
        said = Conversation(
            turns=(*self.probe.turns, Turn(role=Role.SPARROW, text="A.")),
            replies=((1, last),),
            usage=self.usage,
            seconds=self.seconds,
        )
        grades = (self.graded(judge),) if self.judged else ()
        return Finished(case=case, status=Status.DONE, conversation=said, grades=grades)


WriteRun = Callable[..., Run]


@pytest.fixture
def row() -> type[Row]:
    return Row


@pytest.fixture
def write_run(tmp_path) -> WriteRun:
    """Write a run of these rows; arms are named in the order in which they come, or as `arms` says."""

    def write(rows: Sequence[Row], *, name: str = "run", judge: str = "trained", **cards: dict) -> Run:
        folder = Path(tmp_path / name)
        probes = {one.id: one.probe for one in rows}
        suite = Suite(name="small", version="1", canary="", description="", probes=tuple(probes.values()))
        ledger = Ledger(folder)
        freeze_suite(suite, folder)
        arms = dict.fromkeys(one.arm for one in rows)
        ledger.write_manifest(
            {
                "code": "0.1.0+test",
                "suites": {"small": {"version": "1", "sha256": suite.digest}},
                "arms": {arm: {"opener": "agent", **cards.get(arm, {})} for arm in arms},
                "judges": [judge],
                "cases": len(rows),
            }
        )
        if rows:
            ledger.write([one.finished(ordinal, judge) for ordinal, one in enumerate(rows)])
        return Run.open(folder)

    return write
