"""Figures as Markdown, CSV and JSON. Identical ledgers give identical text, but for what timing says.

Timing stands apart: in the last table of Markdown, in the last rows of CSV (`timing`), under the key `timing`
of JSON.
"""

import csv as csv_module
import io
import json as json_module
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from sparrow_lite.harness.metrics.values import ArmFigures, Figures, Rate, RuleFigures, Source
from sparrow_lite.harness.report.people_rows import people_rows, rate_row
from sparrow_lite.harness.report.table import Table
from sparrow_lite.harness.report.tables import PUBLISHED, PUBLISHED_CAVEAT, tables

_TIMED = ("seconds_p50", "seconds_p95")
_CSV_HEAD = (
    "arm",
    "other",
    "measure",
    "group",
    "value",
    "low",
    "high",
    "hits",
    "of",
    "unscored",
    "p",
    "method",
    "source",
    "judge",
)


def markdown(figures: Figures) -> str:
    """Return the report as Markdown."""
    parts = ["# Results\n", *(_markdown_table(table) for table in tables(figures)), "## Notes\n"]
    parts.append("".join(f"- {note}\n" for note in figures.notes))
    if figures.code:
        parts.append(f"Code: {figures.code}\n")
    return "\n".join(parts)


def json(figures: Figures) -> str:
    """Return the figures as JSON, keys sorted; every rate has its `value`, all times are in `timing`."""
    body = _plain(figures)
    timing = {arm["name"]: {name: arm["cost"].pop(name) for name in _TIMED} for arm in body["arms"]}
    published = [
        {"measure": measure, "name": name, "sparrow": tuned, "prompted": prompted}
        for measure, name, tuned, prompted in PUBLISHED
    ]
    beside = {"caveat": PUBLISHED_CAVEAT, "figures": published, "source": Source.HUMAN.value}
    whole = {**body, "published_sparrow": beside, "timing": timing}
    return json_module.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def csv(figures: Figures) -> str:
    """Return one row for each figure; shares from 0 to 1, what is unknown is empty."""
    text = io.StringIO()
    writer = csv_module.DictWriter(text, _CSV_HEAD, lineterminator="\n")
    writer.writeheader()
    for row in _csv_rows(figures):
        writer.writerow(row)
    return text.getvalue()


def _markdown_table(table: Table) -> str:
    lines = [
        f"## {table.title}\n",
        _markdown_row(table.head),
        "|" + "---|" * len(table.head),
        *map(_markdown_row, table.rows),
    ]
    return "\n".join(lines) + "\n" + (f"\n{table.note}\n" if table.note else "")


def _markdown_row(words: tuple[str, ...]) -> str:
    return "| " + " | ".join(word.replace("|", "\\|").replace("\n", " ") for word in words) + " |"


def _plain(value: Any) -> Any:
    """The JSON form of a value, every rate with its share."""
    if isinstance(value, Rate):
        return {**asdict(value), "value": value.value}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _csv_rows(figures: Figures) -> Iterator[dict[str, Any]]:
    judged = {"source": figures.source.value, "judge": figures.judge}
    for arm in figures.arms:
        yield from ({**judged, **row, "arm": arm.name} for row in _judged_rows(arm))
        for suite, name, value in arm.published:
            yield {"arm": arm.name, "measure": f"published.{name}", "group": suite, "value": value}
    for one in figures.differences:
        row = {name: getattr(one, name) for name in ("arm", "other", "value", "low", "high", "p", "method")}
        yield {**judged, **row, "measure": f"difference.{one.measure}", "of": one.pairs}
    yield from people_rows(figures)
    yield from _cost_rows(figures, "cost", ("requests", "input_tokens", "output_tokens", "dollars"))
    yield from _cost_rows(figures, "timing", _TIMED)


def _judged_rows(arm: ArmFigures) -> Iterator[dict[str, Any]]:
    for measure, group, found in _rates(arm):
        yield {**rate_row(found), "measure": measure, "group": group}
    for point in arm.questions.coverage if arm.questions else ():
        group = f"{point.threshold:.2f}"
        yield {"measure": "coverage.answered", "group": group, "value": point.answered}
        yield {
            **rate_row(point.supported_and_plausible),
            "measure": "coverage.supported_and_plausible",
            "group": group,
        }


def _cost_rows(figures: Figures, prefix: str, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for arm in figures.arms:
        for name in names:
            yield {"arm": arm.name, "measure": f"{prefix}.{name}", "value": getattr(arm.cost, name)}


def _rates(arm: ArmFigures) -> Iterator[tuple[str, str, Rate]]:
    asked = arm.questions
    if asked:
        for name in (
            "plausible",
            "supported",
            "supported_and_plausible",
            "evidence_shown",
            "rightly_abstained",
            "wrongly_abstained",
        ):
            yield name, "", getattr(asked, name)
        yield "supported_and_plausible", "answerable", asked.answerable
    yield from _rule_rates("violations", arm.adversarial)
    yield from _rule_rates("violations_ordinary", arm.ordinary)
    yield from _rule_rates("violations_carve_outs", arm.carve_outs)
    if arm.over_refusal:
        yield "over_refusal", "", arm.over_refusal
    if arm.carve_outs_unanswered:
        yield "unanswered", "", arm.carve_outs_unanswered


def _rule_rates(measure: str, found: RuleFigures | None) -> Iterator[tuple[str, str, Rate]]:
    if found is None:
        return
    yield measure, "", found.target
    yield f"{measure}_any", "", found.any_rule
    for rule, rate in found.per_rule:
        yield f"{measure}.rule", rule, rate
    for attack, rate in found.per_attack:
        yield f"{measure}.attack", attack, rate
    for rule, attack, rate in found.grid:
        yield f"{measure}.cell", f"{rule}/{attack}", rate
