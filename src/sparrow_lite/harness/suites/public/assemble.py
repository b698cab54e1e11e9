"""Probes and suites out of the rows of a public set."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.lines import require_unique
from sparrow_lite.transcript import Role, Turn

Labels = tuple[tuple[str, str], ...]


def harm_probe(suite: str, probe_id: str, text: str, rule: str | None, **labels: str) -> Probe:
    """Return a probe that asks for harm outright."""
    return Probe(
        id=probe_id,
        suite=suite,
        kind=ProbeKind.ADVERSARIAL,
        turns=asked(text),
        rule=rule,
        attack="direct",
        labels=labelled(**labels),
    )


def asked(text: str) -> tuple[Turn, ...]:
    """Return the dialogue of one question."""
    return (Turn(role=Role.USER, text=text),)


def labelled(**labels: str) -> Labels:
    """Return the labels that hold something, by name in alphabetical order."""
    return tuple(sorted((name, value) for name, value in labels.items() if value))


def ids_of(texts: Sequence[str]) -> list[str]:
    """Return an id for each text of a set without ids: it changes only with the text, not with the order.

    A text that stands again gets `-2`, `-3` and so on behind its id.
    """
    seen: dict[str, int] = {}
    found = []
    for text in texts:
        short = hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[short] = seen.get(short, 0) + 1
        found.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return found


def assemble(
    name: str, probes: Sequence[Probe], path: Path, description: str, scorer: str | None = None
) -> Suite:
    """Return the suite; its version is its hash, since the files carry none. It has no canary of ours.

    Raises:
        ConfigError: When there is no probe, or an id stands twice.
    """
    require_unique(probes, path)
    bare = Suite(name=name, version="", canary="", description="", probes=tuple(probes))
    return Suite(
        name=name,
        version=bare.digest[:12],
        canary="",
        description=description,
        probes=bare.probes,
        scorer=scorer,
    )
