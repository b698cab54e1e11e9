"""Intents of the embedded model: what it answers without evidence, read from `prompts/embedded.yaml`.

The file owns every word and pattern; this module owns only reading and matching.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.language import stems
from sparrow_lite.resources import find_file

_FILE = "embedded.yaml"
_END_CHARS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One kind of user's turn that is answered without evidence.

    Attributes:
        id: Its name.
        patterns: Any of them, found in the user's words, is enough.
        unless: Any of them, found there too, says that the words ask for knowledge after all.
        reply: What is answered.
        declines: Whether it is what the rules forbid.
        urgent: Whether it comes before all else.
    """

    id: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    reply: str
    declines: bool
    urgent: bool

    def fits(self, words: str) -> bool:
        """Return whether words in lower case are such a turn."""
        return any(one.search(words) for one in self.patterns) and not any(
            one.search(words) for one in self.unless
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasebook:
    """All that `embedded.yaml` says.

    Attributes:
        intents: In the order in which they are tried.
        not_understood: Reply to a turn without any known word.
        nothing_found: What is written when no evidence answers.
        related: For a stem, the stems that may answer it, itself included.
        generic: Stems that say little about a question's subject.
    """

    intents: tuple[Intent, ...]
    not_understood: str
    nothing_found: str
    related: Mapping[str, frozenset[str]]
    generic: frozenset[str]

    def match(self, text: str) -> Intent | None:
        """Return the first intent whose pattern is found in the user's words; None when none is.

        What is urgent is tried first, then what the rules forbid, so that no greeting can lead a request in.
        """
        words = _ends(" ".join(text.lower().replace("’", "'").split()))
        ordered = sorted(self.intents, key=lambda intent: (not intent.urgent, not intent.declines))
        return next((intent for intent in ordered if intent.fits(words)), None)


def _ends(words: str) -> str:
    """The beginning and the end of a long turn: what is wanted stands there, and patterns stay quick."""
    if len(words) <= 2 * _END_CHARS:
        return words
    return f"{words[:_END_CHARS]} {words[-_END_CHARS:]}"


class _IntentEntry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str
    patterns: list[re.Pattern[str]]
    unless: list[re.Pattern[str]] = []
    reply: str
    declines: bool = False
    urgent: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    about: str
    intents: list[_IntentEntry]
    not_understood: str
    nothing_found: str
    related: list[list[str]]
    generic: list[str]


def read_phrasebook(own_dir: Path | None = None) -> Phrasebook:
    """Return the phrasebook, the user's own `embedded.yaml` when `own_dir` holds one.

    Raises:
        PromptError: When the file is missing or malformed, with what is wrong and where.
    """
    import yaml

    try:
        path = find_file(_FILE, folder="prompts", own_dir=own_dir)
        entries = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ConfigError, OSError, yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise PromptError(f"{_FILE} cannot be used: {error}") from error
    return Phrasebook(
        intents=tuple(
            Intent(
                id=entry.id,
                patterns=tuple(entry.patterns),
                unless=tuple(entry.unless),
                reply=" ".join(entry.reply.split()),
                declines=entry.declines,
                urgent=entry.urgent,
            )
            for entry in entries.intents
        ),
        not_understood=entries.not_understood,
        nothing_found=entries.nothing_found,
        related=_related(entries.related),
        generic=frozenset(stems(" ".join(entries.generic))),
    )


def _related(groups: Sequence[Sequence[str]]) -> dict[str, frozenset[str]]:
    related: dict[str, frozenset[str]] = {}
    for group in groups:
        members = frozenset(stems(" ".join(group)))
        for member in members:
            related[member] = related.get(member, frozenset()) | members
    return related
