"""Prompts: read, filled strictly, versioned by their content.

The words live in `prompts/`, one file each, with `{field}` places. Owns no wording and no layout of turns:
`models/` lays turns out for a model.
"""

import hashlib
import string
from dataclasses import dataclass
from pathlib import Path

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.resources import find_file


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
        PromptError: When the file is missing, is not UTF-8, or its places are malformed.
    """
    try:
        path = find_file(f"{name}.md", folder="prompts", own_dir=own_dir)
        prompt = Prompt(name=name, text=path.read_text(encoding="utf-8").strip())
        prompt.fields  # noqa: B018 (parses the places now, so that a bad file fails at start-up)
    except (ConfigError, OSError, ValueError) as error:
        raise PromptError(f"Prompt {name!r} cannot be read: {error}") from error
    return prompt
