"""Word lists and turns of phrase of the lexical judge, read from `prompts/lexicon.yaml`.

Owns how `{name}` in a pattern becomes a word list; leaves to `reading.py` what the phrases mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.resources import find_file
from sparrow_lite.rules.fields import Fields
from sparrow_lite.rules.marked import Marked, read_marked

_FILE = "lexicon.yaml"
# A letter first, so that `{0,3}` stays a quantifier.
_PLACE = re.compile(r"\{([a-z_]+)\}")
_ESCAPE = re.compile(r"\\.|\(\?P")
_CAPITAL = re.compile(r"[A-Z]")
_NEVER = re.compile(r"(?!)")
# Word lists may stand in word lists, this deep.
_DEPTH = 3


class Phrase(StrEnum):
    """What a phrase of the lexicon does: see the comments in `prompts/lexicon.yaml`."""

    NEGATES = "negates"
    REFUSES = "refuses"
    REDIRECTS = "redirects"
    AGREES = "agrees"
    OBJECTS = "objects"
    DENIES = "denies"
    COMPLIES = "complies"
    ENCOURAGES = "encourages"
    ATTRIBUTES = "attributes"
    DISSENTS = "dissents"
    FICTION = "fiction"
    BENIGN = "benign"
    GREETS = "greets"
    CHATS = "chats"
    ABSTAINS = "abstains"
    CLARIFIES = "clarifies"
    REPEATS_WANTED = "repeats_wanted"
    AMOUNTS = "amounts"
    WANTS_AMOUNT = "wants_amount"
    ASKS = "asks"
    POINTS_BACK = "points_back"
    SENSELESS = "senseless"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Word lists and compiled phrases.

    Attributes:
        words: Alternatives of each word list, as one regular expression without a group around it.
        phrases: One pattern for every `Phrase`.
    """

    words: Mapping[str, str]
    phrases: Mapping[Phrase, re.Pattern[str]]

    def says(self, phrase: Phrase, text: str) -> bool:
        """Return whether the folded text holds such a phrase."""
        return self.phrases[phrase].search(text) is not None

    def compile(self, pattern: str) -> re.Pattern[str]:
        """Return the pattern of a cue with its word lists filled in.

        Raises:
            PromptError: When it names a word list that does not exist.
        """
        filled = _filled(pattern, self.words)
        # What is matched has no capitals: minding case takes half the time, when the cue has none either.
        case = re.IGNORECASE if _CAPITAL.search(_ESCAPE.sub("", filled)) else 0
        return re.compile(filled, case | re.MULTILINE)


def read_lexicon(*, own_dir: Path | None = None) -> Lexicon:
    """Return the lexicon, the user's own one when `own_dir` holds it.

    Raises:
        PromptError: When the file cannot be read or holds faults; the message lists all, with their lines.
    """
    try:
        path = find_file(_FILE, folder="prompts", own_dir=own_dir)
    except ConfigError as error:
        raise PromptError(str(error)) from error
    file = read_marked(path)
    problems = list(file.problems)
    top = Fields(file.root, "", problems)
    top.take("version")
    words = _lists(top, "words", problems)
    phrases = _lists(top, "phrases", problems)
    top.close()
    unknown, missing = phrases.keys() - set(Phrase), set(Phrase) - phrases.keys()
    problems += [f"phrases: '{name}' is not one of {', '.join(Phrase)}" for name in sorted(unknown)]
    problems += [f"phrases: '{name}' is missing" for name in sorted(missing)]
    if problems:
        raise PromptError("\n".join(f"{path.name} {problem}" for problem in problems))
    return Lexicon(words=words, phrases={phrase: _pattern(phrases[phrase], words) for phrase in Phrase})


def _lists(top: Fields, name: str, problems: list[str]) -> dict[str, str]:
    section = top.take(name)
    if section is None:
        return {}
    fields = Fields(section, name, problems)
    names: Mapping[str, Marked] = section.value if isinstance(section.value, dict) else {}
    return {key: "|".join(fields.patterns(key)) for key in names}


def _pattern(alternatives: str, words: Mapping[str, str]) -> re.Pattern[str]:
    if not alternatives:
        return _NEVER
    return re.compile(_filled(alternatives, words))


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    for _ in range(_DEPTH):
        pattern = _PLACE.sub(lambda place: _word_list(place[1], words), pattern)
    return pattern


def _word_list(name: str, words: Mapping[str, str]) -> str:
    if name not in words:
        raise PromptError(
            f"There is no word list {name!r} in {_FILE}: write one of {', '.join(sorted(words))}."
        )
    return words[name]
