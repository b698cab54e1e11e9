"""How an index follows a folder: what is new, changed or gone, and what could not be read.

Owns the listing, one entry a file. A change is noticed by size and time, then by SHA-256: a touched file is
not read again. Each file changes as a whole, so that an update that was killed is taken up where it stopped.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from sparrow_lite.errors import FetchError
from sparrow_lite.search.corpus.documents import FileStamp, Skipped, list_files, read_document
from sparrow_lite.search.corpus.index import IndexWriting, PassageIndex

Progress = Callable[[int, int, Path], None]

# Passages between two commits of one update: what a kill can lose, against the cost of a commit.
_COMMIT_PASSAGES = 20_000
# A file changed within the clock's grain of its reading may keep its time and size: its hash is taken again.
_GRAIN_NS = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What one update did.

    Attributes:
        files: Files whose passages are in the index now.
        passages: Passages of those files.
        skipped: Files that could not be read, each with its path and the reason.
        updated: Files that were read into the index because they were new or changed.
        removed: Files that were taken out because they are gone or can no longer be read.
        seconds: How long it took.
    """

    files: int
    passages: int
    skipped: tuple[Skipped, ...]
    updated: int
    removed: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A file as it was when last looked at; `reason` is None when its passages are in the index."""

    size: int
    mtime_ns: int
    looked_ns: int
    sha256: str
    passages: int = 0
    reason: str | None = None

    def holds_for(self, stamp: FileStamp) -> bool:
        same = self.size == stamp.size and self.mtime_ns == stamp.mtime_ns
        return same and self.mtime_ns < self.looked_ns - _GRAIN_NS


@dataclass(slots=True, kw_only=True)
class _Changes:
    """An update under way."""

    writing: IndexWriting
    directory: Path
    listing: dict[str, _Entry]
    updated: int = 0
    removed: int = 0
    uncommitted: int = field(default=0)

    def drop(self, path: str) -> None:
        entry = self.listing.pop(path, None)
        if entry is not None and entry.reason is None:
            self.writing.remove(path)
            self.removed += 1

    def follow(self, path: str, stamp: FileStamp) -> None:
        known = self.listing.get(path)
        entry = _entry(self.directory / path, stamp)
        if known is not None and entry.sha256 and known.sha256 == entry.sha256:
            self.listing[path] = replace(entry, passages=known.passages, reason=known.reason)
            return
        was_in = known is not None and known.reason is None
        if was_in:
            self.writing.remove(path)
        entry = entry if entry.reason else self._read(path, entry)
        self.updated += entry.reason is None
        self.removed += was_in and entry.reason is not None
        self.uncommitted += entry.passages
        self.listing[path] = entry

    def commit(self) -> None:
        self.writing.commit(json.dumps({path: asdict(entry) for path, entry in self.listing.items()}))
        self.uncommitted = 0

    def _read(self, path: str, entry: _Entry) -> _Entry:
        try:
            document = read_document(self.directory / path)
        except FetchError as error:
            return replace(entry, reason=str(error))
        return replace(entry, passages=self.writing.add(path, document))


def update_index(
    index: PassageIndex,
    directory: Path,
    *,
    progress: Progress | None = None,
    wait_seconds: float = 30.0,
) -> IndexReport:
    """Bring an index up to date with a folder; only new and changed files are read.

    `progress` is called before each file that is looked at, with how many are done, how many there are, and
    the file; and once more at the end when there was any.

    Raises:
        IndexBusyError: When another process still updates the index after `wait_seconds`.
        StoreError: When reading or writing the index fails.
    """
    started = time.monotonic()
    stamps, passed_over = list_files(directory)
    listing = _listing(index)
    updated = removed = 0
    if not _is_current(listing, stamps):
        with index.writing(wait_seconds=wait_seconds) as writing:
            # Another process may have written while this one waited for its turn.
            changes = _Changes(writing=writing, directory=directory, listing=_listing(index))
            _apply(changes, stamps, progress)
        updated, removed, listing = changes.updated, changes.removed, changes.listing
    report = _report(listing, directory)
    return replace(
        report,
        skipped=(*passed_over, *report.skipped),
        updated=updated,
        removed=removed,
        seconds=time.monotonic() - started,
    )


def report_index(index: PassageIndex, directory: Path) -> IndexReport:
    """Return what the last commit holds, as the report of an update that did nothing.

    Raises:
        StoreError: When the index cannot be read.
    """
    return _report(_listing(index), directory)


def _report(listing: dict[str, _Entry], directory: Path) -> IndexReport:
    unread = [
        Skipped(path=directory / path, reason=entry.reason)
        for path, entry in listing.items()
        if entry.reason is not None
    ]
    return IndexReport(
        files=len(listing) - len(unread),
        passages=sum(entry.passages for entry in listing.values()),
        skipped=tuple(unread),
        updated=0,
        removed=0,
        seconds=0.0,
    )


def _apply(changes: _Changes, stamps: dict[str, FileStamp], progress: Progress | None) -> None:
    for path in [path for path in changes.listing if path not in stamps]:
        changes.drop(path)
    due = [path for path, stamp in stamps.items() if not _holds(changes.listing, path, stamp)]
    for done, path in enumerate(due):
        if progress is not None:
            progress(done, len(due), changes.directory / path)
        changes.follow(path, stamps[path])
        if changes.uncommitted >= _COMMIT_PASSAGES:
            changes.commit()
    changes.commit()
    if progress is not None and due:
        progress(len(due), len(due), changes.directory / due[-1])


def _is_current(listing: dict[str, _Entry], stamps: dict[str, FileStamp]) -> bool:
    return listing.keys() == stamps.keys() and all(
        _holds(listing, path, stamp) for path, stamp in stamps.items()
    )


def _holds(listing: dict[str, _Entry], path: str, stamp: FileStamp) -> bool:
    return path in listing and listing[path].holds_for(stamp)


def _listing(index: PassageIndex) -> dict[str, _Entry]:
    return {path: _Entry(**entry) for path, entry in json.loads(index.listing() or "{}").items()}


def _entry(path: Path, stamp: FileStamp) -> _Entry:
    """The file's entry before it is read; with a reason and no hash when it cannot be opened."""
    looked_ns = time.time_ns()
    digest, reason = "", None
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        reason = f"{path.name} cannot be opened: {error.strerror or error}."
    return _Entry(size=stamp.size, mtime_ns=stamp.mtime_ns, looked_ns=looked_ns, sha256=digest, reason=reason)
