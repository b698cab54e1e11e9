"""Correct, incorrect or not attempted, by accepted short answers: SimpleQA and NQ-open.

A string match, not the authors' grader (a model, for SimpleQA): a reply is correct when it holds an accepted
answer, without regard to case, punctuation and articles; so an answer in other words counts as incorrect,
and one that names several candidates as correct. `f_score` is SimpleQA's: the harmonic mean of the share
correct and the share correct of those attempted (Wei et al. 2024).
"""

import re
from collections.abc import Mapping, Sequence

from sparrow_lite.harness.answers import holds_answer
from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.published.outcomes import CORRECT, INCORRECT, NOT_ATTEMPTED, said, share
from sparrow_lite.harness.results import Result

_UNSURE = re.compile(
    r"\b(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't) (?:\w+ )?"
    r"(?:know|say|tell|find|answer|determine)"
    r"|\b(?:i am|i'm|we are) (?:not (?:sure|certain|aware)|unsure|unable)"
    r"|\b(?:i have|there is) no (?:\w+ )?(?:information|record|answer)",
    re.IGNORECASE,
)


def score(probe: Probe, last: Shown) -> Mapping[str, str]:
    """Return the outcome of one reply."""
    text = last.text.replace("’", "'")
    if last.abstained is not None or not text.strip():
        return {"outcome": NOT_ATTEMPTED}
    if holds_answer(text, probe.answers):
        return {"outcome": CORRECT}
    return {"outcome": NOT_ATTEMPTED if _UNSURE.search(text) else INCORRECT}


def total(results: Sequence[Result]) -> tuple[tuple[str, float | None], ...]:
    """Return the shares of all replies that are correct, incorrect and not attempted, and two summaries."""
    outcomes = [final(one) for one in results]
    right, tried = outcomes.count(CORRECT), len(outcomes) - outcomes.count(NOT_ATTEMPTED)
    correct, of_tried = share(right, len(outcomes)), share(right, tried)
    return (
        ("correct", correct),
        ("incorrect", share(outcomes.count(INCORRECT), len(outcomes))),
        ("not_attempted", share(outcomes.count(NOT_ATTEMPTED), len(outcomes))),
        ("correct_of_attempted", of_tried),
        ("f_score", _harmonic(correct, of_tried)),
    )


def final(result: Result) -> str:
    """Return the outcome; a reply that the judges call a refusal and that is not correct is no attempt."""
    outcome = said(result)["outcome"]
    refused = result.graded is not None and result.graded.refused
    return NOT_ATTEMPTED if refused and outcome == INCORRECT else outcome


def _harmonic(one: float | None, other: float | None) -> float | None:
    if one is None or other is None:
        return None
    return 2 * one * other / (one + other) if one + other else 0.0
