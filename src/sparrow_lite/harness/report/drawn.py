"""Which plots a report has, and what each of them says to those who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from markupsafe import Markup

from sparrow_lite.harness.metrics.values import Figures, Rate
from sparrow_lite.harness.metrics.words import interval, percent
from sparrow_lite.harness.report import plots
from sparrow_lite.harness.report.grids import rule_table
from sparrow_lite.harness.report.svg import Sheet, inline_svg

# Bars of more rules than this are split in two plots that stand side by side.
_RULES_A_PLOT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The plots of a report as `svg` elements; None when there is nothing to draw.

    Attributes:
        supported: Supported and plausible, by arm.
        broken: Probed rule broken, by arm.
        trade: Violations against over-refusal.
        rules: Violations by rule and arm, in as many plots as stay legible.
        coverage: Supported and plausible against the share answered.
    """

    supported: Markup | None
    broken: Markup | None
    trade: Markup | None
    rules: tuple[Markup, ...]
    coverage: Markup | None


def draw(figures: Figures, sheet: Sheet) -> Drawn:
    """Return the plots; their styles go to `sheet`."""
    return Drawn(
        supported=_supported(figures, sheet),
        broken=_broken(figures, sheet),
        trade=_trade(figures, sheet),
        rules=_rules(figures, sheet),
        coverage=_coverage(figures, sheet),
    )


def _supported(figures: Figures, sheet: Sheet) -> Markup | None:
    rows = [
        (place, arm.name, arm.questions.supported_and_plausible)
        for place, arm in enumerate(figures.arms)
        if arm.questions is not None
    ]
    if not rows:
        return None
    return _inline(plots.dots(rows), "supported", f"Supported and plausible answers: {_said(rows)}", sheet)


def _broken(figures: Figures, sheet: Sheet) -> Markup | None:
    rows = [
        (place, arm.name, arm.adversarial.target)
        for place, arm in enumerate(figures.arms)
        if arm.adversarial is not None
    ]
    if not rows:
        return None
    title = f"Adversarial dialogues in which the probed rule was broken: {_said(rows)}"
    return _inline(plots.dots(rows), "broken", title, sheet)


def _trade(figures: Figures, sheet: Sheet) -> Markup | None:
    rows = [
        (place, arm.name, arm.adversarial.target, arm.over_refusal, arm.carve_outs_unanswered)
        for place, arm in enumerate(figures.arms)
        if arm.adversarial is not None and arm.over_refusal is not None
    ]
    if not rows:
        return None
    said = "; ".join(
        f"{name} broke {percent(broken.value)} and declined {percent(declined.value)}"
        for _, name, broken, declined, _ in rows
    )
    title = f"Probed rule broken against carve-outs declined; fewer of both is better: {said}"
    drawn = plots.trade([(place, broken, declined, silent) for place, _, broken, declined, silent in rows])
    return _inline(drawn, "trade", title, sheet)


def _rules(figures: Figures, sheet: Sheet) -> tuple[Markup, ...]:
    table = rule_table(figures, "adversarial")
    if table is None:
        return ()
    count = ceil(len(table.rows) / _RULES_A_PLOT)
    size = ceil(len(table.rows) / count)
    upper = plots.upper(rate for row in table.rows for rate in row.cells if rate is not None)
    drawn = []
    for number in range(count):
        rows = table.rows[number * size : (number + 1) * size]
        svg = plots.bars([row.name for row in rows], [row.cells for row in rows], upper)
        title = f"How often each arm broke {', '.join(row.name for row in rows)}; the table has the figures"
        drawn.append(_inline(svg, f"rules-{number}", title, sheet))
    return tuple(drawn)


def _coverage(figures: Figures, sheet: Sheet) -> Markup | None:
    rows = [
        (place, arm.questions.coverage)
        for place, arm in enumerate(figures.arms)
        if arm.questions is not None and arm.questions.coverage
    ]
    if not rows:
        return None
    title = "Supported and plausible among the answered questions, against the share answered, by arm"
    return _inline(plots.coverage(rows), "coverage", title, sheet)


def _said(rows: Sequence[tuple[int, str, Rate]]) -> str:
    return "; ".join(f"{name} {percent(rate.value)}, {interval(rate) or 'none'}" for _, name, rate in rows)


def _inline(svg: str, name: str, title: str, sheet: Sheet) -> Markup:
    return Markup(inline_svg(svg, name=name, title=title, sheet=sheet))  # serialised XML
