"""The HTML reports of runs, written when they are asked for and kept until their run changes."""

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.ledger import LEDGER
from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.metrics.quality import LABELS
from sparrow_lite.harness.report import html
from sparrow_lite.harness.results import Run


class Reports:
    """Reports in a folder that only its owner may open; safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One report at a time: that of a long run takes memory.
        self._lock = threading.Lock()

    def open(self, run: Path, judge: str | None) -> BinaryIO:
        """Return the report of the run in this folder, opened; `judge` is None for its first judges.

        Raises:
            ConfigError: When the judges have not judged the run.
            StoreError: When the run cannot be read or the report cannot be written.
        """
        with self._lock:
            which = _hash(str(run.resolve()), judge or "")
            path = self._folder / f"{which}-{_hash(*_state(run))}.html"
            try:
                if not path.is_file():
                    self._write(run, judge, path)
                    self._forget(which, but=path)
                return path.open("rb")
            except OSError as error:
                raise StoreError(f"{path} cannot be written or read: {error.strerror}.") from error

    def _write(self, folder: Path, judge: str | None, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        # Another app may use the same folder, so it is written under a name of this process.
        part = path.with_suffix(f".{os.getpid()}")
        with closing(Run.open(folder)) as run:
            html.write_html(run, figures(run, judge), part)
        part.replace(path)

    def _forget(self, which: str, *, but: Path) -> None:
        """Delete the run's earlier reports; one that cannot be deleted stays."""
        for path in self._folder.glob(f"{which}-*"):
            if path != but:
                with contextlib.suppress(OSError):
                    path.unlink()


def _state(run: Path) -> Iterator[str]:
    """What a report depends on: this program, the ledger with what it has not merged yet, people's labels."""
    yield version("sparrow-lite")
    sources = Path(html.__file__).parent.parent
    for path in (*sorted(sources.rglob("*.*")), run / LEDGER, run / f"{LEDGER}-wal", run / LABELS):
        with contextlib.suppress(FileNotFoundError):
            told = path.stat()
            # Whoever reads a run makes this file, and leaves it empty.
            if told.st_size and path.suffix != ".pyc":
                yield f"{path} {told.st_size} {told.st_mtime_ns}"


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:24]
