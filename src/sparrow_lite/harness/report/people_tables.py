"""What people say, as tables of words: the judge against them, what to rate next, preferences, agreement."""

from collections.abc import Iterator

from sparrow_lite.harness.metrics.human_values import NextLabels, VerdictLabels
from sparrow_lite.harness.metrics.values import Figures, Source
from sparrow_lite.harness.metrics.words import (
    bounded_text,
    corrected_text,
    half_width_text,
    measure_name,
    plain_name,
    rate_text,
    verdict_name,
)
from sparrow_lite.harness.report.people import study_rates
from sparrow_lite.harness.report.table import Table

# Cases that a page names; JSON and CSV name all of them.
NAMED = 12
_HUMAN = Source.HUMAN.value


def people_tables(figures: Figures) -> Iterator[Table]:
    """Yield the tables, those without a row too."""
    yield _quality(figures)
    yield _people(figures)
    yield _next(figures)
    yield _next_cases(figures)
    yield _preferences(figures)
    yield _pairs(figures)
    yield _rates(figures)
    yield _agreement(figures)


def _quality(figures: Figures) -> Table:
    rows = [
        (one.measure, str(one.labels), rate_text(one.sensitivity), rate_text(one.specificity))
        for one in figures.judge_quality
    ]
    head = ("measure", "labels", "sensitivity", "specificity")
    title = f"The judge {figures.judge} against people ({_HUMAN} is the truth)"
    return Table(title=title, head=head, rows=tuple(rows))


def _people(figures: Figures) -> Table:
    rows = [
        (
            one.measure,
            arm.arm,
            rate_text(arm.human),
            rate_text(arm.judged),
            corrected_text(arm.corrected),
            arm.warning,
        )
        for one in figures.judge_quality
        for arm in one.arms
    ]
    head = ("measure", "arm", _HUMAN, Source.MODEL.value, "judge, corrected by people", "mind")
    title = f"People and judge side by side ({_HUMAN} over labelled cases, {Source.MODEL.value})"
    return Table(title=title, head=head, rows=tuple(rows))


def _all_next(figures: Figures) -> Iterator[NextLabels]:
    for one in figures.judge_quality:
        yield from one.next_labels


def _next(figures: Figures) -> Table:
    rows = [
        (
            one.measure,
            one.arm,
            ", ".join(_wanted(one.measure, verdict) for verdict in one.verdicts),
            half_width_text(one.now),
            half_width_text(one.then),
        )
        for one in _all_next(figures)
    ]
    head = ("measure", "arm", "rate next", "interval now", "interval then")
    note = (
        "By the judge's verdict, where labels narrow the corrected interval most; drawn at random within one."
    )
    return Table(title="What people should rate next (planned)", head=head, rows=tuple(rows), note=note)


def _wanted(measure: str, found: VerdictLabels) -> str:
    left = found.cases - found.labelled
    return f"{found.wanted} of {left} {verdict_name(measure, found.verdict)}"


def _next_cases(figures: Figures) -> Table:
    rows = [
        (one.measure, one.arm, str(place), case, verdict_name(one.measure, verdict))
        for one in _all_next(figures)
        for place, (case, verdict) in enumerate(one.cases[:NAMED], start=1)
    ]
    head = ("measure", "arm", "place", "case", "the judge says")
    note = "The first of the list; JSON and CSV hold all of it."
    return Table(title="Cases to rate next (planned)", head=head, rows=tuple(rows), note=note)


def _preferences(figures: Figures) -> Table:
    found = figures.human.preferences
    rows = [(arm, rate_text(rate)) for arm, rate in found.arms] if found else []
    ties = ", ".join(f"{plain_name(said)} {count}" for said, count in found.ties) if found else ""
    note = f"{found.choices} choices about {found.items} messages. Ties: {ties or 'none'}." if found else ""
    return Table(title=f"Preferred ({_HUMAN})", head=("arm", "best reply"), rows=tuple(rows), note=note)


def _pairs(figures: Figures) -> Table:
    found = figures.human.preferences
    rows = [(f"{arm} over {other}", rate_text(rate)) for arm, other, rate in found.pairs] if found else []
    title = f"Preferred, arm against arm ({_HUMAN})"
    return Table(title=title, head=("arms", "the first one"), rows=tuple(rows))


def _rates(figures: Figures) -> Table:
    rows = [
        (study, one.arm, measure_name(one.measure), rate_text(one.rate))
        for study, one in study_rates(figures)
    ]
    head = ("session", "arm", "measure", "rate")
    return Table(title=f"Rating sessions, people alone ({_HUMAN})", head=head, rows=tuple(rows))


def _agreement(figures: Figures) -> Table:
    rows = [
        (
            study.name,
            one.name,
            one.level,
            f"{one.items} items, {one.ratings} ratings",
            bounded_text(one.alpha),
            bounded_text(one.ac1),
            bounded_text(one.percent),
        )
        for study in figures.human.studies
        for one in study.agreement
    ]
    head = ("session", "of", "level", "over", "Krippendorff's alpha", "Gwet's AC1", "same answer")
    note = "95 % intervals are bootstraps over items. 1 is full agreement, an alpha of 0 is that of chance."
    return Table(title=f"How far raters agree ({_HUMAN})", head=head, rows=tuple(rows), note=note)
