"""Thresholds of the rule judge: for each rule a logistic, and few false alarms on ordinary replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from sparrow_lite.rules.base import Family, Rule
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import Signs, TrainedRuleJudge
from sparrow_lite.training.examples import LabelledTurn, Part
from sparrow_lite.training.judged import as_judged
from sparrow_lite.training.measure import auroc
from sparrow_lite.training.ordinary import ORDINARY

UNCALIBRATED = {"slope": 1.0, "lexical": 0.0, "likeness": 0.0, "bias": 0.0}
# Share of ordinary replies that one rule may stop wrongly; together the rules stop several times as many.
_FALSE_ALARMS = 0.006
# Replies that thresholds were not fitted on lie a little higher.
_MARGIN = 0.2
# A rule whose signs tell its own turns badly ranks candidates, and stops none that is like an ordinary one.
_TRUSTED_FROM, _WIDE_MARGIN = 0.85, 1.0
_FEWEST = 12
_ORDINARY_LABELS = 10


def calibrate(judge: TrainedRuleJudge, turns: Sequence[LabelledTurn]) -> dict[str, Any]:
    """Return `rules`, the calibration of each shipped rule that has data, and `any_rule`, of all others."""
    rules = load_rules()
    fitted_on = [one for one in turns if one.part is Part.CALIBRATE]
    signs = [judge_signs(judge, turn, rules) for turn in fitted_on]
    ordinary = [seen for seen, turn in zip(signs, fitted_on, strict=True) if _is_ordinary(turn)]
    calibrated = {}
    for rule in rules:
        known = [
            (seen[rule.id], bool(turn.labels[rule.id]))
            for seen, turn in zip(signs, fitted_on, strict=True)
            if rule.id in turn.labels
        ]
        if len(known) < _FEWEST or len({broken for _, broken in known}) < 2:
            continue
        calibrated[rule.id] = _fit(known, [seen[rule.id] for seen in ordinary])
    return {"rules": calibrated, "any_rule": _any_rule(judge, fitted_on)}


def judge_signs(judge: TrainedRuleJudge, turn: LabelledTurn, rules: Sequence[Rule]) -> dict[str, Signs]:
    """Return what the judge sees of each rule."""
    seen = judge.signs(as_judged(turn), rules)
    return {rule.id: signs for rule, signs in zip(rules, seen, strict=True)}


def _is_ordinary(turn: LabelledTurn) -> bool:
    """Whether a turn is taken to keep every rule: plain answers, refusals, and turns written to keep one."""
    if turn.source == ORDINARY:
        return True
    ours = turn.source.startswith("own") and not turn.rule_texts
    return (ours or len(turn.labels) >= _ORDINARY_LABELS) and not any(turn.labels.values())


def _fit(known: Sequence[tuple[Signs, bool]], ordinary: Sequence[Signs]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    rows = [[sign.logit, sign.lexical, sign.likeness] for sign, _ in known]
    model = LogisticRegression(class_weight="balanced", C=1.0)
    model.fit(rows, [broken for _, broken in known])
    # No sign speaks against itself: a weight below 0 is chance.
    slope, lexical, likeness = (max(0.0, float(value)) for value in model.coef_[0])
    slope = max(slope, 0.05)
    bias = float(model.intercept_[0])
    weigh = {"slope": slope, "lexical": lexical, "likeness": likeness}
    sums = sorted(_sum(sign, weigh) for sign in ordinary)
    if sums:
        area = auroc([_sum(sign, weigh) for sign, _ in known], [broken for _, broken in known])
        sure = (area or 0.0) >= _TRUSTED_FROM
        share, margin = (_FALSE_ALARMS, _MARGIN) if sure else (0.0, _WIDE_MARGIN)
        highest = sums[min(len(sums) - 1, int(len(sums) * (1 - share)))]
        bias = min(bias, -highest - margin)
    return {name: round(value, 5) for name, value in {**weigh, "bias": bias}.items()}


def _sum(sign: Signs, weigh: Mapping[str, float]) -> float:
    return weigh["slope"] * sign.logit + weigh["lexical"] * sign.lexical + weigh["likeness"] * sign.likeness


def _any_rule(judge: TrainedRuleJudge, turns: Sequence[LabelledTurn]) -> dict[str, float]:
    """Fit one logistic to the turns of rules that are not among the shipped ones."""
    known = []
    for turn in turns:
        for rule, text in turn.rule_texts:
            logit = judge.logits(as_judged(turn), [rule_of(rule, text)])[0]
            known.append((Signs(logit=logit, lexical=0.0, likeness=0.0), bool(turn.labels[rule])))
    if len({broken for _, broken in known}) < 2:
        return dict(UNCALIBRATED)
    return _fit(known, [])


def rule_of(rule: str, text: str) -> Rule:
    """Return a rule that has nothing but a text."""
    return Rule(
        id=rule,
        number=1,
        name=rule,
        text=text,
        family=Family.HELPFULNESS,
        adversarial=True,
        carve_outs=(),
        refusal="",
        keeps=(),
        breaks=(),
        near_misses=(),
    )
