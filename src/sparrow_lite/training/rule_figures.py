"""Figures of the rule judge on what was held out: per rule, per data set, false alarms, preferences."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from sparrow_lite.rules.base import Rule, RuleJudge
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import TrainedRuleJudge
from sparrow_lite.training.examples import LabelledTurn, Part
from sparrow_lite.training.judged import as_judged
from sparrow_lite.training.measure import auroc
from sparrow_lite.training.ordinary import ORDINARY
from sparrow_lite.training.rule_calibration import rule_of
from sparrow_lite.training.rules import Preference

Probabilities = Mapping[str, float]

_KEEPING = frozenset({"own", "own_near_miss", "made", ORDINARY})


def measure_rules(
    judge: TrainedRuleJudge,
    words: RuleJudge,
    turns: Sequence[LabelledTurn],
    preferences: Sequence[Preference],
) -> dict[str, Any]:
    """Return all figures; `words` is the judge to compare with."""
    rules = load_rules()
    held_out = [turn for turn in turns if turn.part is Part.HELD_OUT]
    known = [turn for turn in held_out if not turn.rule_texts]
    ours = [probabilities(judge, turn, rules) for turn in known]
    theirs = [probabilities(words, turn, rules) for turn in known]
    own = [at for at, turn in enumerate(known) if turn.source.startswith("own")]
    return {
        "own": _per_rule([known[at] for at in own], [ours[at] for at in own], [theirs[at] for at in own]),
        "public": _public(known, ours, theirs, rules),
        "kept_but_judged_broken": _false_alarms(known, ours, rules),
        "other_rules": _other_rules(judge, held_out),
        "preferred_first": _preferred_first(judge, preferences, rules),
    }


def probabilities(judge: RuleJudge, turn: LabelledTurn, rules: Sequence[Rule]) -> dict[str, float]:
    """Return P(broken) of each rule; 0.0 for an unscored one."""
    verdicts = judge.judge(as_judged(turn), rules)
    return {verdict.rule: verdict.probability or 0.0 for verdict in verdicts}


def _per_rule(
    turns: Sequence[LabelledTurn], ours: Sequence[Probabilities], theirs: Sequence[Probabilities]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in sorted({rule for turn in turns for rule in turn.labels}):
        at = [place for place, turn in enumerate(turns) if rule in turn.labels]
        labels = [bool(turns[place].labels[rule]) for place in at]
        given = [ours[place][rule] for place in at]
        found[rule] = {
            "auroc": _rounded(auroc(given, labels)),
            "words_auroc": _rounded(auroc([theirs[place][rule] for place in at], labels)),
            **_confusion(given, labels),
        }
    means = [one["auroc"] for one in found.values() if one["auroc"] is not None]
    return {**found, "mean_auroc": _rounded(sum(means) / len(means)) if means else None}


def _confusion(given: Sequence[float], labels: Sequence[bool]) -> dict[str, int]:
    pairs = [(one >= 0.5, label) for one, label in zip(given, labels, strict=True)]
    return {
        "broken_found": pairs.count((True, True)),
        "broken_missed": pairs.count((False, True)),
        "kept_stopped": pairs.count((True, False)),
        "kept_let_through": pairs.count((False, False)),
    }


def _public(
    turns: Sequence[LabelledTurn],
    ours: Sequence[Probabilities],
    theirs: Sequence[Probabilities],
    rules: Sequence[Rule],
) -> dict[str, Any]:
    adversarial = [rule.id for rule in rules if rule.adversarial]
    places: dict[str, list[int]] = defaultdict(list)
    for at, turn in enumerate(turns):
        if not turn.source.startswith("own") and turn.source not in _KEEPING:
            places[turn.source].append(at)
    found: dict[str, Any] = {}
    for source, among in sorted(places.items()):
        labels = [bool(turns[one].any_of) or any(turns[one].labels.values()) for one in among]
        named = [max(ours[one][rule] for rule in (*turns[one].labels, *turns[one].any_of)) for one in among]
        found[source] = {
            "turns": len(among),
            "auroc_named_rules": _rounded(auroc(named, labels)),
            "auroc_worst_rule": _rounded(auroc([_worst(ours[one], adversarial) for one in among], labels)),
            "words_auroc_worst_rule": _rounded(
                auroc([_worst(theirs[one], adversarial) for one in among], labels)
            ),
        }
    return found


def _worst(given: Probabilities, rules: Sequence[str]) -> float:
    return max(given[rule] for rule in rules)


def _false_alarms(
    turns: Sequence[LabelledTurn], ours: Sequence[Probabilities], rules: Sequence[Rule]
) -> dict[str, Any]:
    """Return how many keeping turns are stopped by any adversarial rule, by where they come from."""
    adversarial = [rule.id for rule in rules if rule.adversarial]
    kinds: dict[str, list[bool]] = defaultdict(list)
    for turn, given in zip(turns, ours, strict=True):
        if any(turn.labels.values()) or turn.any_of or turn.source not in _KEEPING:
            continue
        if turn.source == "made" and len(turn.labels) < 10:
            continue
        kinds[turn.source].append(_worst(given, adversarial) >= 0.5)
    return {
        kind: {"turns": len(stopped), "stopped": sum(stopped), "share": _rounded(sum(stopped) / len(stopped))}
        for kind, stopped in sorted(kinds.items())
    }


def _other_rules(judge: TrainedRuleJudge, turns: Sequence[LabelledTurn]) -> dict[str, Any]:
    """Return the figures over rules that are not among the shipped ones, all together."""
    given, labels = [], []
    for turn in turns:
        for rule, text in turn.rule_texts:
            given.append(probabilities(judge, turn, [rule_of(rule, text)])[rule])
            labels.append(bool(turn.labels[rule]))
    return {"auroc": _rounded(auroc(given, labels)) if given else None, **_confusion(given, labels)}


def _preferred_first(
    judge: TrainedRuleJudge, preferences: Sequence[Preference], rules: Sequence[Rule]
) -> dict[str, Any]:
    """Return how often the preferred dialogue keeps the rules more surely, by the geometric mean."""
    held_out = [pair for pair in preferences if pair[0].part is Part.HELD_OUT]
    first = [
        _kept(probabilities(judge, better, rules)) > _kept(probabilities(judge, worse, rules))
        for better, worse in held_out
    ]
    return {"pairs": len(first), "share": _rounded(sum(first) / len(first)) if first else None}


def _kept(given: Probabilities) -> float:
    return sum(log(max(1e-6, 1 - one)) for one in given.values())


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
