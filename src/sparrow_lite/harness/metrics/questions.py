"""Factual questions: plausible, supported, both (S&P), abstentions, and S&P against the share answered.

The denominator is every question asked. No evidence shown is not supported, and an abstention is neither
plausible nor supported; only a question whose answer failed or could not be judged is unscored.
"""

from collections.abc import Mapping

import numpy as np

from sparrow_lite.harness.metrics.columns import NOWHERE, Columns
from sparrow_lite.harness.metrics.rates import rate
from sparrow_lite.harness.metrics.refusals import unanswered
from sparrow_lite.harness.metrics.scores import HIT, NONE, Scores, tri_both
from sparrow_lite.harness.metrics.values import CoveragePoint, QuestionFigures

THRESHOLDS = (*(step / 20 for step in range(20)), 0.98, 0.99)


def supported_and_plausible(questions: Columns) -> Scores:
    """Return whether a reply is both; unscored when neither fails it and one is unknown."""
    return questions.scores(tri_both(questions["plausible"], questions["supported"]))


def evidence_shown(questions: Columns) -> Scores:
    """Return whether the reply cites."""
    return questions.scores(questions["shown"].astype(np.int8))


def question_figures(questions: Columns, reasons: Mapping[str, int]) -> QuestionFigures | None:
    """Return the figures of these cases; None over nothing.

    Args:
        questions: Cases of questions.
        reasons: Names of the reasons to abstain, with their numbers.
    """
    if not len(questions):
        return None
    both, silent = supported_and_plausible(questions), unanswered(questions)
    can, cannot = questions["answerable"] == HIT, questions["answerable"] == NONE
    return QuestionFigures(
        plausible=rate(questions.scores(questions["plausible"])),
        supported=rate(questions.scores(questions["supported"])),
        supported_and_plausible=rate(both),
        evidence_shown=rate(evidence_shown(questions)),
        abstentions=_abstentions(questions, reasons),
        rightly_abstained=rate(silent.where(cannot)),
        wrongly_abstained=rate(silent.where(can)),
        coverage=coverage(questions),
        answerable=rate(both.where(can)),
    )


def coverage(questions: Columns) -> tuple[CoveragePoint, ...]:
    """Return S&P among the answers that are given, as the support that their weakest claim needs rises.

    The share answered is of the questions that were judged. An answer without evidence, or with a claim that
    could not be scored, has the support 0; an abstention is not given at any threshold.
    """
    judged = questions.where(questions["graded"] & ~questions["failed"])
    if not len(judged):
        return ()
    both = supported_and_plausible(judged)
    answered = judged["reason"] == NOWHERE
    given = [(least, answered & (judged["weakest"] >= least)) for least in THRESHOLDS]
    return tuple(
        CoveragePoint(
            threshold=least,
            answered=float(mask.mean()),
            supported_and_plausible=rate(both.where(mask)),
        )
        for least, mask in given
    )


def _abstentions(questions: Columns, reasons: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    counts = [(name, int((questions["reason"] == number).sum())) for name, number in reasons.items()]
    return tuple(sorted(((name, n) for name, n in counts if n), key=lambda one: (-one[1], one[0])))
