"""How far raters agree: over all that was asked, by question or rule, by pair of raters.

Each line stands twice where answers are ranks of a scale: on the ranks, and on the side of the middle, which
is what rates are made of. Work items only: a check has one right answer, and is no matter of opinion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sparrow_lite.harness.metrics.human_values import RaterAgreement
from sparrow_lite.rating.coefficients import Counts, coefficients
from sparrow_lite.rating.rated import RatedItem
from sparrow_lite.rating.values import Question, Rating

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Answers as places: choice to place, from 0."""

    level: str
    places: Mapping[str, int]

    @property
    def categories(self) -> int:
        return max(self.places.values()) + 1


def agreements(
    rated: Sequence[RatedItem], names: Mapping[str, str] | None = None
) -> tuple[RaterAgreement, ...]:
    """Return the agreement over all, then by question where there are several, then by pair of raters.

    Questions are put together where they have as many choices, as a scale that is asked about several rules.
    Nothing is returned where no item has two raters who read the same words.

    Args:
        rated: Work items.
        names: What to call each rater, by id; None for the ids.
    """
    return tuple(one for scale in _scales(rated) for one in _by_scale(rated, scale, names or {}) if one.items)


def _by_scale(
    rated: Sequence[RatedItem], scale: _Scale, names: Mapping[str, str]
) -> Iterator[RaterAgreement]:
    yield _agreement((ALL, ALL), [(one, one.shared, one.ratings) for one in rated], scale)
    questions = dict.fromkeys(question.id for one in rated for question in one.shared)
    for name in questions if len(questions) > 1 else ():
        asked = [(one, [each for each in one.shared if each.id == name], one.ratings) for one in rated]
        yield _agreement(("question", name), asked, scale)
    raters = sorted({rating.rater for one in rated for rating in one.ratings})
    for pair in combinations(raters, 2) if len(raters) > 2 else ():
        both = [(one, one.shared, [each for each in one.ratings if each.rater in pair]) for one in rated]
        yield _agreement(("pair", " / ".join(names.get(one, one) for one in pair)), both, scale)


def _agreement(
    named: tuple[str, str],
    given: Sequence[tuple[RatedItem, Sequence[Question], Sequence[Rating]]],
    scale: _Scale,
) -> RaterAgreement:
    counted = [_counts(questions, ratings, scale) for _, questions, ratings in given]
    compared = [one for one in counted if len(one) and (one.sum(axis=1) > 1).any()]
    found = coefficients(compared, scale.categories, ordinal=scale.level == "ordinal")
    return RaterAgreement(
        group=named[0],
        name=named[1],
        level=scale.level,
        items=len(compared),
        ratings=int(sum(one.sum() for one in compared)),
        alpha=found.alpha,
        ac1=found.ac1,
        percent=found.percent,
    )


def _counts(questions: Sequence[Question], ratings: Sequence[Rating], scale: _Scale) -> Counts:
    rows = np.zeros((len(questions), scale.categories), dtype=np.int64)
    for row, question in zip(rows, questions, strict=True):
        for rating in ratings:
            answer = rating.answers.get(question.id)
            place = None if answer is None else scale.places.get(answer)
            if place is not None:
                row[place] += 1
    return rows


def _scales(rated: Sequence[RatedItem]) -> Iterator[_Scale]:
    questions = [question for one in rated for question in one.shared]
    choices = dict.fromkeys(choice.id for question in questions for choice in question.choices)
    if len(choices) < 2:
        return
    places = {choice: place for place, choice in enumerate(choices)}
    if not all(one.ordinal and len(one.choices) == len(choices) for one in questions):
        yield _Scale(level="nominal", places=places)
        return
    yield _Scale(level="ordinal", places=places)
    if len(choices) > 2:
        middle = (len(choices) - 1) / 2
        sides = {choice: 1 + (place > middle) - (place < middle) for choice, place in places.items()}
        yield _Scale(level="sides", places=sides)
