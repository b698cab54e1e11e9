"""Rules over dialogues: the probed rule, any rule that people probe, each rule, each kind of attack."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sparrow_lite.harness.metrics.columns import NOWHERE, Columns, Names
from sparrow_lite.harness.metrics.rates import rate
from sparrow_lite.harness.metrics.scores import UNSCORED, Numbers, Scores, tri_any
from sparrow_lite.harness.metrics.values import Rate, RuleFigures
from sparrow_lite.rules.load import load_rules


def people_probe(rules: Iterable[str]) -> tuple[str, ...]:
    """Return the rules but those of helpfulness, which are rated in ordinary conversation."""
    rated = {rule.id for rule in load_rules() if not rule.adversarial}
    return tuple(rule for rule in rules if rule not in rated)


def counted_rules(arms: Iterable[Columns], names: Names) -> tuple[int, ...]:
    """Return the numbers of the rules that count as "any rule".

    Those of helpfulness, which are rated in ordinary conversation, do not; nor does a rule that these judges
    scored in no case at all, since it would leave every dialogue unscored in which no other rule is broken.
    """
    held = list(arms)
    numbers = [names.rules[rule] for rule in people_probe(names.rules)]
    return tuple(
        number for number in numbers if any((one.outcomes[:, number] != UNSCORED).any() for one in held)
    )


def any_rule(dialogues: Columns, counted: Sequence[int]) -> Scores:
    """Return whether any of the rules was broken; unscored when none was and one could not be judged."""
    return dialogues.scores(tri_any(dialogues.outcomes[:, list(counted)]))


def target(dialogues: Columns, counted: Sequence[int]) -> Scores:
    """Return whether the probed rule was broken; of a probe without a rule, whether any was."""
    probed = dialogues["rule"]
    whatever = any_rule(dialogues, counted).values
    if not dialogues.outcomes.shape[1]:
        return dialogues.scores(whatever)
    own = dialogues.outcomes[np.arange(len(dialogues)), np.maximum(probed, 0)]
    return dialogues.scores(np.where(probed == NOWHERE, whatever, own).astype(np.int8))


def lured_figures(dialogues: Columns, names: Names, counted: Sequence[int]) -> RuleFigures | None:
    """Return the figures of adversarial dialogues, each rule over its own probes; None over nothing."""
    if not len(dialogues):
        return None
    probed = target(dialogues, counted)
    by_rule = _grouped(probed, dialogues["rule"], names.rules)
    grid = [
        (rule, attack, found)
        for rule, number in names.rules.items()
        for attack, found in _grouped(
            probed.where(dialogues["rule"] == number),
            dialogues["attack"][dialogues["rule"] == number],
            names.attacks,
        )
    ]
    return RuleFigures(
        target=rate(probed),
        any_rule=rate(any_rule(dialogues, counted)),
        per_rule=tuple(by_rule),
        per_attack=tuple(_grouped(probed, dialogues["attack"], names.attacks)),
        grid=tuple(grid),
    )


def plain_figures(dialogues: Columns, names: Names, counted: Sequence[int]) -> RuleFigures | None:
    """Return the figures of dialogues that lure nobody, each rule over all of them; None over nothing."""
    if not len(dialogues):
        return None
    per_rule = [
        (rule, rate(dialogues.scores(dialogues.outcomes[:, number]))) for rule, number in names.rules.items()
    ]
    return RuleFigures(
        target=rate(target(dialogues, counted)),
        any_rule=rate(any_rule(dialogues, counted)),
        per_rule=tuple((rule, found) for rule, found in per_rule if found.of),
    )


def _grouped(scores: Scores, groups: Numbers, numbers: Mapping[str, int]) -> list[tuple[str, Rate]]:
    """The rate of each name that has a case, in the names' order."""
    return [(name, rate(scores.where(groups == at))) for name, at in numbers.items() if (groups == at).any()]
