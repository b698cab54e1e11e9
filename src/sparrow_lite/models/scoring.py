"""How probable each of a few answers is: the arithmetic that model adapters share.

Owns numbers only; `local/` and `remote/` get them from their models.
"""

import math
from collections.abc import Mapping, Sequence

LEAST_MASS = 0.05
"""Probability that the options must share in a model's next-token distribution to be compared."""


def softmax(scores: Sequence[float]) -> tuple[float, ...]:
    """Return probabilities that sum to 1.0, in order, for log-probabilities of any scale."""
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def log_sum(scores: Sequence[float]) -> float:
    """Return the log of the sum of what these log-probabilities stand for."""
    top = max(scores)
    if math.isinf(top):
        return top
    return top + math.log(sum(math.exp(score - top) for score in scores))


def from_next_tokens(logprobs: Mapping[str, float], options: Sequence[str]) -> tuple[float, ...] | None:
    """Return a probability for each option, given the log-probabilities of the likeliest next tokens.

    A token counts for an option when it is the beginning of that option alone, apart from case and space;
    a token that begins several options, or none, counts for nothing. An option that no token begins is
    taken to be as probable as the least probable token shown, which it cannot exceed by much.

    Returns:
        None when the tokens shown begin the options with less than `LEAST_MASS` in all.
    """
    masses = [0.0] * len(options)
    wanted = [option.strip().lower() for option in options]
    for token, logprob in logprobs.items():
        core = token.strip().lower()
        begun = [index for index, option in enumerate(wanted) if core and option.startswith(core)]
        if len(begun) == 1:
            masses[begun[0]] += math.exp(logprob)
    if sum(masses) < LEAST_MASS:
        return None
    floor = math.exp(min(logprobs.values()))
    filled = [mass or floor for mass in masses]
    total = sum(filled)
    return tuple(mass / total for mass in filled)
