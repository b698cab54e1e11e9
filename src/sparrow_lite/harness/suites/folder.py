"""A suite in a folder: `suite.yaml` says what it is, each `.jsonl` file holds probes after a canary line."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.lines import read_probes, require_unique


class _Card(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    version: str
    kind: ProbeKind
    canary: str = ""
    description: str = ""


def read_folder(folder: Path, *, only: str | None = None) -> Suite:
    """Return the suite in this folder; `only` keeps one of its files, by its name without the ending.

    Raises:
        ConfigError: With the file and the line that cannot be used.
    """
    card = _read_card(folder / "suite.yaml")
    paths = [path for path in sorted(folder.glob("*.jsonl")) if only in {None, path.stem}]
    name = card.name if only is None else f"{card.name}/{only}"
    found: list[Probe] = []
    for path in paths:
        found += read_probes(path, suite=card.name, kind=card.kind, canary=card.canary)
    require_unique(found, folder)
    return Suite(
        name=name,
        version=card.version,
        canary=card.canary,
        description=card.description,
        probes=tuple(found),
    )


def _read_card(path: Path) -> _Card:
    try:
        held: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _Card.model_validate(held)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{path}: {where}: {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(f"{path} cannot be read as a suite's card: {error}.") from error
