"""The manifest of a run: what it is of, and what a second call on the same folder may change of that.

A second call may add suites, arms and samples. It changes nothing by which cases were answered or judged
that stand in the ledger, or results of two kinds would be counted as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.frozen import freeze_suite
from sparrow_lite.harness.ledger import Ledger
from sparrow_lite.harness.plan import Plan, code_version
from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.work import WorkerSpec


def write_manifest(plan: Plan, spec: WorkerSpec, ledger: Ledger, *, cases: int) -> None:
    """Say what the run is of, and freeze its suites. `cases` is how many it has in all.

    Raises:
        ConfigError: When the ledger holds cases of the same names that something else answered or judged.
        StoreError: When the disk does not take it.
    """
    held = ledger.arms()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    nothing: dict[str, Any] = {"suites": {}, "arms": {}, "judges": [], "samples": 0, "started_at": now}
    before = (ledger.manifest() or nothing) if held else nothing
    after: dict[str, Any] = {
        "code": code_version(),
        "judged_by": spec.judges_fingerprint,
        "suites": {suite.name: _card(suite) for suite in plan.suites},
        "arms": {arm.name: _arm_card(arm) for arm in plan.arms},
    }
    # An arm without a case yet binds nobody, but keeps its place: the first arm is the baseline.
    arms = {**before["arms"], **after["arms"]}
    before["arms"] = {name: card for name, card in before["arms"].items() if name in held}
    _require_same(before, after, where=str(ledger.folder))
    _require_judged(before["judges"], plan.judges, where=str(ledger.folder))
    for suite in plan.suites:
        freeze_suite(suite, ledger.folder)
    ledger.write_manifest(
        {
            **before,
            **after,
            "suites": {**before["suites"], **after["suites"]},
            "arms": {name: arms[name] for name in arms if name in held or name in after["arms"]},
            "judges": list(dict.fromkeys([*before["judges"], *plan.judges])),
            "limit": plan.limit,
            "only_rules": list(plan.only_rules),
            "samples": max(plan.samples, before["samples"]),
            "cases": cases,
        }
    )


def _require_same(before: Mapping[str, Any], after: Mapping[str, Any], *, where: str) -> None:
    for name, what in (("code", "the code"), ("judged_by", "the judges' prompts or weights")):
        if before.get(name, after[name]) != after[name]:
            raise _other(where, what)
    for name, suite in after["suites"].items():
        if name in before["suites"] and before["suites"][name]["sha256"] != suite["sha256"]:
            raise _other(where, f"the suite {name!r}")
    for name, arm in after["arms"].items():
        if name in before["arms"] and before["arms"][name]["fingerprint"] != arm["fingerprint"]:
            raise _other(where, f"the arm {name!r} (its options, prompts or files)")


def _other(where: str, what: str) -> ConfigError:
    return ConfigError(f"{where} holds a run with another version of {what}: give another folder with --out.")


def _require_judged(before: Sequence[str], judges: Sequence[str], *, where: str) -> None:
    for name in judges:
        if before and name not in before:
            raise ConfigError(
                f"The cases in {where} were not judged by {name!r}: go on with {', '.join(before)}, then "
                f"`sparrow-lite eval judge {where} --judge {name}`."
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
        "options": arm.answering_options if arm.opener == "agent" else {},
        "prompts": arm.prompt_versions,
        "price": asdict(arm.price),
    }
