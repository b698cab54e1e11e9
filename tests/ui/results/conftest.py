"""Runs in a folder, as the harness writes them, for the Results pages."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from sparrow_lite.harness.case import Case, Finished, Status
from sparrow_lite.harness.conversation import Conversation, Shown
from sparrow_lite.harness.frozen import freeze_suite
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.transcript import Role, Turn

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}${alert(1)}\u202eevil"
QUESTIONS = 12


def probes(asked: str) -> tuple[Probe, ...]:
    return tuple(
        Probe(
            id=f"fact-{number}",
            suite="facts",
            kind=ProbeKind.QUESTION,
            turns=(Turn(role=Role.USER, text=f"{asked} {number}?"),),
            answers=("yes",),
        )
        for number in range(QUESTIONS)
    )


def finished(case: Case, *, right: bool, judges: Sequence[str], text: str) -> Finished:
    said = Conversation(
        turns=(*case.probe.turns, Turn(role=Role.SPARROW, text=text)),
        replies=((1, Shown(text=text)),),
        seconds=0.1,
    )
    grades = tuple(Graded(judge=judge, rules=(), plausible=True, supported=right) for judge in judges)
    return Finished(case=case, status=Status.DONE, conversation=said, grades=grades)


def make_run(folder: Path, *, right: int, day: int = 1, **changes: object) -> Path:
    """A run of 12 questions of which `right` are answered well; `changes` are of its manifest or texts."""
    asked, text = str(changes.pop("asked", "Is it")), str(changes.pop("text", "It is."))
    arms, judges = changes.pop("arms", ("full",)), changes.pop("judges", ("trained",))
    suite = Suite(name="facts", version="1", canary="", description="", probes=probes(asked))
    with closing(Ledger(folder)) as ledger:
        freeze_suite(suite, folder)
        pairs = [(probe, arm) for arm in arms for probe in suite.probes]
        ledger.write_manifest(
            {
                "code": "0.1.0+test",
                "suites": {"facts": {"version": "1", "sha256": suite.digest}},
                "arms": {arm: {"opener": "agent"} for arm in arms},
                "judges": list(judges),
                "cases": len(pairs),
                "started_at": f"2026-01-{day:02}T09:30:00+00:00",
                **changes,
            }
        )
        cases = [
            Case(ordinal=at, probe=probe, arm=arm, sample=0, key=f"key-{at}")
            for at, (probe, arm) in enumerate(pairs)
        ]
        ledger.write(
            [
                finished(case, right=case.ordinal % QUESTIONS < right, judges=judges, text=text)
                for case in cases
            ]
        )
    return folder


@pytest.fixture(scope="session")
def write_run():
    return make_run


@pytest.fixture(scope="session")
def hostile() -> str:
    return HOSTILE
