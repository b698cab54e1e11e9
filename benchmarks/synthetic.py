"""Text like that of a library: deterministic, of any size, with words as common and as rare as in English."""

import random
import re
from collections import Counter
from collections.abc import Iterator

_WORDS = 120_000
_PASSAGES_A_DOCUMENT = 20
_TOPIC_WORDS = 40
# How far a document's own words come up beyond what their rank would give them.
_TOPIC_SHARE = 0.15


def vocabulary() -> list[str]:
    """Return distinct words, the most common first: Python's manual, then made-up ones for the long tail."""
    from pydoc_data import topics

    text = " ".join(topics.topics.values()).lower()
    words = [word for word, _ in Counter(re.findall(r"[a-z]{2,}", text)).most_common()]
    known, draw = set(words), random.Random(1)
    onsets = "b c d f g h k l m n p r s t v st tr pl".split()
    syllables = [onset + rest for onset in onsets for rest in "a e i o u ar en il on ur".split()]
    while len(words) < _WORDS:
        word = "".join(draw.choices(syllables, k=draw.randint(2, 4)))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def passages(count: int, words: list[str], *, seed: int = 7) -> Iterator[str]:
    """Yield passages of about 900 characters; each run of 20 shares a topic, as in one document.

    The word of rank r comes up in proportion to 1 / (r + 2.7), Zipf's law in Mandelbrot's form.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    table = np.array(words, dtype=object)
    shares = np.cumsum(1 / (np.arange(len(words)) + 2.7))
    shares /= shares[-1]
    for number in range(count):
        if number % _PASSAGES_A_DOCUMENT == 0:
            topic = np.searchsorted(shares, 0.45 + 0.55 * rng.random(_TOPIC_WORDS))
        ranks = np.searchsorted(shares, rng.random(int(rng.integers(110, 150))))
        on_topic = rng.random(len(ranks)) < _TOPIC_SHARE
        ranks[on_topic] = topic[rng.integers(0, _TOPIC_WORDS, on_topic.sum())]
        yield " ".join(table[np.minimum(ranks, len(words) - 1)])


def known_item_queries(texts: list[str], count: int, *, seed: int = 9) -> list[tuple[int, str]]:
    """Return passages' numbers, each with a question in four of its content words, one of them inflected."""
    from sparrow_lite.language import is_stop_word

    draw = random.Random(seed)
    queries = []
    for _ in range(count):
        number = draw.randrange(len(texts))
        content = sorted({w for w in texts[number].split() if len(w) > 3 and not is_stop_word(w)})
        first, *rest = draw.sample(content, 4)
        queries.append((number, f"What is the {first}s of the {' '.join(rest)}?"))
    return queries
