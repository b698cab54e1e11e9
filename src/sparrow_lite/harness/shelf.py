"""The runs that lie in one folder, each told in a line, and the name of the next one."""

import os
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.ledger import LEDGER, Ledger

_NAME_CHARS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """A run in a few words.

    Attributes:
        name: Of its folder.
        suites: Names of the suites.
        arms: Names of the arms.
        judges: Names of the sets of judges.
        done: Cases that gave a conversation.
        failed: Cases that gave none.
        planned: Cases that it has when it is finished.
        started_at: When it was started; None where it does not say.
        fault: Why it cannot be read; None for one that can be.
    """

    name: str
    suites: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    done: int = 0
    failed: int = 0
    planned: int = 0
    started_at: datetime | None = None
    fault: str | None = None

    @property
    def cases(self) -> int:
        """Cases that stand in the ledger."""
        return self.done + self.failed

    @property
    def finished(self) -> bool:
        """Whether every planned case stands there."""
        return self.planned > 0 and self.cases >= self.planned


def list_runs(folder: Path) -> tuple[RunLine, ...]:
    """Return the runs that lie in the folder, the newest first; none when the folder is not there.

    One that cannot be read is among them, last, with its fault.

    Raises:
        StoreError: When the folder cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if (path / LEDGER).is_file() and _is_text(path.name)]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(f"{folder} cannot be read: {error.strerror}.") from error
    lines = [tell_run(path) for path in sorted(found)]
    return tuple(sorted(lines, key=lambda line: _seconds(line.started_at), reverse=True))


def tell_run(folder: Path) -> RunLine:
    """Return the line of the run in this folder; with its fault when it cannot be read."""
    try:
        with closing(Ledger.of(folder)) as ledger:
            manifest, (done, failed) = ledger.manifest() or {}, ledger.count()
    except StoreError as error:
        return RunLine(name=folder.name, fault=str(error))
    return RunLine(
        name=folder.name,
        suites=tuple(manifest.get("suites", ())),
        arms=tuple(manifest.get("arms", ())),
        judges=tuple(manifest.get("judges", ())),
        done=done,
        failed=failed,
        planned=int(manifest.get("cases", 0)),
        started_at=_moment(manifest.get("started_at")),
    )


def name_run(folder: Path, suites: Sequence[str], now: datetime) -> Path:
    """Return where a new run of these suites shall lie in the folder: named by its time and the suites."""
    words = "-".join(Path(suite).stem for suite in suites)
    plain = re.sub(r"[^\w-]+", "-", words, flags=re.ASCII)[:_NAME_CHARS].strip("-")
    name = "-".join(filter(None, (f"{now:%Y-%m-%d-%H%M%S}", plain)))
    taken = 1
    path = folder / name
    while path.exists():
        taken += 1
        path = folder / f"{name}-{taken}"
    return path


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone() if isinstance(text, str) else None
    except (ValueError, OverflowError):
        return None


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment is not None else float("-inf")


def _is_text(name: str) -> bool:
    """Whether an address can name it; a name of other bytes cannot be asked for."""
    return os.fsencode(name).decode("utf-8", "ignore") == name
