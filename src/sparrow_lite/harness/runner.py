"""A run: every case of suites x arms x samples once, in the ledger, however often it is interrupted."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.case import Case, Finished, case_key
from sparrow_lite.harness.executors.base import Executor
from sparrow_lite.harness.frozen import freeze_suite
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.probe import Probe, Suite
from sparrow_lite.harness.work import WorkerSpec

_COMMIT_CASES, _COMMIT_SECONDS = 256, 0.2
_PACKAGE = Path(__file__).parent.parent

OnProgress = Callable[[Finished], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is of.

    Attributes:
        suites: What is asked.
        arms: What answers.
        samples: Answers to each probe by each arm.
        judges: Names of the sets of judges, the first of which decides.
        limit: Most probes of each suite, spread evenly over it; None for all.
        only_rules: Rules whose probes are asked; empty for all.
    """

    suites: tuple[Suite, ...]
    arms: tuple[ArmSpec, ...]
    judges: tuple[str, ...]
    samples: int = 1
    limit: int | None = None
    only_rules: tuple[str, ...] = ()

    def probes(self) -> Iterator[Probe]:
        """Yield the probes that are asked, suite by suite."""
        for suite in self.suites:
            wanted = [one for one in suite.probes if not self.only_rules or one.rule in self.only_rules]
            step = 1.0 if self.limit is None else max(1.0, len(wanted) / self.limit)
            places = dict.fromkeys(int(number * step) for number in range(int(len(wanted) / step + 1e-9)))
            yield from (wanted[place] for place in places)

    def cases(self) -> Iterator[Case]:
        """Yield every case, in order: the arms take turns, so that an early look compares like with like."""
        prints, code, ordinal = {arm.name: arm.fingerprint for arm in self.arms}, code_version(), 0
        for sample in range(self.samples):
            for probe in self.probes():
                for arm in self.arms:
                    key = case_key(probe, prints[arm.name], sample, code)
                    yield Case(ordinal=ordinal, probe=probe, arm=arm.name, sample=sample, key=key)
                    ordinal += 1

    @property
    def size(self) -> int:
        """How many cases there are."""
        return sum(1 for _ in self.probes()) * len(self.arms) * self.samples


@cache
def code_version() -> str:
    """Return the package's version with 12 hex digits of the hash of its code and weights."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        if path.relative_to(_PACKAGE).parts[0] not in {"ui", "training"}:
            digest.update(path.read_bytes())
    for path in sorted((_PACKAGE / "encoders" / "weights").iterdir()):
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    return f"{version('sparrow-lite')}+{digest.hexdigest()[:12]}"


def run(plan: Plan, ledger: Ledger, executor: Executor, spec: WorkerSpec, *, on_finished: OnProgress) -> None:
    """Work on every case that the ledger lacks, and write what came of each.

    Interrupted at any moment and called again, it goes on where it was.

    Raises:
        ConfigError: When the folder holds a run of other suites under the same names.
        SparrowError: When no worker can be opened, or the disk takes nothing.
    """
    _write_manifest(plan, ledger)
    done = ledger.done()
    missing = (case for case in plan.cases() if case.key not in done)
    waiting: list[Finished] = []
    written_at = time.monotonic()
    try:
        for finished in executor.run(missing, spec):
            waiting.append(finished)
            on_finished(finished)
            if len(waiting) >= _COMMIT_CASES or time.monotonic() - written_at >= _COMMIT_SECONDS:
                ledger.write(waiting)
                waiting, written_at = [], time.monotonic()
    finally:
        if waiting:
            ledger.write(waiting)


def _write_manifest(plan: Plan, ledger: Ledger) -> None:
    """Say what the run is of; a second call may add suites, arms and samples, and change none."""
    before = ledger.manifest() or {"suites": {}, "arms": {}, "started_at": _now()}
    for suite in plan.suites:
        held = before["suites"].get(suite.name)
        if held is not None and held["sha256"] != suite.digest:
            raise ConfigError(
                f"{ledger.folder} holds a run of another version of the suite {suite.name!r}: "
                "give another folder with --out."
            )
        freeze_suite(suite, ledger.folder)
    suites = {suite.name: _card(suite) for suite in plan.suites}
    arms = {arm.name: _arm_card(arm) for arm in plan.arms}
    ledger.write_manifest(
        {
            **before,
            "code": code_version(),
            "suites": {**before["suites"], **suites},
            "arms": {**before["arms"], **arms},
            "judges": list(dict.fromkeys([*before.get("judges", []), *plan.judges])),
            "samples": max(plan.samples, before.get("samples", 1)),
            "cases": plan.size,
        }
    )


def _card(suite: Suite) -> dict[str, Any]:
    return {
        "version": suite.version,
        "sha256": suite.digest,
        "canary": suite.canary,
        "description": suite.description,
        "scorer": suite.scorer,
    }


def _arm_card(arm: ArmSpec) -> dict[str, Any]:
    turn = arm.options.turn
    return {
        "fingerprint": arm.fingerprint,
        "opener": arm.opener,
        "model": arm.model,
        "search": arm.search,
        "mode": turn.mode.value,
        "candidates": turn.candidates,
        "revise": turn.revise,
        "rule_judge": arm.options.rule_judge,
        "support_judge": arm.options.support_judge,
        "seed": arm.options.model.seed,
        "price": asdict(arm.price),
    }


def arm_names(arms: Sequence[ArmSpec]) -> tuple[str, ...]:
    """Return the names of the arms; two of one name are refused.

    Raises:
        ConfigError: With the name.
    """
    names = [arm.name for arm in arms]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"The arm {name!r} is given twice: give each TOML file a `name` of its own.")
    return tuple(names)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
