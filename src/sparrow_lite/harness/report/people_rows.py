"""What people say, as rows of CSV."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sparrow_lite.harness.metrics.human_values import Bounded, JudgeQuality, NextLabels, StudySummary
from sparrow_lite.harness.metrics.values import Figures, HumanRate, Rate, Source

_Row = dict[str, Any]
_HUMAN = {"source": Source.HUMAN.value}


def people_rows(figures: Figures) -> Iterator[_Row]:
    """Yield a row for each figure that people's ratings give.

    `next.*` rows name what to label next: `value` is how many of a verdict, `group` the case and its verdict.
    """
    for quality in figures.judge_quality:
        yield from _quality_rows(quality, figures.judge)
    yield from _preference_rows(figures)
    for study in figures.human.studies:
        yield from _study_rows(study)


def rate_row(found: Rate) -> _Row:
    """Return the columns of a rate."""
    return {**asdict(found), "value": found.value}


def _quality_rows(quality: JudgeQuality, judge: str) -> Iterator[_Row]:
    against = {"judge": judge, "source": Source.MODEL.value, "group": quality.measure}
    yield {**against, **rate_row(quality.sensitivity), "measure": "judge.sensitivity"}
    yield {**against, **rate_row(quality.specificity), "measure": "judge.specificity"}
    for arm in quality.arms:
        yield {**_HUMAN, **rate_row(arm.human), "arm": arm.arm, "measure": quality.measure}
        if arm.corrected is not None:
            yield {**against, **_corrected_row(arm), "measure": quality.measure}
    for one in quality.next_labels:
        yield from ({**against, **row} for row in _next_rows(one))


def _corrected_row(arm: HumanRate) -> _Row:
    found = arm.corrected
    if found is None:
        return {}
    ends = {"value": found.value, "low": found.low, "high": found.high, "of": found.cases}
    source = f"{Source.MODEL.value}, corrected"
    return {**ends, "arm": arm.arm, "group": "", "method": found.method, "source": source}


def _next_rows(found: NextLabels) -> Iterator[_Row]:
    named = {"arm": found.arm, "measure": f"next.{found.measure}"}
    for verdict in found.verdicts:
        yield {**named, "group": verdict.verdict, "value": verdict.wanted, "of": verdict.cases}
    for case, said in found.cases:
        yield {**named, "measure": f"next.{found.measure}.case", "group": f"{case}/{said}"}


def _preference_rows(figures: Figures) -> Iterator[_Row]:
    found = figures.human.preferences
    if found is None:
        return
    for arm, rate in found.arms:
        yield {**_HUMAN, **rate_row(rate), "arm": arm, "measure": "preferred"}
    for arm, other, rate in found.pairs:
        yield {**_HUMAN, **rate_row(rate), "arm": arm, "other": other, "measure": "preferred.pair"}
    for said, count in found.ties:
        yield {**_HUMAN, "measure": "preferred.tie", "group": said, "value": count, "of": found.choices}


def _study_rows(study: StudySummary) -> Iterator[_Row]:
    for one in study.rates:
        yield {
            **_HUMAN,
            **rate_row(one.rate),
            "arm": one.arm,
            "measure": f"study.{one.measure}",
            "group": study.name,
        }
    for agreed in study.agreement:
        for name in ("alpha", "ac1", "percent"):
            found: Bounded = getattr(agreed, name)
            yield {
                **_HUMAN,
                **asdict(found),
                "measure": f"agreement.{name}",
                "group": f"{study.name}/{agreed.name}",
                "of": agreed.items,
                "method": agreed.level,
            }
