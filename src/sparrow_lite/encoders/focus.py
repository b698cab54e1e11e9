"""Focus: the sentences of a long passage that bear on a claim, so that one short reading suffices.

A page has thousands of words and an encoder reads about two hundred. Windows with a maximum over them would
favour long pages, since each window is another chance to be wrong; the sentences that together hold most of
the claim's words, in their own order, are one reading whatever the length.
"""

from collections import Counter
from math import log

from sparrow_lite.language import Span, sentences, stems

WORDS_READ = 110
_SEEN_BEFORE = 0.3
_NEIGHBOUR = 0.25
_LONGEST_SENTENCE = 60


def focus(claim: str, passage: str, *, limit: int = WORDS_READ) -> str:
    """Return the passage, or of a longer one the sentences that hold most of the claim's content words.

    Args:
        claim: A sentence or a question.
        passage: Text of any length.
        limit: About how many words are kept; a single sentence is never cut.
    """
    if len(passage.split()) <= limit:
        return passage
    spans = sentences(passage)
    chosen = _chosen([set(stems(span.text)) for span in spans], _lengths(spans), set(stems(claim)), limit)
    return " ".join(spans[at].text for at in sorted(chosen))


def _lengths(spans: list[Span]) -> list[int]:
    return [len(span.text.split()) for span in spans]


def _chosen(held: list[set[str]], lengths: list[int], wanted: set[str], limit: int) -> set[int]:
    """Greedy cover: a word that is already held counts less, a sentence beside a chosen one a little more."""
    shared = [one & wanted for one in held]
    weights = _weights(shared)
    chosen: set[int] = set()
    seen: set[str] = set()
    room = limit
    left = set(range(len(held)))
    while left:
        best = max(left, key=lambda at: (_gain(at, shared, weights, seen=seen, chosen=chosen), -at))
        left.discard(best)
        if chosen and lengths[best] > room:
            continue
        chosen.add(best)
        seen |= shared[best]
        room -= min(lengths[best], _LONGEST_SENTENCE)
        if room <= 0:
            break
    return chosen


def _weights(shared: list[set[str]]) -> dict[str, float]:
    counts = Counter(word for one in shared for word in one)
    return {word: log(1 + len(shared) / count) for word, count in counts.items()}


def _gain(
    at: int, shared: list[set[str]], weights: dict[str, float], *, seen: set[str], chosen: set[int]
) -> float:
    own = sum(weights[word] * (_SEEN_BEFORE if word in seen else 1.0) for word in shared[at])
    return own + _NEIGHBOUR * ((at - 1 in chosen) + (at + 1 in chosen))
