"""Reading `prompts/rules.yaml`: every fault is told at once, each with its line.

Owns what an entry must hold. A user's own `rules.yaml` takes the place of the shipped one, or, when it says
`extends: shipped`, adds to it; there an entry with the id of a shipped rule stands in for that rule.
"""

import hashlib
import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sparrow_lite.errors import ConfigError, PromptError
from sparrow_lite.resources import find_file
from sparrow_lite.rules.base import Cues, Example, Family, Measure, Rule
from sparrow_lite.rules.fields import Fields
from sparrow_lite.rules.marked import Marked, read_marked

_FILE = "rules.yaml"
_ID = re.compile(r"[a-z][a-z0-9_]*")
_EXTENDS = re.compile(r"^extends:\s*[\"']?shipped\b", re.MULTILINE)

_Choice = TypeVar("_Choice", bound=StrEnum)


def load_rules(path: Path | None = None, *, own_dir: Path | None = None) -> tuple[Rule, ...]:
    """Return the rules, by number.

    Args:
        path: The file to read; None finds `rules.yaml` in `own_dir`, then the shipped one.
        own_dir: Folder of the user's own prompts; None for none.

    Raises:
        PromptError: For a file that cannot be read or that holds faults; the message lists all of them,
            each as `rules.yaml line 41, rule 'no_threats': field 'text' is missing`.
    """
    path = path or _find(own_dir)
    file = read_marked(path)
    problems = list(file.problems)
    top = Fields(file.root, "", problems)
    top.take("version")
    shipped = load_rules() if _extends(top, path) else ()
    entries = top.entries("rules")
    top.close()
    rules = _read_rules(entries, shipped, problems)
    if problems:
        raise PromptError(_message(path, problems))
    return rules


def rules_version(path: Path | None = None, *, own_dir: Path | None = None) -> str:
    """Return 12 hex digits of the SHA-256 of the rules file, with the shipped one when it extends that.

    Raises:
        PromptError: When the file cannot be read.
    """
    text = read_marked(path or _find(own_dir)).text
    if _EXTENDS.search(text):
        text = read_marked(_find(None)).text + text
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _find(own_dir: Path | None) -> Path:
    try:
        return find_file(_FILE, folder="prompts", own_dir=own_dir)
    except ConfigError as error:
        raise PromptError(str(error)) from error


def _extends(top: Fields, path: Path) -> bool:
    found = top.take("extends", required=False)
    if found is None:
        return False
    if found.value != "shipped":
        top.note(found.line, "field 'extends' can only be `shipped`")
        return False
    return path.resolve() != _find(None).resolve()


def _read_rules(entries: Sequence[Marked], shipped: Sequence[Rule], problems: list[str]) -> tuple[Rule, ...]:
    by_id = {rule.id: rule for rule in shipped}
    places = {rule.number: rule.id for rule in shipped}
    own: dict[str, int] = {}
    for index, entry in enumerate(entries, start=1):
        fields = Fields(entry, _where(entry, index), problems)
        rule_id = _id(fields)
        if rule_id in own:
            fields.note(entry.line, f"the id is already that of line {own[rule_id]}")
        own[rule_id] = entry.line
        stood_for = by_id.get(rule_id) if shipped else None
        number = _number(fields, places, stood_for, optional=bool(shipped))
        places[number] = rule_id
        by_id[rule_id] = _read_rule(fields, rule_id, number)
    return tuple(sorted(by_id.values(), key=lambda rule: rule.number))


def _where(entry: Marked, index: int) -> str:
    named = entry.value.get("id") if isinstance(entry.value, dict) else None
    return f"rule {named.value!r}" if named and named.value else f"rule {index} of the file"


def _id(fields: Fields) -> str:
    rule_id = fields.text("id")
    if rule_id and not _ID.fullmatch(rule_id):
        fields.note(fields.line, "the id must be small letters, digits and `_`, as no_threats")
    return rule_id


def _number(fields: Fields, places: dict[int, str], stood_for: Rule | None, *, optional: bool) -> int:
    number = fields.number("number", required=not optional)
    if number is None:
        return stood_for.number if stood_for else max(places, default=0) + 1
    taken_by = places.get(number)
    if taken_by is not None and (stood_for is None or taken_by != stood_for.id):
        fields.note(fields.line, f"the number {number} is already that of rule {taken_by!r}")
    return number


def _read_rule(fields: Fields, rule_id: str, number: int) -> Rule:
    rule = Rule(
        id=rule_id,
        number=number,
        name=fields.text("name"),
        text=fields.text("text"),
        family=_choice(fields, "family", Family) or Family.HELPFULNESS,
        adversarial=fields.flag("adversarial"),
        carve_outs=fields.texts("carve_outs", required=False),
        refusal=fields.text("refusal"),
        keeps=_examples(fields, "keeps"),
        breaks=_examples(fields, "breaks"),
        near_misses=_examples(fields, "near_misses"),
        cues=_cues(fields),
    )
    fields.close()
    return rule


def _choice(fields: Fields, name: str, kind: type[_Choice], *, required: bool = True) -> _Choice | None:
    found = fields.take(name, required=required)
    if found is None:
        return None
    known = [choice.value for choice in kind]
    if isinstance(found.value, str) and found.value in known:
        return kind(found.value)
    fields.note(found.line, f"{name} {found.value!r} is not one of {', '.join(known)}")
    return None


def _examples(fields: Fields, name: str) -> tuple[Example, ...]:
    found = []
    for index, entry in enumerate(fields.entries(name), start=1):
        inner = Fields(entry, f"{fields.where}, {name} {index}", fields.problems)
        found.append(Example(user=inner.text("user"), sparrow=inner.text("sparrow")))
        inner.close()
    return tuple(found)


def _cues(fields: Fields) -> Cues:
    found = fields.take("cues", required=False)
    if found is None:
        return Cues()
    inner = Fields(found, f"{fields.where}, cues", fields.problems)
    cues = Cues(
        reply=inner.patterns("reply"),
        asks=inner.patterns("asks"),
        claims=inner.patterns("claims"),
        truths=inner.patterns("truths"),
        unless=inner.patterns("unless"),
        strict=inner.flag("strict", required=False),
        measure=_choice(inner, "measure", Measure, required=False),
    )
    inner.close()
    return cues


def _message(path: Path, problems: Sequence[str]) -> str:
    return "\n".join(f"{path.name} {problem}" for problem in problems)
