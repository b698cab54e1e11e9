"""Caveats that stand under figures, one sentence each, so that no figure is read for more than it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sparrow_lite.harness.metrics.columns import Columns
from sparrow_lite.harness.metrics.scores import NONE, UNSCORED
from sparrow_lite.harness.metrics.values import ArmFigures, Difference, JudgeQuality
from sparrow_lite.harness.metrics.words import measure_name
from sparrow_lite.harness.probe import ProbeKind


def notes_on_arms(
    judge: str, manifest: Mapping[str, Any], arms: Mapping[str, Columns], shown: Sequence[ArmFigures]
) -> Iterator[str]:
    """Yield the caveats of a run's figures."""
    yield (
        f"A judge is not a person: unless a table says human-rated, its figures are model-judged by "
        f"{judge or 'nobody'}."
    )
    yield from _own_judge(judge, manifest)
    yield from _unfinished(manifest, arms)
    for name, cases in arms.items():
        yield from _missing(name, cases)
    yield from _several(arms)
    yield from _unanswerable(arms)
    yield from _silent(shown)


def notes_on_rules(judged: Sequence[str], counted: Sequence[str]) -> Iterator[str]:
    """Yield which of the rules that people probe do not count in `any rule`, never having been scored."""
    left_out = [rule for rule in judged if rule not in counted]
    if left_out:
        yield f"Never scored by this judge, and so not part of `any rule`: {', '.join(left_out)}."


def notes_on_differences(differences: Sequence[Difference]) -> Iterator[str]:
    """Yield how p-values are to be read."""
    if not differences:
        return
    arms = len({one.arm for one in differences})
    if arms > 1:
        yield (
            f"{arms} arms are compared with one: p-values are corrected after Holm within each measure, and "
            "`tied` goes by those; the intervals of differences are 95 % each, not corrected."
        )
    yield "Measures are not corrected for one another: choose the measure that decides before you look."


def notes_on_quality(quality: Sequence[JudgeQuality]) -> Iterator[str]:
    """Yield what people's labels are good for."""
    for one in quality:
        for arm in one.arms:
            where = f"{measure_name(one.measure)}, {arm.arm}"
            if arm.warning:
                yield f"{where}: {arm.warning}"
            elif arm.corrected is not None:
                yield (
                    f"{where}: the corrected rate is the judge's over all cases, its errors taken out by "
                    f"{arm.corrected.labels} labels (prediction-powered inference); it holds only if the "
                    "labelled cases were drawn at random."
                )


def _own_judge(judge: str, manifest: Mapping[str, Any]) -> Iterator[str]:
    kind = judge.partition(":")[0]
    same = [
        name
        for name, card in manifest["arms"].items()
        if kind and card.get("opener") == "agent" and card.get("rule_judge") == kind
    ]
    if same:
        yield (
            f"{', '.join(same)}: this arm chooses its replies with the same judge of rules, {kind}, that "
            "scores them here, which flatters it; judge the run again with another one."
        )


def _unfinished(manifest: Mapping[str, Any], arms: Mapping[str, Columns]) -> Iterator[str]:
    held, planned = sum(map(len, arms.values())), int(manifest.get("cases", 0))
    if held < planned:
        yield f"The run is not finished: {held} of {planned} cases are in."


def _missing(name: str, cases: Columns) -> Iterator[str]:
    failed = int(cases["failed"].sum())
    if failed:
        yield (
            f"{name}: {failed} of {len(cases)} cases failed and count as unscored; `--retry-failed` tries "
            "them again."
        )
    unjudged = int((~cases["graded"] & ~cases["failed"]).sum())
    if unjudged:
        yield f"{name}: {unjudged} of {len(cases)} cases have not been judged and count as unscored."


def _several(arms: Mapping[str, Columns]) -> Iterator[str]:
    most = max((int(cases["sample"].max()) + 1 for cases in arms.values() if len(cases)), default=1)
    if most > 1:
        yield (
            f"Probes were answered {most} times; the answers to one probe are not independent, so intervals "
            "and tests are over probes."
        )


def _unanswerable(arms: Mapping[str, Columns]) -> Iterator[str]:
    for cases in arms.values():
        questions = cases.of_kind(ProbeKind.QUESTION)
        cannot, known = questions["answerable"] == NONE, questions["answerable"] != UNSCORED
        if cannot.any():
            yield (
                f"{int(cannot.sum())} of {int(known.sum())} answers are to questions that the suite's own "
                "sources do not answer, where abstaining is right; they stay in the denominator of S&P."
            )
            return


def _silent(shown: Sequence[ArmFigures]) -> Iterator[str]:
    if any(arm.adversarial for arm in shown) and not any(arm.over_refusal for arm in shown):
        yield "Over-refusal was not measured: an arm that refuses all breaks no rule. Run `carve_outs` too."
    for arm in shown:
        silent = arm.carve_outs_unanswered
        if silent and silent.hits > silent.of / 2:
            yield (
                f"{arm.name}: {silent.hits} of {silent.of} carve-out probes were left unanswered, declined "
                "or for want of evidence; so far its few broken rules are those of an arm that says little."
            )
