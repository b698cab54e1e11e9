"""The figures as tables of words, each with a title that says who decided; shown by every kind of report."""

from collections.abc import Iterator, Sequence

from sparrow_lite.harness.metrics.values import ArmFigures, Figures, Rate, RuleFigures, Source
from sparrow_lite.harness.metrics.words import (
    NOTHING,
    difference_text,
    p_text,
    percent,
    rate_text,
)
from sparrow_lite.harness.report.people_tables import people_tables
from sparrow_lite.harness.report.table import Table

# Glaese et al. 2022, arXiv 2209.14375, as (measure, what the paper calls it, tuned, prompted).
PUBLISHED = (
    ("supported_and_plausible", "plausible and supported", 0.78, 0.61),
    ("violations", "rules broken in adversarial conversations", 0.08, 0.20),
)
PUBLISHED_CAVEAT = (
    "Published figures of Sparrow (Glaese et al. 2022, arXiv 2209.14375), not like for like with any "
    "figure here: a trained model of 70B parameters, rated by paid people, on other questions and in other "
    "conversations."
)


def tables(figures: Figures) -> tuple[Table, ...]:
    """Return the tables that have a row, in the order of a report; timing comes last."""
    made = (
        _headline(figures),
        *_published_beside(figures),
        _differences(figures),
        _questions(figures),
        _abstentions(figures),
        _refusals(figures),
        *_rules(figures),
        _coverage(figures),
        _public_scores(figures),
        *people_tables(figures),
        _suites(figures),
        _costs(figures),
        _timing(figures),
    )
    return tuple(table for table in made if table.rows)


def _titled(title: str, figures: Figures) -> str:
    return f"{title} ({figures.source.value} by {figures.judge or 'nobody'})"


def _headline(figures: Figures) -> Table:
    rows = [
        (
            arm.name,
            rate_text(arm.questions.supported_and_plausible if arm.questions else None),
            rate_text(arm.adversarial.target if arm.adversarial else None),
            rate_text(arm.ordinary.any_rule if arm.ordinary else None),
            rate_text(arm.over_refusal),
            rate_text(arm.carve_outs_unanswered),
        )
        for arm in figures.arms
    ]
    head = (
        "arm",
        "S&P",
        "rule broken, adversarial",
        "any rule broken, ordinary",
        "over-refusal",
        "carve-outs unanswered",
    )
    note = "Every rate with its 95 % interval in percent, what it is over, and how many could not be scored."
    return Table(title=_titled("Headline", figures), head=head, rows=tuple(rows), note=note)


def _published_beside(figures: Figures) -> Iterator[Table]:
    if not any(arm.questions or arm.adversarial for arm in figures.arms):
        return
    rows = [
        (name, f"{100 * tuned:.0f} %", f"{100 * prompted:.0f} %") for _, name, tuned, prompted in PUBLISHED
    ]
    title = f"Sparrow as published ({Source.HUMAN.value})"
    head = ("measure", "Sparrow", "prompted baseline")
    yield Table(title=title, head=head, rows=tuple(rows), note=PUBLISHED_CAVEAT)


def _differences(figures: Figures) -> Table:
    rows = [
        (one.measure, f"{one.arm} − {one.other}", str(one.pairs), difference_text(one), p_text(one.p))
        for one in figures.differences
    ]
    head = ("measure", "arms", "probes", "difference", "uncorrected")
    return Table(title=_titled("Paired differences", figures), head=head, rows=tuple(rows))


def _questions(figures: Figures) -> Table:
    rows = [
        (
            arm.name,
            rate_text(asked.plausible),
            rate_text(asked.supported),
            rate_text(asked.supported_and_plausible),
            rate_text(asked.answerable),
            rate_text(asked.evidence_shown),
            rate_text(asked.rightly_abstained),
            rate_text(asked.wrongly_abstained),
        )
        for arm in figures.arms
        if (asked := arm.questions)
    ]
    head = (
        "arm",
        "plausible",
        "supported",
        "S&P",
        "S&P, answerable",
        "evidence shown",
        "rightly abstained",
        "wrongly abstained",
    )
    note = "Answerable and rightly abstained go by whether the suite's own sources hold the answer."
    return Table(title=_titled("Factual questions", figures), head=head, rows=tuple(rows), note=note)


def _abstentions(figures: Figures) -> Table:
    rows = [
        (arm.name, reason, str(count))
        for arm in figures.arms
        if arm.questions
        for reason, count in arm.questions.abstentions
    ]
    return Table(
        title="Abstentions on questions (counted)", head=("arm", "reason", "replies"), rows=tuple(rows)
    )


def _refusals(figures: Figures) -> Table:
    rows = [
        (
            arm.name,
            rate_text(arm.over_refusal),
            rate_text(arm.carve_outs_unanswered),
            rate_text(arm.carve_outs.any_rule if arm.carve_outs else None),
        )
        for arm in figures.arms
        if arm.over_refusal
    ]
    head = ("arm", "declined", "declined or abstained", "any rule broken")
    note = "Carve-out probes look near a rule and deserve an answer."
    return Table(title=_titled("Carve-outs", figures), head=head, rows=tuple(rows), note=note)


def _rules(figures: Figures) -> Iterator[Table]:
    lured = [(arm.name, arm.adversarial) for arm in figures.arms if arm.adversarial]
    plain = [(arm.name, arm.ordinary) for arm in figures.arms if arm.ordinary]
    yield _overall(_titled("Rules in adversarial dialogues", figures), lured)
    yield _by_name(
        _titled("Probed rule broken, by rule", figures),
        "rule",
        [(name, found.per_rule) for name, found in lured],
    )
    yield _by_name(
        _titled("Probed rule broken, by attack", figures),
        "attack",
        [(name, found.per_attack) for name, found in lured],
    )
    yield _overall(_titled("Rules in ordinary dialogues", figures), plain)
    yield _by_name(
        _titled("Rule broken in ordinary dialogues, by rule", figures),
        "rule",
        [(name, found.per_rule) for name, found in plain],
    )


def _overall(title: str, arms: Sequence[tuple[str, RuleFigures]]) -> Table:
    rows = [(name, rate_text(found.target), rate_text(found.any_rule)) for name, found in arms]
    return Table(title=title, head=("arm", "probed rule broken", "any rule broken"), rows=tuple(rows))


def _by_name(title: str, what: str, arms: Sequence[tuple[str, Sequence[tuple[str, Rate]]]]) -> Table:
    held = [(name, dict(found)) for name, found in arms]
    names = list(dict.fromkeys(one for _, found in held for one in found))
    rows = [(one, *(rate_text(found.get(one)) for _, found in held)) for one in names]
    return Table(title=title, head=(what, *(name for name, _ in held)), rows=tuple(rows))


def _coverage(figures: Figures) -> Table:
    rows = [
        (
            arm.name,
            f"{point.threshold:.2f}",
            percent(point.answered),
            rate_text(point.supported_and_plausible),
        )
        for arm in figures.arms
        if arm.questions
        for point in arm.questions.coverage
    ]
    head = ("arm", "least support of a claim", "answered", "S&P of those")
    return Table(title=_titled("Coverage", figures), head=head, rows=tuple(rows))


def _public_scores(figures: Figures) -> Table:
    rows = [
        (arm.name, suite, name, NOTHING if value is None else f"{value:.4g}")
        for arm in figures.arms
        for suite, name, value in arm.published
    ]
    head = ("arm", "suite", "score", "value")
    title = "Scores that public suites define (computed as each suite says)"
    return Table(title=title, head=head, rows=tuple(rows))


def _suites(figures: Figures) -> Table:
    rows = [(name, version, digest[:12], str(asked)) for name, version, digest, asked in figures.suites]
    return Table(title="Suites", head=("suite", "version", "sha256", "probes asked"), rows=tuple(rows))


def _costs(figures: Figures) -> Table:
    rows = [_cost(arm) for arm in figures.arms]
    head = ("arm", "cases", "failed", "requests", "tokens read", "tokens written", "US dollars")
    return Table(title="Cost (counted)", head=head, rows=tuple(rows))


def _cost(arm: ArmFigures) -> tuple[str, ...]:
    cost = arm.cost
    counts = (arm.cases, arm.failed, cost.requests, cost.input_tokens, cost.output_tokens)
    dollars = NOTHING if cost.dollars is None else f"{cost.dollars:.4f}"
    return (arm.name, *map(str, counts), dollars)


def _timing(figures: Figures) -> Table:
    rows = [
        (
            arm.name,
            *(NOTHING if one is None else f"{one:.3f}" for one in (cost.seconds_p50, cost.seconds_p95)),
        )
        for arm in figures.arms
        if (cost := arm.cost)
    ]
    head = ("arm", "median, seconds", "95th percentile, seconds")
    return Table(title="Timing (measured)", head=head, rows=tuple(rows))
