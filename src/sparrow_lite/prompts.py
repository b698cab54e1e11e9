"""Prompts: read, filled strictly, versioned by their content.

The words live in `prompts/`, one file each, with `{field}` places. Owns no wording and no layout of turns:
`models/` lays turns out for a model.
"""

import difflib
import hashlib
import string
from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.resources import find_file, shipped_dir

_SUFFIXES = frozenset({".md", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt file.

    Attributes:
        name: File name without its ending.
        text: Its words, with `{field}` places.
    """

    name: str
    text: str

    @property
    def version(self) -> str:
        """The first 12 hex digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    @property
    def fields(self) -> frozenset[str]:
        """The names that `fill` wants."""
        return frozenset(name for _, name, _, _ in string.Formatter().parse(self.text) if name)

    def fill(self, **values: str) -> str:
        """Return the text with every place filled.

        Raises:
            PromptError: For a missing or an extra field.
        """
        missing = self.fields - values.keys()
        extra = values.keys() - self.fields
        if missing or extra:
            raise PromptError(
                f"Prompt {self.name!r} has the fields {sorted(self.fields)}: "
                f"missing {sorted(missing)}, not known {sorted(extra)}."
            )
        return self.text.format_map(values)


def read_prompt(name: str, *, own_dir: Path | None = None) -> Prompt:
    """Return `prompts/NAME.md`, the user's own one when `own_dir` holds it.

    Raises:
        PromptError: When the file is missing or not UTF-8, when its places are malformed or not the shipped
            one's, or when `own_dir` holds a file that stands in for none.
    """
    check_own_dir(own_dir)
    file_name = f"{name}.md"
    try:
        path = find_file(file_name, folder="prompts", own_dir=own_dir)
        prompt = Prompt(name=name, text=path.read_text(encoding="utf-8").strip())
        shipped = shipped_dir("prompts") / file_name
        # The places are parsed now, so that a bad file fails at start-up.
        wanted = _fields(shipped) if shipped.is_file() else prompt.fields
        if prompt.fields != wanted:
            raise ValueError(_differing(prompt.fields, wanted))
    except (ConfigError, OSError, ValueError) as error:
        raise PromptError(f"The prompt {file_name} cannot be used: {error}") from error
    return prompt


def check_own_dir(own_dir: Path | None) -> None:
    """Check that each prompt and rules file of the user's own stands in for a shipped one.

    A README.md is left alone, and so is every file that is neither `.md` nor `.yaml`.

    Raises:
        PromptError: With the name that nothing reads, and the nearest one that is read.
    """
    if own_dir is None or not own_dir.is_dir():
        return
    known = sorted(path.name for path in shipped_dir("prompts").iterdir() if path.suffix in _SUFFIXES)
    for path in sorted(own_dir.iterdir()):
        if path.suffix.lower() not in _SUFFIXES or path.name in {*known, "README.md"}:
            continue
        near = difflib.get_close_matches(path.name.lower(), known, n=1)
        hint = f"the nearest name is {near[0]}" if near else f"known are {', '.join(known)}"
        raise PromptError(f"{path} stands in for no prompt: {hint}.")


def _fields(path: Path) -> frozenset[str]:
    return Prompt(name=path.stem, text=path.read_text(encoding="utf-8")).fields


def _differing(found: frozenset[str], wanted: frozenset[str]) -> str:
    told = ", ".join(f"{{{name}}}" for name in sorted(wanted)) or "no place"
    return f"it must hold {told}; missing {sorted(wanted - found)}, not known {sorted(found - wanted)}."
