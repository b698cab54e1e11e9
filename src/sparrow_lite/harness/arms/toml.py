"""An arm of one's own from a TOML file: an arm of the ladder, with what is to be different.

    name = "two candidates, own words"    # the file's name when left out
    extends = "rerank"                    # full when left out
    model = "openai:gpt-5-mini"
    prompts_dir = "my-prompts"            # paths are relative to the file
    rate = 5.0                            # requests a second

    [turn]
    candidates = 2

    [price]                               # US dollars a million tokens
    input = 0.25
    output = 2.0

`[turn]`, `[model_options]` and `[search_options]` take what `options.py` names.
"""

import difflib
import json
import tomllib
from collections.abc import Collection
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.spec import PATH_PREFIXES, ArmSpec, Price, ladder_arm
from sparrow_lite.options import ModelOptions, Options, SearchOptions, TurnOptions

Group = TypeVar("Group", ModelOptions, SearchOptions, TurnOptions)

_PATH_OPTIONS = ("cache_dir", "index_dir", "record")


class _Price(BaseModel):
    model_config = ConfigDict(strict=True)

    input: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)
    output: float = Field(default=0.0, ge=0.0, allow_inf_nan=False)


class _Arm(BaseModel):
    model_config = ConfigDict(strict=True, protected_namespaces=())

    name: str | None = Field(default=None, min_length=1)
    extends: str = "full"
    model: str | None = None
    search: str | None = None
    rule_judge: str | None = None
    support_judge: str | None = None
    prompts_dir: str | None = None
    weights_dir: str | None = None
    rate: float | None = Field(default=None, gt=0.0, allow_inf_nan=False)
    in_flight: int | None = Field(default=None, ge=1)
    turn: dict[str, Any] = {}
    model_options: dict[str, Any] = {}
    search_options: dict[str, Any] = {}
    price: _Price | None = None


def read_toml_arm(path: str, base: ArmSpec) -> ArmSpec:
    """Return the arm of a file, on the model, the search and the options of `base` where it says nothing.

    Raises:
        ConfigError: When the file cannot be read, or holds a key or a value that cannot be used.
    """
    file = Path(path)
    return _arm(_read(file), file, base)


def _read(file: Path) -> _Arm:
    try:
        held = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read as an arm: {error}.") from error
    _check_names(held, _Arm.model_fields, where=f"{file}")
    if isinstance(held.get("price"), dict):
        _check_names(held["price"], _Price.model_fields, where=f"{file}, [price]")
    try:
        return _Arm.model_validate(held)
    except ValidationError as error:
        raise ConfigError(f"{file}: {_fault(error)}") from error


def _arm(held: _Arm, file: Path, base: ArmSpec) -> ArmSpec:
    arm = ladder_arm(held.extends, base)
    folder = file.parent
    price = Price(input=held.price.input, output=held.price.output) if held.price else arm.price
    made = replace(
        arm,
        name=held.name or file.stem,
        model=_resolved(held.model, folder) or arm.model,
        search=_resolved(held.search, folder) or arm.search,
        options=_options(held, file, arm.options),
        price=price,
        rate=held.rate or arm.rate,
        in_flight=held.in_flight or arm.in_flight,
    )
    if (made.options.rule_judge, made.model) == ("prompted", "embedded"):
        raise ConfigError(
            f"{file}: the judge of rules 'prompted' needs a model that can judge: name another."
        )
    return made


def _options(held: _Arm, file: Path, options: Options) -> Options:
    folder = file.parent
    return replace(
        options,
        turn=_group(options.turn, held.turn, where=f"{file}, [turn]"),
        model=_group(options.model, held.model_options, where=f"{file}, [model_options]"),
        search=_group(options.search, _with_paths(held, folder), where=f"{file}, [search_options]"),
        rule_judge=held.rule_judge or options.rule_judge,
        support_judge=held.support_judge or options.support_judge,
        prompts_dir=_folder(held.prompts_dir, file) or options.prompts_dir,
        weights_dir=_folder(held.weights_dir, file) or options.weights_dir,
    )


def _group(base: Group, given: dict[str, Any], *, where: str) -> Group:
    """Return the options with what is given, typed as strictly as JSON is."""
    _check_names(given, [one.name for one in fields(base)], where=where)
    try:
        merged = json.dumps({**asdict(base), **given}, default=str)
        return TypeAdapter(type(base)).validate_json(merged, strict=True)
    except ValidationError as error:
        raise ConfigError(f"{where}: {_fault(error)}") from error


def _fault(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}." if place else f"{message}."


def _check_names(given: Collection[str], known: Collection[str], *, where: str) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"the nearest is {near[0]!r}" if near else f"known are {', '.join(known)}"
            raise ConfigError(f"{where}: there is no key {name!r}: {hint}.")


def _folder(name: str | None, file: Path) -> Path | None:
    if name is None:
        return None
    folder = file.parent / name
    if not folder.is_dir():
        raise ConfigError(f"{file}: {folder} is not a folder: paths are relative to the file.")
    return folder


def _with_paths(held: _Arm, folder: Path) -> dict[str, Any]:
    given = held.search_options
    return {
        name: str(folder / value) if name in _PATH_OPTIONS and isinstance(value, str) else value
        for name, value in given.items()
    }


def _resolved(name: str | None, folder: Path) -> str | None:
    """The name of a model or a search; a path in it that exists beside the file is that one."""
    if name is None:
        return None
    prefix, colon, rest = name.partition(":")
    beside = folder / rest
    return f"{prefix}:{beside}" if colon and prefix in PATH_PREFIXES and rest and beside.exists() else name
