"""Words and their stems."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

# Function words of English, and the words that shape a question without naming its subject.
_STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being
    below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down
    during each else ever few for from further had hadn't has hasn't have haven't having he he'd he'll he's
    her here here's hers herself him himself his how how's i i'd i'll i'm i've if in into is isn't it it's its
    itself just let let's may me might more most must my myself no nor not of off on once only or other ought
    our ours ourselves out over own per please same shall she she'd she'll she's should shouldn't so some such
    than that that's the their theirs them themselves then there there's these they they'd they'll they're
    they've this those through thus to too under until up upon us very was wasn't we we'd we'll we're we've
    were weren't what what's when when's where where's whether which while who who's whom whose why why's will
    with won't would wouldn't yes yet you you'd you'll you're you've your yours yourself yourselves
    tell know explain describe give say show want find
    """.split()
)


def fold(text: str) -> str:
    """Return the text in lower case, without accents, with plain apostrophes."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def words(text: str) -> list[str]:
    """Return the folded words in order, function words included."""
    return _WORD.findall(fold(text))


def is_stop_word(word: str) -> bool:
    """Return whether a folded word carries no subject of its own."""
    return word in _STOP_WORDS


def stems(text: str) -> list[str]:
    """Return the stems (Snowball, English) of the content words, in order, repeats kept."""
    return [_stem(word.removesuffix("'s")) for word in words(text) if word not in _STOP_WORDS]


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    stem = _IRREGULAR.get(word) or str(_stemmer().stemWord(word))
    return _BRITISH.get(stem, stem)


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # the library has no types
    import Stemmer

    return Stemmer.Stemmer("english")


# Stems of British spellings, and those of the American ones.
_BRITISH = {
    "metr": "meter",
    "kilometr": "kilomet",
    "centimetr": "centimet",
    "millimetr": "millimet",
    "litr": "liter",
    "centr": "center",
    "theatr": "theater",
    "colour": "color",
    "neighbour": "neighbor",
    "labour": "labor",
    "tonn": "ton",
    "defenc": "defens",
}
# Past forms that a suffix stemmer leaves apart from their verb, among those that questions use.
_IRREGULAR = {
    "built": "build",
    "wrote": "write",
    "written": "write",
    "began": "begin",
    "begun": "begin",
    "fell": "fall",
    "fallen": "fall",
    "rose": "rise",
    "risen": "rise",
    "fought": "fight",
    "won": "win",
    "made": "make",
    "found": "find",
    "led": "lead",
    "held": "hold",
    "sold": "sell",
    "bought": "buy",
    "grew": "grow",
    "grown": "grow",
    "flew": "fli",
    "flown": "fli",
    "ate": "eat",
    "eaten": "eat",
    "died": "die",
    "dying": "die",
    "death": "die",
    "born": "birth",
    "men": "man",
    "women": "woman",
    "children": "child",
}
