"""Responses of another system from a file, as an arm: `file:responses.jsonl`, one JSON object a line.

    {"id": "q1", "reply": "Paris [1].", "evidence": [{"title": "France", "url": "https://…", "text": "…"}]}
    {"id": "no_threats-3", "suite": "adversarial", "sample": 1, "replies": ["I won't.", "Still no."]}

Keys:
    id: Of the probe.
    suite: Name of the probe's suite; left out, the row is for probes of this id in every suite.
    sample: Which answer to the probe, from 0, which is also the default.
    reply: The reply, or, for a probe that asks for several, `replies`: one for each, in order.
    citations: Quotes shown with the last reply: `{"quote", "title"?, "url"?, "sentence"?}`.
    evidence: Passages behind the last reply, which its marks `[1]`, `[2]` count: a text, or
        `{"text", "title"?, "url"?}`. Where the quote of a citation stands in no passage it is the next one.
    abstained: Why the last reply gives no answer, in a word.
    usage: `{"requests"?, "input_tokens"?, "output_tokens"?}`, for all replies together.
    seconds: What all replies took.

The file is checked when it is opened; then only the place of each line is kept in memory.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.arms.told import ToldCitation, ToldEvidence, show
from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.harness.play import count_replies

_BOM = b"\xef\xbb\xbf"

# Suite (None for every one), id, sample.
Key = tuple[str | None, str, int]


class _Usage(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    requests: int = Field(default=0, ge=0)
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(min_length=1)
    suite: str | None = None
    sample: int = Field(default=0, ge=0)
    reply: str | None = None
    replies: list[str] | None = Field(default=None, min_length=1)
    citations: list[ToldCitation] = []
    evidence: list[ToldEvidence] = []
    abstained: str | None = None
    usage: _Usage = _Usage()
    seconds: float = Field(default=0.0, ge=0.0)

    @field_validator("evidence", mode="before")
    @classmethod
    def _texts_are_passages(cls, given: object) -> object:
        if isinstance(given, list):
            return [{"text": one} if isinstance(one, str) else one for one in given]
        return given

    @model_validator(mode="after")
    def _says_something(self) -> "_Row":
        if (self.reply is None) == (self.replies is None):
            raise ValueError("it needs either `reply` or `replies`")
        return self

    @property
    def texts(self) -> list[str]:
        return self.replies if self.replies is not None else [self.reply or ""]


class ResponsesArm:
    """Answers with what stands in a file."""

    def __init__(self, name: str, path: Path) -> None:
        """Check every line of the file.

        Raises:
            ConfigError: With the line that cannot be used.
        """
        self._name = name
        self._path = path
        self._starts = _index(path)

    @property
    def name(self) -> str:
        """The name under which its results are reported."""
        return self._name

    @property
    def concurrency(self) -> int:
        """One: it waits for nothing."""
        return 1

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        """Return the reply of the case's row, and with the last one what the row tells beside it.

        Raises:
            ModelError: When the file has no row for the case, or one with another number of replies.
        """
        row, wanted = self._row(asked), count_replies(asked.probe)
        if len(row.texts) != wanted:
            raise ModelError(
                f"{self._path}: the row of {row.id!r} holds {len(row.texts)} replies, and the probe asks for "
                f"{wanted}: give one for each turn of the user's that nothing follows.",
                retryable=False,
            )
        text = row.texts[asked.reply]
        if asked.reply < wanted - 1:
            return show(text), Usage()
        shown = show(
            text,
            evidence=row.evidence,
            citations=row.citations,
            abstained=row.abstained,
            seconds=row.seconds,
        )
        return shown, Usage(**row.usage.model_dump())

    def _row(self, asked: Asked) -> _Row:
        probe = asked.probe
        for suite in (probe.suite, None):
            start = self._starts.get((suite, probe.id, asked.sample))
            if start is not None:
                with self._path.open("rb") as file:
                    file.seek(start)
                    return _Row.model_validate_json(file.readline())
        sample = f", sample {asked.sample}," if asked.sample else ""
        raise ModelError(
            f"{self._path} has no response for {probe.id!r}{sample} of the suite {probe.suite!r}: add a row.",
            retryable=False,
        )


def open(spec: ArmSpec) -> ResponsesArm:  # noqa: A001  # one name for what every arm's file offers
    """Return the arm of the file that the spec names as its model.

    Raises:
        ConfigError: When the file cannot be read, or a line of it cannot be used.
    """
    return ResponsesArm(spec.name, Path(spec.model))


def _index(path: Path) -> dict[Key, int]:
    """Return where the row of each case starts, in bytes."""
    found: dict[Key, int] = {}
    for number, start, line in _lines(path):
        row = _read(line, where=f"{path}, line {number}")
        key = (row.suite, row.id, row.sample)
        if key in found:
            raise ConfigError(f"{path}, line {number}: there is a row of {row.id!r} for this sample already.")
        found[key] = start
    return found


def _lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield the number, from 1, the start and the bytes of every line that is not blank."""
    start = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                skipped = len(_BOM) if number == 1 and line.startswith(_BOM) else 0
                if line[skipped:].strip():
                    yield number, start + skipped, line[skipped:]
                start += len(line)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read as responses: {error.strerror}.") from error


def _read(line: bytes, *, where: str) -> _Row:
    try:
        return _Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the row"
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{where}: {place}: {message}.") from error
