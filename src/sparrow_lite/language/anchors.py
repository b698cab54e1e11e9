"""Anchors: the numbers, dates and names of a sentence, which a passage must hold if it supports it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sparrow_lite.language.words import fold, is_stop_word, words


class AnchorKind(StrEnum):
    """What an anchor is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One number, date part or name.

    Attributes:
        kind: What it is.
        text: Its words in the sentence.
        key: Its normal form, equal for equal things: "1,000" and "1000", "3 million" and "3,000,000".
        unit: What a number counts, when that is a unit of measure, as "m" for "metres"; empty for none.
    """

    kind: AnchorKind
    text: str
    key: str
    unit: str = ""


_MONTHS = "january february march april may june july august september october november december".split()
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SPELLED = {
    **{word: value for value, word in enumerate(_SMALL)},
    **{word: value for value, word in enumerate(_ORDINALS)},
    **_TENS,
}
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:st|nd|rd|th|s)?(?![\w])"
    r"(?:[\s-](?P<scale>hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_SPELLED_NUMBER = re.compile(
    r"\b(?P<word>" + "|".join(_SPELLED) + r")\b(?:[\s-](?P<scale>" + "|".join(_SCALES) + r")\b)?",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\b(" + "|".join(month.capitalize() for month in _MONTHS) + r")\b")
# Capitals of English and of the names that it borrows: Latin with marks, Greek, Cyrillic.
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪİŁŃŇŌŐŒŘŚŞŠŤŪŮŰŹŻŽΑ-ΩА-Я"
# "iPhone", "mRNA"; a short one right after a figure is a unit, as "kWh" and "mL" are.
_INNER_CAPITAL = rf"(?!(?<=\d)\w{{2,3}}\b)(?!(?<=\d )\w{{2,3}}\b)[a-zµ]+[{_CAPITAL}][\w'’-]*"
_WORD_OF_NAME = rf"(?:[{_CAPITAL}][\w'’-]*|{_INNER_CAPITAL})"
_NAME = re.compile(rf"\b{_WORD_OF_NAME}(?:\s+(?:of\s+|the\s+|de\s+|von\s+|van\s+)?{_WORD_OF_NAME})*")
_MIXED = re.compile(rf"[a-zµ][\w'’-]*[{_CAPITAL}]|[{_CAPITAL}][a-z][\w]*[{_CAPITAL}]")
# What may stand before a sentence's first word: quotation marks, brackets, marks of emphasis and of lists.
_LEADING = "\"'“‘([ *_"
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•#>]+)\s+")
# "one" and "first" are rarely figures: "one of", "at first".
_VAGUE = {"one", "first", "second", "zero", "zeroth"}


_UNITS = {
    form: unit
    for unit, forms in {
        "m": "m metre metres meter meters",
        "km": "km kilometre kilometres kilometer kilometers",
        "cm": "cm centimetre centimetres centimeter centimeters",
        "ft": "ft foot feet",
        "mi": "mile miles",
        "kg": "kg kilogram kilograms",
        "t": "tonne tonnes ton tons",
        "%": "% percent per_cent",
        "s": "second seconds",
        "min": "minute minutes",
        "h": "hour hours",
        "d": "day days",
        "a": "year years",
    }.items()
    for form in forms.split()
}
_UNIT = re.compile(r"[\s-]?(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")(?!\w)", re.IGNORECASE)


def anchors(text: str) -> tuple[Anchor, ...]:
    """Return the anchors of a sentence: numbers, then dates, then names, each in order, none twice."""
    text = _LIST_MARK.sub("", text)
    found = [*_numbers(text), *_dates(text), *_names(text)]
    return tuple({(anchor.kind, anchor.key): anchor for anchor in found}.values())


def missing_anchors(
    sentence: str, passage: str, *, kinds: Collection[AnchorKind] = tuple(AnchorKind)
) -> tuple[str, ...]:
    """Return the words of the sentence's anchors that the passage lacks, in the order of `anchors`.

    Args:
        sentence: What is claimed.
        passage: Where the anchors must stand.
        kinds: Which anchors are looked for.
    """
    numbers: dict[str, set[str]] = {}
    for number in _numbers(passage, vague=True):
        numbers.setdefault(number.key, set()).add(number.unit)
    passage_words = set(words(passage))
    return tuple(
        anchor.text
        for anchor in anchors(sentence)
        if anchor.kind in kinds and not _holds(anchor, numbers=numbers, passage_words=passage_words)
    )


def _holds(anchor: Anchor, *, numbers: dict[str, set[str]], passage_words: set[str]) -> bool:
    """A number of another unit is another number; one without a unit may have any."""
    if anchor.kind is AnchorKind.NUMBER:
        units = numbers.get(anchor.key, set())
        return bool(units) and (not anchor.unit or anchor.unit in units or "" in units)
    return all(
        word in passage_words or word.removesuffix("'s") in passage_words for word in anchor.key.split()
    )


def _numbers(text: str, *, vague: bool = False) -> list[Anchor]:
    found = []
    for match in _NUMBER.finditer(text):
        value = float(re.sub(r"[,  ]", "", match["digits"]))
        found.append(_number(match, value))
    for match in _SPELLED_NUMBER.finditer(text):
        word = match["word"].lower()
        if vague or word not in _VAGUE or match["scale"]:
            found.append(_number(match, float(_SPELLED[word])))
    return found


def _number(match: re.Match[str], value: float) -> Anchor:
    total = value * (_SCALES[match["scale"].lower()] if match["scale"] else 1)
    unit = _UNIT.match(match.string, match.end())
    return Anchor(
        kind=AnchorKind.NUMBER,
        text=match.group().strip() + (unit.group() if unit else ""),
        key=f"{total:.6g}" if total < 1e6 else f"{total:.0f}",
        unit=_UNITS[unit[1].lower()] if unit else "",
    )


def _dates(text: str) -> list[Anchor]:
    return [
        Anchor(kind=AnchorKind.DATE, text=match.group(), key=match.group().lower())
        for match in _MONTH.finditer(text)
    ]


def _names(text: str) -> list[Anchor]:
    """Words with capitals; the first word of the text counts only within a longer name or like "eBay"."""
    found = []
    for match in _NAME.finditer(text):
        name = match.group()
        parts = [part for part in words(name) if not is_stop_word(part) and part not in _SPELLED]
        alone_at_start = not text[: match.start()].strip(_LEADING) and len(name.split()) == 1
        if not parts or (alone_at_start and not _MIXED.match(name)) or fold(name) in _MONTHS:
            continue
        found.append(Anchor(kind=AnchorKind.NAME, text=name, key=" ".join(parts)))
    return found
