"""Thresholds of the rule judge: for each rule a logistic, and few false alarms on ordinary replies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sparrow_lite.rules.base import Family, Rule
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import TrainedRuleJudge
from sparrow_lite.training.examples import LabelledTurn, Part
from sparrow_lite.training.judged import as_judged
from sparrow_lite.training.measure import auroc
from sparrow_lite.training.ordinary import ORDINARY

UNCALIBRATED = {"slope": 1.0, "lexical": 0.0, "bias": 0.0}
# What the lexical judge says, for a rule that the network judges too badly to be worth its false alarms.
BY_WORDS = {"slope": 0.0, "lexical": 8.0, "bias": -4.0}
_TRUSTED_FROM = 0.8
# Share of ordinary replies that one rule may stop wrongly; together the rules stop several times as many.
_FALSE_ALARMS = 0.006
# Replies that thresholds were not fitted on lie a little higher.
_MARGIN = 0.2
_FEWEST = 12
_ORDINARY_LABELS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What is known of one turn and one rule: the network's logit and the lexical judge's probability."""

    logit: float
    lexical: float


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
        trusted = _is_trusted(rule.id, signs, fitted_on)
        calibrated[rule.id] = _fit(known, [seen[rule.id] for seen in ordinary]) if trusted else dict(BY_WORDS)
    return {"rules": calibrated, "any_rule": _any_rule(judge, fitted_on)}


def judge_signs(judge: TrainedRuleJudge, turn: LabelledTurn, rules: Sequence[Rule]) -> dict[str, Sign]:
    """Return the two signs for each rule."""
    judged = as_judged(turn)
    logits, verdicts = judge.signs(judged, rules)
    return {
        rule.id: Sign(logit=logit, lexical=verdict.probability or 0.0)
        for rule, logit, verdict in zip(rules, logits, verdicts, strict=True)
    }


def _is_ordinary(turn: LabelledTurn) -> bool:
    """Whether a turn is taken to keep every rule: plain answers, refusals, and turns written to keep one."""
    if turn.source == ORDINARY:
        return True
    ours = turn.source.startswith("own") and not turn.rule_texts
    return (ours or len(turn.labels) >= _ORDINARY_LABELS) and not any(turn.labels.values())


def _is_trusted(rule: str, signs: Sequence[dict[str, Sign]], turns: Sequence[LabelledTurn]) -> bool:
    """Whether the network tells the turns that were written for the rule; a rule without any is trusted."""
    own = [
        (seen[rule].logit, bool(turn.labels[rule]))
        for seen, turn in zip(signs, turns, strict=True)
        if turn.source.startswith("own") and rule in turn.labels
    ]
    area = auroc([logit for logit, _ in own], [broken for _, broken in own])
    return area is None or area >= _TRUSTED_FROM


def _fit(known: Sequence[tuple[Sign, bool]], ordinary: Sequence[Sign]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    rows = [[sign.logit, sign.lexical] for sign, _ in known]
    model = LogisticRegression(class_weight="balanced", C=1.0)
    model.fit(rows, [broken for _, broken in known])
    slope, lexical = (max(0.0, float(value)) for value in model.coef_[0])
    slope = max(slope, 0.05)
    bias = float(model.intercept_[0])
    sums = sorted(slope * sign.logit + lexical * sign.lexical for sign in ordinary)
    if sums:
        highest = sums[min(len(sums) - 1, int(len(sums) * (1 - _FALSE_ALARMS)))]
        bias = min(bias, -highest - _MARGIN)
    return {"slope": round(slope, 5), "lexical": round(lexical, 5), "bias": round(bias, 5)}


def _any_rule(judge: TrainedRuleJudge, turns: Sequence[LabelledTurn]) -> dict[str, float]:
    """Fit one logistic to the turns of rules that are not among the shipped ones."""
    known = []
    for turn in turns:
        for rule, text in turn.rule_texts:
            logit = judge.logits(as_judged(turn), [rule_of(rule, text)])[0]
            known.append((Sign(logit=logit, lexical=0.0), bool(turn.labels[rule])))
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
