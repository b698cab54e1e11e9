"""Writes answered searches to a file, in the form that `replay.py` reads.

A recorder stands beside the backends, not around them: the text of a page is known only once it was opened,
which the turn does, so that the turn hands both over.
"""

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.search.base import SearchResults

# JSON leaves these as they are, while many readers end a line at them.
_SEPARATORS = ("\u0085", "\u2028", "\u2029")


class Recorder:
    """Appends one line for each answered search. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, with its folder.

        Raises:
            ConfigError: When it cannot be written to.
        """
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b") as file:
                end = file.tell()
                file.seek(max(0, end - 1))
                self._is_cut = end > 0 and file.read(1) != b"\n"
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be written to ({error.strerror}): give another file to record to."
            ) from error

    def record(self, results: SearchResults, texts: Mapping[str, str]) -> None:
        """Append the search, with the text of each page that was opened; on the disk when this returns.

        Args:
            results: The answered search.
            texts: Main text by the URL of the result; a result without one keeps the text it came with.

        Raises:
            StoreError: When the line cannot be written.
        """
        line = _line(results, texts) + b"\n"
        with self._lock:
            # A line cut off by a crash stays by itself, so that it spoils no other.
            whole = b"\n" + line if self._is_cut else line
            try:
                self._append(whole)
            except OSError as error:
                raise StoreError(
                    f"{self._path} cannot be appended to ({error.strerror}): free some space, or record "
                    "to another file."
                ) from error
            self._is_cut = False

    def _append(self, line: bytes) -> None:
        # Unbuffered and in one write, so that two processes may record to one file.
        with self._path.open("ab", buffering=0) as file:
            written = file.write(line)
            if written != len(line):
                self._is_cut = True
                raise OSError(0, "only a part was written")
            os.fsync(file.fileno())


def _line(results: SearchResults, texts: Mapping[str, str]) -> bytes:
    recorded = {
        "query": results.query.text,
        "searched_at": results.searched_at,
        "results": [
            {
                "url": result.url,
                "title": result.title,
                "snippet": result.snippet,
                "text": texts.get(result.url, result.text),
            }
            for result in results.results
        ],
    }
    if results.query.id is not None:
        recorded["id"] = results.query.id
    # Half of a surrogate pair is no text that a reader would take.
    line = json.dumps(recorded, ensure_ascii=False).encode(errors="replace").decode()
    for separator in _SEPARATORS:
        line = line.replace(separator, f"\\u{ord(separator):04x}")
    return line.encode()
