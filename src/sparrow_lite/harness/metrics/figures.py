"""All figures of a run, in one pass over its results. The same ledger gives the same figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sparrow_lite.harness.metrics.columns import Columns, Gatherer, Names
from sparrow_lite.harness.metrics.costs import cost_figures
from sparrow_lite.harness.metrics.measures import differences
from sparrow_lite.harness.metrics.notes import (
    notes_on_arms,
    notes_on_differences,
    notes_on_quality,
    notes_on_rules,
)
from sparrow_lite.harness.metrics.quality import judge_quality, read_labels
from sparrow_lite.harness.metrics.questions import question_figures
from sparrow_lite.harness.metrics.rates import rate
from sparrow_lite.harness.metrics.refusals import declined, unanswered
from sparrow_lite.harness.metrics.rules import counted_rules, lured_figures, people_probe, plain_figures
from sparrow_lite.harness.metrics.studies import human_figures
from sparrow_lite.harness.metrics.values import ArmFigures, Figures, Source
from sparrow_lite.harness.probe import ProbeKind
from sparrow_lite.harness.published import published_scores
from sparrow_lite.harness.results import Result, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What one pass leaves: columns by arm, ids of probes by suite, results with a published score."""

    names: Names = field(default_factory=Names)
    arms: dict[str, Columns] = field(default_factory=dict)
    probes: dict[str, set[str]] = field(default_factory=dict)
    scored: dict[tuple[str, str], list[Result]] = field(default_factory=dict)


def figures(run: Run, judge: str | None = None) -> Figures:
    """Return all figures of a run by one set of judges, or by the first one.

    Differences are from the first arm, the baseline.

    Raises:
        ConfigError: For judges that have not judged this run.
        StoreError: When the run's files, or what people say in its folder, cannot be read.
    """
    name = judge if judge is not None else next(iter(run.judges), "")
    held = _gather(run, judge)
    arms = {arm: held.arms[arm] for arm in run.arms if arm in held.arms}
    counted = counted_rules(arms.values(), held.names)
    shown = tuple(_arm(arm, cases, held, run.manifest, counted) for arm, cases in arms.items())
    first = next(iter(arms.items()), None)
    others = [(one, first) for one in arms.items() if first is not None and one[0] != first[0]]
    apart = differences(others, held.names)
    quality = judge_quality(arms, counted)
    rules = list(held.names.rules)
    return Figures(
        judge=name,
        source=Source.MODEL,
        arms=shown,
        differences=apart,
        judge_quality=quality,
        human=human_figures(run.folder),
        suites=tuple(_suites(run.manifest, held.probes)),
        code=str(run.manifest.get("code", "")),
        notes=(
            *notes_on_arms(name, run.manifest, arms, shown),
            *notes_on_rules(people_probe(rules), [rules[number] for number in counted]),
            *notes_on_differences(apart),
            *notes_on_quality(quality),
        ),
    )


def _gather(run: Run, judge: str | None) -> _Gathered:
    held = _Gathered()
    gatherer = Gatherer(held.names, read_labels(run.folder))
    for result in run.results(judge):
        gatherer.add(result)
        suite = result.probe.suite
        held.probes.setdefault(suite, set()).add(result.probe.id)
        if result.graded is not None and result.graded.published is not None:
            # Verdicts of rules make up most of a result, and no published score reads them.
            slim = replace(result, graded=replace(result.graded, rules=()))
            held.scored.setdefault((result.arm, suite), []).append(slim)
    held.arms.update(gatherer.columns())
    return held


def _arm(
    name: str, cases: Columns, held: _Gathered, manifest: Mapping[str, Any], counted: Sequence[int]
) -> ArmFigures:
    names, neighbours = held.names, cases.of_kind(ProbeKind.CARVE_OUT)
    failed = int(cases["failed"].sum())
    return ArmFigures(
        name=name,
        cases=len(cases) - failed,
        failed=failed,
        questions=question_figures(cases.of_kind(ProbeKind.QUESTION), names.reasons),
        adversarial=lured_figures(cases.of_kind(ProbeKind.ADVERSARIAL), names, counted),
        ordinary=plain_figures(cases.of_kind(ProbeKind.ORDINARY), names, counted),
        over_refusal=rate(declined(neighbours)) if len(neighbours) else None,
        carve_outs_unanswered=rate(unanswered(neighbours)) if len(neighbours) else None,
        carve_outs=plain_figures(neighbours, names, counted),
        published=tuple(_published(name, held.scored)),
        cost=cost_figures(cases, manifest["arms"][name].get("price") or {}),
    )


def _published(
    arm: str, scored: Mapping[tuple[str, str], Sequence[Result]]
) -> Iterator[tuple[str, str, float | None]]:
    for (its_arm, suite), results in scored.items():
        if its_arm == arm:
            for name, value in published_scores(results):
                yield suite, name, value


def _suites(
    manifest: Mapping[str, Any], probes: Mapping[str, set[str]]
) -> Iterator[tuple[str, str, str, int]]:
    for name, card in manifest["suites"].items():
        asked = probes.get(name) or probes.get(name.partition("/")[0], set())
        yield name, str(card.get("version", "")), str(card.get("sha256", "")), len(asked)
