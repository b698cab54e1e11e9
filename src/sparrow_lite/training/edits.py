"""Edits that make a true sentence false, or claim more than its page says: hard negatives from plain text.

Each edit returns None where it does not apply. All draw from the generator that they are given, so that a
seed gives the same pairs again.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

from sparrow_lite.language import AnchorKind, anchors, words

Edit = Callable[[str, str, Random], str | None]
"""(sentence, the page's other text, random) -> the edited sentence, or None."""

_FIGURE = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_VERB = re.compile(r"\b(is|was|are|were|has|had|can|could|will|would|did|does|may|must)\b(?! not\b)")
_NOT = re.compile(r"\b(is|was|are|were|has|had|can|could|will|would|did|does) not\b")
_OPPOSITES = dict(
    pair.split("/")
    for pair in (
        "first/last largest/smallest oldest/youngest north/south east/west northern/southern eastern/western"
        " before/after above/below more/fewer most/least increased/decreased rose/fell won/lost"
        " highest/lowest"
        " male/female brother/sister father/mother husband/wife son/daughter early/late began/ended"
        " founded/closed former/current major/minor always/never all/none successful/unsuccessful"
        " best/worst American/British French/German fiction/documentary film/novel singer/painter"
        " actor/politician album/film lake/river city/village opened/closed inside/outside upper/lower"
        " longest/shortest higher/lower larger/smaller directed/criticized written/translated only/second"
        " king/bishop university/prison summer/winter spring/autumn day/night left/right married/divorced"
    ).split()
)
_OPPOSITE = {**_OPPOSITES, **{second: first for first, second in _OPPOSITES.items()}}
_OPPOSITE_WORD = re.compile(r"\b(" + "|".join(_OPPOSITE) + r")\b")


def change_number(sentence: str, page: str, random: Random) -> str | None:
    """Put another number of the page, or one near it, in a number's place."""
    figures = list(_FIGURE.finditer(sentence))
    if not figures:
        return None
    at = random.choice(figures)
    others = [one for one in _FIGURE.findall(page) if one not in sentence and len(one) == len(at[0])]
    value = random.choice(others) if others and random.random() < 0.5 else _near(at[0], random)
    return None if value is None else sentence[: at.start()] + value + sentence[at.end() :]


def _near(figure: str, random: Random) -> str | None:
    plain = figure.replace(",", "")
    if "." in plain:
        return f"{float(plain) * random.choice((0.5, 0.8, 1.3, 2.0)):.1f}"
    value = int(plain[:12])
    step = random.randint(1, max(2, min(30, value // 3 + 1)))
    changed = value + random.choice((-1, 1)) * step
    if changed < 0:
        changed = value + step
    return f"{changed:,}" if "," in figure else str(changed)


def change_name(sentence: str, page: str, random: Random) -> str | None:
    """Put another name of the page in a name's place."""
    own = [one for one in anchors(sentence) if one.kind in (AnchorKind.NAME, AnchorKind.DATE)]
    if not own:
        return None
    taken = random.choice(own)
    said = set(words(sentence))
    others = [
        one.text
        for one in anchors(page)
        if one.kind is taken.kind and said.isdisjoint(one.key.split()) and one.key != taken.key
    ]
    if not others:
        return None
    return sentence.replace(taken.text, random.choice(others), 1)


def swap_roles(sentence: str, _page: str, random: Random) -> str | None:
    """Let two names change places, unless they only stand side by side."""
    names = [one.text for one in anchors(sentence) if one.kind is AnchorKind.NAME]
    if len(names) < 2:
        return None
    first, second = random.sample(names, 2)
    start, end = sorted((sentence.find(first), sentence.find(second)))
    between = sentence[start:end]
    if start < 0 or start == end or len(between.split()) < 4 or first in second or second in first:
        return None
    return sentence.replace(first, "\0", 1).replace(second, first, 1).replace("\0", second, 1)


def negate(sentence: str, _page: str, random: Random) -> str | None:
    """Say that it is not so, or, of what was not so, that it is."""
    if _NOT.search(sentence):
        return _NOT.sub(lambda found: found[1], sentence, count=1)
    verbs = list(_VERB.finditer(sentence))
    if not verbs:
        return None
    at = verbs[0]
    word = random.choice(("not", "never") if at[0] in ("was", "were", "has", "had") else ("not",))
    return f"{sentence[: at.end()]} {word}{sentence[at.end() :]}"


def turn_around(sentence: str, _page: str, random: Random) -> str | None:
    """Put a word of the opposite meaning, or of another kind, in a word's place."""
    found = list(_OPPOSITE_WORD.finditer(sentence))
    if not found:
        return None
    at = random.choice(found)
    return sentence[: at.start()] + _OPPOSITE[at[0]] + sentence[at.end() :]


def add_claim(sentence: str, _page: str, random: Random) -> str | None:
    """Join a statement that the page does not make: what is left is partial support."""
    return f"{sentence.rstrip('. ')}, {random.choice(_ADDED)}."


_ADDED = (
    "which made it the first of its kind",
    "although this was later disputed",
    "and it won several awards that year",
    "which is still in use today",
    "and was praised by critics",
    "because of a lack of money",
    "which surprised many observers",
    "as was reported at the time",
    "and it has since been rebuilt",
    "making it the most popular of all",
    "after a long dispute with the owners",
    "and later moved to another country",
    "which led to a change in the law",
    "despite strong opposition",
    "and it is best known for this",
    "the highest figure ever recorded",
    "for which it had waited ten years",
    "and was followed by a second one soon after",
    "mainly for religious reasons",
    "with the help of the government",
)

EDITS: Sequence[Edit] = (change_number, change_name, swap_roles, negate, turn_around, add_claim)


def falsified(sentence: str, page: str, random: Random) -> str | None:
    """Return the sentence after one edit, drawn among those that apply; None when none does."""
    for edit in random.sample(EDITS, len(EDITS)):
        if edit is add_claim and random.random() < 0.5:
            continue
        edited = edit(sentence, page, random)
        if edited is not None and edited != sentence:
            return edited
    return None


_BRACKETED = re.compile(r"\s*\([^)]*\)")
_OPENING = re.compile(r"^(?:In|On|At|During|After|By|Since|From) [^,]{3,40}, (?=\w)")
_SECOND_PART = re.compile(r"(?:, (?:and|but|which|who|where|while|although)\b|; ).*$")


def shortened(sentence: str, random: Random) -> str:
    """Return a sentence that says a part of the same, so that what supports the whole supports it."""
    text = _BRACKETED.sub("", sentence)
    if random.random() < 0.5:
        text = _OPENING.sub("", text)
    cut = _SECOND_PART.sub(".", text)
    if random.random() < 0.6 and len(cut.split()) >= 6:
        text = cut
    return text[:1].upper() + text[1:]
