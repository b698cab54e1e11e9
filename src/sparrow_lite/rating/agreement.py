"""How far raters agree: over all that was asked, by question or rule, by pair of raters.

Each line stands twice where answers are ranks of a scale: on the ranks, and on the side of the middle, which
is what rates are made of. Work items only: a check has one right answer, and is no matter of opinion.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sparrow_lite.rating.coefficients import Coefficients, Counts, coefficients
from sparrow_lite.rating.rated import RatedItem
from sparrow_lite.rating.values import Question, Rating

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far some ratings agree.

    Attributes:
        group: `all`, `question` or `pair`.
        name: Id of the question or rule, or ids of both raters with ` / ` between; `all` for all.
        level: `nominal` or `ordinal` for the answers as they were given; `sides` for the side of the middle
            of a scale, the middle itself being a third.
        items: That at least two raters rated.
        ratings: Answers to questions, of all raters of those items.
        found: The coefficients.
    """

    group: str
    name: str
    level: str
    items: int
    ratings: int
    found: Coefficients


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """Answers as places: choice to place, from 0."""

    level: str
    places: Mapping[str, int]

    @property
    def categories(self) -> int:
        return max(self.places.values()) + 1


def agreements(rated: Sequence[RatedItem]) -> tuple[Agreement, ...]:
    """Return the agreement over all, then by question where there are several, then by pair of raters.

    Questions are put together where they have as many choices, as a scale that is asked about several rules.
    Nothing is returned where no item has two raters who read the same words.
    """
    return tuple(one for scale in _scales(rated) for one in _by_scale(rated, scale) if one.items)


def _by_scale(rated: Sequence[RatedItem], scale: _Scale) -> Iterator[Agreement]:
    yield _agreement((ALL, ALL), [(one, one.shared, one.ratings) for one in rated], scale)
    names = dict.fromkeys(question.id for one in rated for question in one.shared)
    for name in names if len(names) > 1 else ():
        asked = [(one, [each for each in one.shared if each.id == name], one.ratings) for one in rated]
        yield _agreement(("question", name), asked, scale)
    raters = sorted({rating.rater for one in rated for rating in one.ratings})
    for pair in combinations(raters, 2) if len(raters) > 2 else ():
        both = [(one, one.shared, [each for each in one.ratings if each.rater in pair]) for one in rated]
        yield _agreement(("pair", " / ".join(pair)), both, scale)


def _agreement(
    named: tuple[str, str],
    given: Sequence[tuple[RatedItem, Sequence[Question], Sequence[Rating]]],
    scale: _Scale,
) -> Agreement:
    counted = [_counts(questions, ratings, scale) for _, questions, ratings in given]
    compared = [one for one in counted if len(one) and (one.sum(axis=1) > 1).any()]
    return Agreement(
        group=named[0],
        name=named[1],
        level=scale.level,
        items=len(compared),
        ratings=int(sum(one.sum() for one in compared)),
        found=coefficients(compared, scale.categories, ordinal=scale.level == "ordinal"),
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
