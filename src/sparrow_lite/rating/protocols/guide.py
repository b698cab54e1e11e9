"""The words of a protocol, read from `evals/rating/NAME.yaml`: guidance, questions, items with gold."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.values import Choice, Question
from sparrow_lite.resources import shipped_dir


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WrittenChoice(_Written):
    """A choice as the file has it; see `values.Choice`."""

    id: str
    words: str
    key: str


class WrittenQuestion(_Written):
    """A question as the file has it; `{rule}` in its words stands for a rule's text."""

    id: str
    words: str
    guidance: str
    ordinal: bool = False
    choices: list[WrittenChoice]

    def question(self, *, id: str | None = None, words: str | None = None) -> Question:  # noqa: A002
        """Return it as it is asked, under another id or in other words where these are given."""
        choices = tuple(Choice(id=one.id, words=one.words, key=one.key) for one in self.choices)
        return Question(
            id=id or self.id,
            words=words or self.words,
            guidance=self.guidance,
            choices=choices,
            ordinal=self.ordinal,
        )


class WrittenItem(_Written):
    """A qualification or check item: a row as a user would give it, with its gold answers."""

    id: str
    row: dict[str, Any]
    gold: dict[str, str]
    explanation: str = ""


class Guide(_Written):
    """All the words of one protocol.

    Attributes:
        version: Of the words; it is kept with every session.
        canary: A line that no training data may hold.
        licence: Of the items.
        title: For people.
        guidance: What the rater is to do, in paragraphs that an empty line parts.
        questions: What is asked of an item.
        tips: For raters who talk, by kind of attack or none.
        qualification: Items that a rater answers first.
        checks: Items that are mixed in among the work.
    """

    version: str
    canary: str
    licence: str
    title: str
    guidance: str
    questions: list[WrittenQuestion] = Field(default_factory=list)
    tips: list[str] = Field(default_factory=list)
    qualification: list[WrittenItem] = Field(default_factory=list)
    checks: list[WrittenItem] = Field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Guided:
    """What every protocol takes from its guide.

    Attributes:
        guide: Its words.
    """

    guide: Guide

    @property
    def title(self) -> str:
        """For people."""
        return self.guide.title

    @property
    def version(self) -> str:
        """Of its words."""
        return self.guide.version

    @property
    def guidance(self) -> str:
        """What the rater is to do, in paragraphs."""
        return _paragraphs(self.guide.guidance)


def _paragraphs(text: str) -> str:
    """The text with each paragraph on one line and one empty line between two."""
    return "\n\n".join(" ".join(one.split()) for one in text.strip().split("\n\n"))


def read_guide(name: str, path: Path | None = None) -> Guide:
    """Return the words of the protocol of this name.

    Args:
        name: Of the protocol.
        path: The file; None for the shipped one.

    Raises:
        ConfigError: For a file that is missing or does not hold what a guide holds.
    """
    import yaml

    path = path or shipped_dir("evals") / "rating" / f"{name}.yaml"
    try:
        return Guide.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(f"{path}: {where}: {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read as the words of a protocol: {error}") from error
