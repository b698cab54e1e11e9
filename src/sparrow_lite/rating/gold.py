"""Answers against gold: whether one is right, and what share of them."""

from collections.abc import Iterable, Mapping, Sequence

from sparrow_lite.rating.values import Question


def is_right(question: Question, gold: str, answer: str | None) -> bool:
    """Return whether the answer is right.

    On a scale it is right on the same side of the middle as the gold answer: whoever is less sure is not
    wrong. No answer is wrong.
    """
    if answer is None:
        return False
    places = {choice.id: place for place, choice in enumerate(question.choices)}
    if not question.ordinal or answer not in places or gold not in places:
        return answer == gold
    middle = (len(question.choices) - 1) / 2
    return _side(places[answer] - middle) == _side(places[gold] - middle)


def all_right(questions: Sequence[Question], gold: Mapping[str, str], answers: Mapping[str, str]) -> bool:
    """Return whether every question that has a gold answer is answered rightly."""
    return all(right for right in marks(questions, gold, answers).values())


def marks(
    questions: Sequence[Question], gold: Mapping[str, str], answers: Mapping[str, str]
) -> dict[str, bool]:
    """Return whether each question that has a gold answer is answered rightly, by its id."""
    return {one.id: is_right(one, gold[one.id], answers.get(one.id)) for one in questions if one.id in gold}


def share_right(marked: Iterable[bool]) -> float | None:
    """Return the share of right answers, 0.0 to 1.0; None for no answers."""
    found = list(marked)
    return sum(found) / len(found) if found else None


def _side(distance: float) -> int:
    return (distance > 0) - (distance < 0)
