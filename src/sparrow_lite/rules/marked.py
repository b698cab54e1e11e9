"""YAML read with its line numbers, and with nothing in it that could run or explode.

Owns the form of the file: size, nesting, aliases, tags and doubled keys. Leaves to `load.py` and `lexicon.py`
what the entries mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from sparrow_lite.errors import PromptError

MOST_BYTES = 1_000_000
MOST_NESTING = 12

_PREFIX = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A value of the file and the line on which it starts, from 1."""

    value: "str | int | bool | tuple[Marked, ...] | dict[str, Marked] | None"
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFile:
    """A file that was read, and the faults of its form, each `line N: what is wrong`."""

    path: Path
    text: str
    root: Marked
    problems: tuple[str, ...]


def read_marked(path: Path) -> MarkedFile:
    """Return the YAML file with line numbers; doubled keys and odd scalars become `problems`.

    Raises:
        PromptError: When the file cannot be read, is not UTF-8 or not YAML, is over 1,000,000 bytes, nests
            deeper than 12 levels, or uses an alias or a tag.
    """
    text = _read_text(path)
    try:
        _refuse_unsafe(text, path)
        node = yaml.compose(text, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        where = f" line {_line(error.problem_mark)}" if error.problem_mark else ""
        raise PromptError(f"{path.name}{where}: this is not YAML: {error.problem}.") from error
    except yaml.YAMLError as error:
        raise PromptError(f"{path.name}: this is not YAML: {error}.") from error
    problems: list[str] = []
    root = _marked(node, problems) if node is not None else Marked(value=None, line=1)
    return MarkedFile(path=path, text=text, root=root, problems=tuple(problems))


def _loader() -> type[yaml.SafeLoader]:
    # The same language in C where libyaml is there: twenty times faster on rules.yaml.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise PromptError(f"{path.name} has {len(raw)} bytes: at most {MOST_BYTES} are read.")
        return raw.decode("utf-8")
    except OSError as error:
        raise PromptError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PromptError(f"{path.name} line {line}: this is not UTF-8 text.") from error


def _refuse_unsafe(text: str, path: Path) -> None:
    # Events come one by one, so that a bomb is refused before anything is built of it.
    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        where = f"{path.name} line {_line(event.start_mark)}"
        if depth > MOST_NESTING:
            raise PromptError(f"{where}: nested deeper than {MOST_NESTING} levels.")
        if isinstance(event, yaml.AliasEvent):
            raise PromptError(f"{where}: aliases (*{event.anchor}) are not allowed: write it out.")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise PromptError(f"{where}: the tag {tag} is not allowed: write a plain value.")


def _line(mark: object) -> int:
    # Two kinds of marks, of the loader in Python and of that in C; some errors have none.
    return int(getattr(mark, "line", 0)) + 1


def _marked(node: yaml.Node, problems: list[str]) -> Marked:
    line = _line(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return Marked(value=dict(_entries(node, problems)), line=line)
    if isinstance(node, yaml.SequenceNode):
        return Marked(value=tuple(_marked(child, problems) for child in node.value), line=line)
    if isinstance(node, yaml.ScalarNode):
        return Marked(value=_scalar(node, problems), line=line)
    return Marked(value=None, line=line)


def _entries(node: yaml.MappingNode, problems: list[str]) -> Iterator[tuple[str, Marked]]:
    seen: set[str] = set()
    for key, child in node.value:
        line = _line(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            problems.append(f"line {line}: a field's name must be a word")
            continue
        if key.value in seen:
            problems.append(f"line {line}: field {key.value!r} is written twice")
        seen.add(key.value)
        yield key.value, _marked(child, problems)


def _scalar(node: yaml.ScalarNode, problems: list[str]) -> str | int | bool | None:
    kind = node.tag.removeprefix(_PREFIX)
    if kind == "bool":
        return bool(node.value.lower() in {"yes", "true", "on"})
    if kind == "int" and node.value.isdecimal():
        return int(node.value)
    if kind == "null":
        return None
    if kind != "str":
        line = _line(node.start_mark)
        problems.append(f"line {line}: {node.value!r} reads as a {kind}: put it in quotes")
    return str(node.value)
