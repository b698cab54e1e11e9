"""Judging a rule without cues by its examples: is the reply closer to those that break it?"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sparrow_lite.language import stems
from sparrow_lite.rules.base import Example, Rule

# Below CLOSE no example is close at all, and the two sides must differ by MARGIN, so that replies on other
# subjects than the examples stay unscored.
CLOSE = 0.35
MARGIN = 0.15

Bag = Counter[str]


class ExampleComparison:
    """Compares replies with the examples of one rule."""

    def __init__(self, rule: Rule) -> None:
        """Take the words of the examples."""
        self._breaks = _bags(rule.breaks)
        self._keeps = _bags((*rule.keeps, *rule.near_misses))

    def probability(self, reply: str) -> float | None:
        """Return P(broken), 0.0 to 1.0; None when the reply is not clearly closer to one side."""
        bag = Counter(_terms(reply))
        to_breaks = _closest(bag, self._breaks)
        to_keeps = _closest(bag, self._keeps)
        if max(to_breaks, to_keeps) < CLOSE or abs(to_breaks - to_keeps) < MARGIN:
            return None
        return min(1.0, max(0.0, 0.5 + (to_breaks - to_keeps) / 2))


def cosine(left: Bag, right: Bag) -> float:
    """Return the cosine of two bags of words, 0.0 to 1.0; 0.0 when one is empty."""
    shared = sum(count * right[word] for word, count in left.items())
    norms = _norm(left) * _norm(right)
    return shared / norms if norms else 0.0


def _norm(bag: Bag) -> float:
    return math.sqrt(sum(count * count for count in bag.values()))


def _bags(examples: Iterable[Example]) -> tuple[Bag, ...]:
    return tuple(Counter(_terms(example.sparrow)) for example in examples)


def _closest(bag: Bag, others: Sequence[Bag]) -> float:
    return max((cosine(bag, other) for other in others), default=0.0)


def _terms(text: str) -> list[str]:
    # Pairs of neighbours too, so that the same words in another order are less close.
    found = stems(text)
    return [*found, *(f"{left} {right}" for left, right in pairwise(found))]
