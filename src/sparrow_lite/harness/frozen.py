"""The suites of a run, frozen in its folder as JSON lines, so that a report needs nothing from outside."""

import json
from pathlib import Path

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.probe import Probe, Suite

_FOLDER = "suites"


def freeze_suite(suite: Suite, folder: Path) -> None:
    """Write the suite's probes beside the ledger, the canary first.

    Raises:
        StoreError: When the disk does not take them.
    """
    path = _path(suite.name, folder)
    lines = [{"canary": suite.canary}, *(probe.to_dict() for probe in suite.probes)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error


def frozen_probes(name: str, folder: Path) -> tuple[Probe, ...]:
    """Return the probes of a suite as they were when the run began.

    Raises:
        StoreError: When the file is missing or damaged.
    """
    path = _path(name, folder)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line]
        return tuple(Probe.of(row) for row in rows if "canary" not in row)
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{path} cannot be read: the run's files are not whole.") from error


def _path(name: str, folder: Path) -> Path:
    return folder / _FOLDER / f"{name.replace('/', '__')}.jsonl"
