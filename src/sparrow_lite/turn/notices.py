"""What Sparrow shows when it gives no answer, and the example conversation: words read from `prompts/`."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.prompts import Prompt, read_prompt
from sparrow_lite.reply import AbstainReason
from sparrow_lite.resources import find_file
from sparrow_lite.transcript import Role, Transcript, Turn

_FILE = "notices.yaml"
_SEARCH_OFF = "search_off"
_FIELDS = {AbstainReason.RULE_REFUSAL: {"reason"}, AbstainReason.EVIDENCE_CONFLICTS: {"sides"}}
_SPEAKER = re.compile(r"^(User|Sparrow): ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """One notice for each reason to abstain, and one for a turn that was not to search."""

    texts: Mapping[str, Prompt]

    @property
    def version(self) -> str:
        """The first 12 hex digits of the SHA-256 of all notices."""
        joined = "\n".join(f"{name}: {prompt.text}" for name, prompt in sorted(self.texts.items()))
        return hashlib.sha256(joined.encode()).hexdigest()[:12]

    def abstention(self, why: AbstainReason, /, *, searched: bool = True, **values: str) -> str:
        """Return the notice for a reason, filled.

        Raises:
            PromptError: For a missing or an extra field.
        """
        name = why.value
        if why is AbstainReason.NO_RESULTS and not searched:
            name = _SEARCH_OFF
        return self.texts[name].fill(**values)


def read_notices(own_dir: Path | None = None) -> Notices:
    """Return `notices.yaml`, the user's own when `own_dir` holds one.

    Raises:
        PromptError: When the file is missing, is not a mapping of texts, lacks a reason, or a text has other
            places than its reason fills.
    """
    import yaml

    try:
        path = find_file(_FILE, folder="prompts", own_dir=own_dir)
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (ConfigError, OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PromptError(f"{_FILE} cannot be read: {error}") from error
    wanted = {*AbstainReason, _SEARCH_OFF}
    if not isinstance(entries, dict) or set(entries) != wanted:
        found = sorted(entries) if isinstance(entries, dict) else type(entries).__name__
        raise PromptError(f"{path} must hold a text for each of {sorted(wanted)}, and holds {found}.")
    return Notices(texts={name: _read_notice(name, str(text), path) for name, text in entries.items()})


def _read_notice(name: str, text: str, path: Path) -> Prompt:
    notice = Prompt(name=name, text=" ".join(text.split()))
    wanted = _FIELDS.get(AbstainReason(name), set()) if name != _SEARCH_OFF else set()
    try:
        found = notice.fields
    except ValueError as error:
        raise PromptError(f"The text {name!r} of {path} cannot be used: {error}.") from error
    if found != wanted:
        raise PromptError(
            f"The text {name!r} of {path} holds {sorted(found)} and must hold {sorted(wanted)}."
        )
    return notice


def read_example(own_dir: Path | None = None) -> Transcript:
    """Return the example conversation of `example.md`: paragraphs that begin with `User: ` or `Sparrow: `.

    Raises:
        PromptError: When the file is missing or begins with anything else.
    """
    text = read_prompt("example", own_dir=own_dir).text
    before, *pieces = _SPEAKER.split(text)
    if before.strip() or not pieces:
        raise PromptError("Prompt 'example' must be lines that begin with 'User: ' or 'Sparrow: '.")
    roles = {"User": Role.USER, "Sparrow": Role.SPARROW}
    return Transcript(
        turns=tuple(
            Turn(role=roles[speaker], text=words.strip())
            for speaker, words in zip(pieces[::2], pieces[1::2], strict=True)
        )
    )
