"""Wrappers: words around the last turn, and turns before it, from a YAML file; data, not code."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe
from sparrow_lite.transcript import Role, Turn

_PLACE = "{request}"


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["user", "sparrow"]
    text: str = Field(min_length=1)


class _Wrapper(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9_]+$")
    attack: str = Field(min_length=1)
    text: str
    before: tuple[_Said, ...] = ()

    @field_validator("text")
    @classmethod
    def _has_a_place(cls, text: str) -> str:
        if text.count(_PLACE) != 1:
            raise ValueError(f"it must hold {_PLACE} once, where the probe's own words go")
        return text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    description: str = ""
    wrappers: tuple[_Wrapper, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrappers:
    """Wrappers of one file, in its order."""

    name: str
    wrappers: tuple[_Wrapper, ...]

    def variants(self, probe: Probe) -> Iterator[tuple[str, str, tuple[Turn, ...]]]:
        """Yield one variant a wrapper: its turns, the probe's earlier ones, and the wrapped last one.

        Where the probe's last turn says what comes before it, the wrapper's own turns come first of all.
        """
        for one in self.wrappers:
            before = tuple(Turn(role=Role(said.role), text=said.text) for said in one.before)
            text = one.text.strip().replace(_PLACE, probe.turns[-1].text)
            yield one.name, one.attack, (*before, *probe.turns[:-1], Turn(role=Role.USER, text=text))


def read_wrappers(path: Path, *, only: str | None = None) -> Wrappers:
    """Return the wrappers of a file; `only` keeps the one of that name.

    Raises:
        ConfigError: With the file and what cannot be used, or the names that there are.
    """
    try:
        held: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = _File.model_validate(held).wrappers
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(f"{path}: {where}: {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read as wrappers: {error}.") from error
    kept = tuple(one for one in found if only in {None, one.name})
    if not kept:
        raise ConfigError(f"{path} has no wrapper {only!r}, but: {', '.join(one.name for one in found)}.")
    return Wrappers(name=path.stem if only is None else only, wrappers=kept)
