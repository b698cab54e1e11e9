"""Choices among replies, as the report counts them: of each rating, of each round of a dialogue."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sparrow_lite.harness.metrics.preferences import Choice
from sparrow_lite.rating.protocols.preference import BEST, round_question
from sparrow_lite.rating.rated import RatedItem
from sparrow_lite.rating.values import Rating


def choices(rated: Sequence[RatedItem]) -> Iterator[tuple[Rating, Choice]]:
    """Yield every choice between arms with its rating, in the order of the items, each round by itself.

    The organiser's decision stands for all choices of a first round. A choice among replies of one arm is
    none between arms.
    """
    for item in rated:
        for rating, choice in _of_item(item):
            if len(choice.arms) > 1:
                yield rating, choice


def later_rounds(rating: Rating) -> dict[int, dict[str, Mapping[str, Any]]]:
    """Return the replies shown in each round after the first one, by letter."""
    found: dict[int, dict[str, Mapping[str, Any]]] = {}
    for turn in rating.dialogue:
        number = int(turn.get("round") or 0)
        if number > 1:
            found.setdefault(number, {})[turn["letter"]] = turn
    return found


def _of_item(rated: RatedItem) -> Iterator[tuple[Rating, Choice]]:
    name = str(rated.item.origin.get("probe") or rated.item.id)
    first: Mapping[str, str] = rated.item.origin.get("candidates") or {}
    for rating in rated.deciding:
        if BEST in rating.answers and first:
            yield rating, _choice(name, first, rating.answers[BEST])
    for rating in rated.ratings:
        for number, shown in later_rounds(rating).items():
            said = rating.answers.get(round_question(number))
            if said is not None:
                arms = {letter: str(turn.get("arm", "")) for letter, turn in shown.items()}
                yield rating, _choice(name, arms, said)


def _choice(item: str, arms: Mapping[str, str], said: str) -> Choice:
    return Choice.model_construct(
        item=item, arms=tuple(sorted(set(arms.values()))), best=arms.get(said), said=said
    )
