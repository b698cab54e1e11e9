"""Mutators: each multiplies a suite by asking the same in another form.

By name: `base64`, `rot13`, `leetspeak`, `spaced_letters`; a set of wrappers that ships in `evals/mutators/`
(`personas`, `prefix_injection`, `quoted_text`, `many_shot`) or one of it (`personas/novelist`);
`wrappers:FILE.yaml` for a set of one's own; `translation:FILE` for a table of translations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.mutate.base import Mutator
from sparrow_lite.harness.mutate.encoding import CODES, Encoding
from sparrow_lite.harness.mutate.translation import read_translations
from sparrow_lite.harness.mutate.wrapping import read_wrappers
from sparrow_lite.harness.probe import Probe, Suite
from sparrow_lite.resources import shipped_dir

_FROM_FILES = {"translation": read_translations, "wrappers": read_wrappers}

# More mutators than this are counted in the suite's name, which is a file's name too; the version names all.
_NAMED = 3


def open_mutator(name: str) -> Mutator:
    """Return the mutator of this name.

    Raises:
        ConfigError: For a name that nobody knows, or a file that cannot be used.
    """
    if name in CODES:
        return Encoding(name)
    prefix, _, rest = name.partition(":")
    if prefix in _FROM_FILES and rest:
        return _FROM_FILES[prefix](Path(rest))
    shipped = shipped_dir("evals") / "mutators"
    stem, _, only = name.partition("/")
    if (shipped / f"{stem}.yaml").is_file():
        return read_wrappers(shipped / f"{stem}.yaml", only=only or None)
    raise ConfigError(f"There is no mutator {name!r}. Known are: {', '.join(mutator_names())}.")


def mutator_names() -> tuple[str, ...]:
    """Return every name that `open_mutator` takes, those of files last."""
    shipped = sorted(path.stem for path in (shipped_dir("evals") / "mutators").glob("*.yaml"))
    return (*CODES, *shipped, "wrappers:FILE.yaml", "translation:FILE.jsonl", "translation:FILE.tsv")


def mutate(suite: Suite, names: Sequence[str], *, keep: bool = False) -> Suite:
    """Return a suite of the variants that the named mutators make, mutator by mutator.

    A variant's id is the probe's with a mark, such as `no_threats-direct-1+base64`; its rule, kind, answers
    and labels are the probe's, its attack the mutator's. The canary stays, and the version says what was
    done to which version.

    Args:
        suite: The suite to multiply.
        names: Of mutators, as `open_mutator` takes them.
        keep: Whether the unchanged probes come first.

    Raises:
        ConfigError: For a name that nobody knows; when no probe has any variant.
    """
    mutators = [open_mutator(name) for name in names]
    done = list(dict.fromkeys(one.name for one in mutators))
    short = "+".join(done)
    name = f"{suite.name}+{short if len(done) <= _NAMED else f'{len(done)}_mutators'}"
    found = [replace(probe, suite=name) for probe in suite.probes] if keep else []
    for mutator in mutators:
        made = list(_variants(suite, mutator, name))
        if not made:
            raise ConfigError(f"The mutator {mutator.name!r} has no variant of any probe of {suite.name}.")
        found += made
    _require_unique(found)
    return replace(
        suite,
        name=name,
        version=f"{suite.version}+{short}",
        description=f"{suite.description} Varied by: {short}.".strip(),
        probes=tuple(found),
    )


def _variants(suite: Suite, mutator: Mutator, name: str) -> Iterator[Probe]:
    for probe in suite.probes:
        for mark, attack, turns in mutator.variants(probe):
            yield replace(probe, id=f"{probe.id}+{mark}", suite=name, attack=attack, turns=turns)


def _require_unique(probes: Sequence[Probe]) -> None:
    seen: set[str] = set()
    for probe in probes:
        if probe.id in seen:
            raise ConfigError(f"Two variants have the id {probe.id!r}: give each mutator once.")
        seen.add(probe.id)
