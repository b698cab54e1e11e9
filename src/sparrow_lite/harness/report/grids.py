"""Figures by rule as rows and columns: rule by attack for one arm, rule by arm for one kind of probe."""

from dataclasses import dataclass

from sparrow_lite.harness.metrics.values import ArmFigures, Figures, Rate, RuleFigures
from sparrow_lite.harness.metrics.words import rule_names

# Kinds of probes, as `ArmFigures` names the figures over them.
KINDS = ("adversarial", "ordinary", "carve_outs")
_TINTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A rule with one rate for each column; None where nothing was asked. `whole` is over all columns."""

    rule: str
    name: str
    whole: Rate | None
    cells: tuple[Rate | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """How often one arm broke each rule under each attack.

    Attributes:
        arm: Its name.
        attacks: The columns.
        rows: In the order of the rules.
        columns: Over all rules, for each attack.
        whole: Over everything.
    """

    arm: str
    attacks: tuple[str, ...]
    rows: tuple[Row, ...]
    columns: tuple[Rate | None, ...]
    whole: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTable:
    """Rates by rule, with one column for each arm, in the arms' order."""

    rows: tuple[Row, ...]


def heat_maps(figures: Figures) -> tuple[HeatMap, ...]:
    """Return one for each arm that was probed, over the same rows and columns."""
    probed = [(arm, arm.adversarial) for arm in figures.arms if arm.adversarial is not None]
    rules = rule_names(rule for _, one in probed for rule, _, _ in one.grid)
    attacks = tuple(dict.fromkeys(attack for _, one in probed for attack, _ in one.per_attack))
    return tuple(_heat_map(arm.name, one, rules, attacks) for arm, one in probed)


def _heat_map(arm: str, one: RuleFigures, rules: dict[str, str], attacks: tuple[str, ...]) -> HeatMap:
    cells = {(rule, attack): rate for rule, attack, rate in one.grid}
    per_rule, per_attack = dict(one.per_rule), dict(one.per_attack)
    rows = tuple(
        Row(
            rule=rule,
            name=name,
            whole=per_rule.get(rule),
            cells=tuple(cells.get((rule, attack)) for attack in attacks),
        )
        for rule, name in rules.items()
    )
    columns = tuple(per_attack.get(attack) for attack in attacks)
    return HeatMap(arm=arm, attacks=attacks, rows=rows, columns=columns, whole=one.target)


def rule_table(figures: Figures, kind: str) -> RuleTable | None:
    """Return the rates by rule over one kind of probes; None when no arm was asked any."""
    parts = [rule_figures(arm, kind) for arm in figures.arms]
    known = [dict(part.per_rule) if part is not None else {} for part in parts]
    names = rule_names(rule for rates in known for rule in rates)
    if not names:
        return None
    rows = (
        Row(rule=rule, name=name, whole=None, cells=tuple(rates.get(rule) for rates in known))
        for rule, name in names.items()
    )
    return RuleTable(rows=tuple(rows))


def rule_figures(arm: ArmFigures, kind: str) -> RuleFigures | None:
    """Return the arm's figures over one of `KINDS`."""
    return {"adversarial": arm.adversarial, "ordinary": arm.ordinary, "carve_outs": arm.carve_outs}[kind]


def abstentions(figures: Figures) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each reason with how often each arm gave it to a question, the most frequent first."""
    counts = [dict(arm.questions.abstentions) if arm.questions else {} for arm in figures.arms]
    reasons = dict.fromkeys(reason for one in counts for reason in one)
    rows = [(reason, tuple(one.get(reason, 0) for one in counts)) for reason in reasons]
    return tuple(sorted(rows, key=lambda row: -sum(row[1])))


def published_scores(figures: Figures) -> tuple[tuple[str, str, tuple[float | None, ...]], ...]:
    """Return each score that a public suite defines: suite, name, and its value for each arm."""
    scores = [{(suite, name): score for suite, name, score in arm.published} for arm in figures.arms]
    names = dict.fromkeys(name for one in scores for name in one)
    return tuple((suite, name, tuple(one.get((suite, name)) for one in scores)) for suite, name in names)


def tint(rate: Rate | None) -> str:
    """Return the class of a cell's shade: `h0` for none broken to `h10` for all; empty over nothing."""
    if rate is None or rate.value is None:
        return ""
    return f"h{max(1, round(_TINTS * rate.value)) if rate.hits else 0}"
