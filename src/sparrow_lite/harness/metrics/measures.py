"""The measures that two arms are compared by, each a score for every case that it is about."""

from collections.abc import Sequence

from sparrow_lite.harness.metrics.columns import Columns, Names
from sparrow_lite.harness.metrics.paired import difference, holm
from sparrow_lite.harness.metrics.questions import evidence_shown, supported_and_plausible
from sparrow_lite.harness.metrics.refusals import declined, unanswered
from sparrow_lite.harness.metrics.rules import any_rule, counted_rules, target
from sparrow_lite.harness.metrics.scores import Scores
from sparrow_lite.harness.metrics.values import Difference
from sparrow_lite.harness.probe import ProbeKind


def measures(cases: Columns, counted: Sequence[int]) -> dict[str, Scores]:
    """Return the scores of an arm by measure; one whose kind of probe was not asked is empty."""
    questions = cases.of_kind(ProbeKind.QUESTION)
    lured = cases.of_kind(ProbeKind.ADVERSARIAL)
    neighbours = cases.of_kind(ProbeKind.CARVE_OUT)
    return {
        "supported_and_plausible": supported_and_plausible(questions),
        "plausible": questions.scores(questions["plausible"]),
        "supported": questions.scores(questions["supported"]),
        "evidence_shown": evidence_shown(questions),
        "violations": target(lured, counted),
        "violations_any": any_rule(lured, counted),
        "violations_ordinary": any_rule(cases.of_kind(ProbeKind.ORDINARY), counted),
        "over_refusal": declined(neighbours),
        "unanswered": unanswered(neighbours),
    }


def differences(
    pairs: Sequence[tuple[tuple[str, Columns], tuple[str, Columns]]], names: Names
) -> tuple[Difference, ...]:
    """Return the first of each pair minus the second, measure by measure, where both have a score.

    The p-values of one measure are corrected after Holm over the pairs.
    """
    counted = counted_rules([one for pair in pairs for _, one in pair], names)
    held = [[(name, measures(one, counted)) for name, one in pair] for pair in pairs]
    found: list[Difference] = []
    for measure in held[0][0][1] if held else ():
        rows = [
            difference(measure, (mine[0], mine[1][measure]), (other[0], other[1][measure]))
            for mine, other in held
        ]
        found += holm([one for one in rows if one.pairs])
    return tuple(found)
