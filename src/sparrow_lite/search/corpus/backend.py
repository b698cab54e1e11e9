"""The user's own files, and the starter corpus, as a search backend.

Owns where an index lies and what a hit looks like to the rest; `index.py` ranks, `follow.py` minds the files.
Files are followed when a corpus is opened, and updates by another process are seen at once.
"""

import hashlib
import logging
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError, StoreError
from sparrow_lite.search.base import Query, Result, SearchBackend, SearchResults
from sparrow_lite.search.corpus.follow import IndexReport, Progress, report_index, update_index
from sparrow_lite.search.corpus.index import Hit, IndexBusyError, PassageIndex, index_format

STARTER = "starter"
# A small update ends sooner; a long one is better searched as it grows than waited for.
_BUSY_SECONDS = 2.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A folder that is searched.

    Attributes:
        name: The name that is shown and recorded.
        directory: The folder.
        index: Its index.
        report: What opening it did, with the files that could not be read.
        limit: Most results of one search.
    """

    name: str
    directory: Path
    index: PassageIndex
    report: IndexReport
    limit: int

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:  # noqa: ARG002
        """Return one result a document, best first, each with its text.

        A text of more than 60,000 characters is given by the section that holds the best passage. The
        deadline is not asked: this takes milliseconds, and other backends may have used it up.

        Raises:
            SearchError: When no document holds a content word of the query, or the index cannot be read.
        """
        started = time.monotonic()
        try:
            hits = self.index.search(query.text, limit=self.limit)
        except StoreError as error:
            raise self._failure(SearchReason.UNREACHABLE, str(error), started) from error
        if not hits:
            raise self._failure(SearchReason.NO_RESULTS, self._nothing_found(), started)
        attempt = Attempt(
            backend=self.name, outcome="ok", results=len(hits), seconds=time.monotonic() - started
        )
        return SearchResults(
            query=query,
            backend=self.name,
            searched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            results=tuple(self._result(hit) for hit in hits),
            attempts=(attempt,),
        )

    def _result(self, hit: Hit) -> Result:
        return Result(
            url=self._url(hit), title=hit.title, snippet=hit.text[hit.start : hit.end], text=hit.text
        )

    def _url(self, hit: Hit) -> str:
        if self.name == STARTER:
            return f"sparrow:{STARTER}/{hit.path.removesuffix('.md')}"
        url = (self.directory / hit.path).as_uri()
        # Two sections of one file are two texts, so they get two addresses.
        return f"{url}#section={hit.section + 1}" if hit.sections > 1 else url

    def _nothing_found(self) -> str:
        try:
            files = report_index(self.index, self.directory).files
        except StoreError:
            files = self.report.files
        if not files:
            return f"{self.directory} holds no file that could be read."
        return f"None of {files} files holds a word of the query."

    def _failure(self, reason: SearchReason, detail: str, started: float) -> SearchError:
        attempt = Attempt(
            backend=self.name,
            outcome=reason.value,
            detail=detail,
            seconds=time.monotonic() - started,
        )
        return SearchError(f"{self.name}: {detail}", reason=reason, attempts=(attempt,))


def open_corpus(directory: Path, *, name: str, index_dir: Path | None, limit: int) -> SearchBackend:
    """Return the backend that searches a folder, once its index is up to date.

    The index lies in `index_dir`, under a name made from the folder's; it is kept in memory when that is None
    or cannot be written. While another process updates it, it is searched as far as that has come.

    Raises:
        ConfigError: When the folder does not exist.
    """
    directory = _existing(directory)
    index, report = _opened(directory, index_dir)
    return Corpus(name=name, directory=directory, index=index, report=report, limit=limit)


def index_corpus(directory: Path, *, index_dir: Path, progress: Progress | None = None) -> IndexReport:
    """Bring a folder's index below `index_dir` up to date, and return what that took.

    Raises:
        ConfigError: When the folder does not exist.
        StoreError: When another process keeps updating the index, or it cannot be written.
    """
    directory = _existing(directory)
    index = _stored_index(index_folder(directory, index_dir=index_dir))
    return update_index(index, directory, progress=progress)


def _opened(directory: Path, index_dir: Path | None) -> tuple[PassageIndex, IndexReport]:
    if index_dir is not None:
        try:
            return _opened_on_disk(directory, index_dir)
        except StoreError as error:
            _LOG.warning("%s is indexed in memory: %s", directory, error)
    index = PassageIndex(None)
    return index, update_index(index, directory)


def _opened_on_disk(directory: Path, index_dir: Path) -> tuple[PassageIndex, IndexReport]:
    index = _stored_index(index_folder(directory, index_dir=index_dir))
    try:
        return index, update_index(index, directory, wait_seconds=_BUSY_SECONDS)
    except IndexBusyError:
        return index, report_index(index, directory)


def index_folder(directory: Path, *, index_dir: Path) -> Path:
    """Return where a folder's index lies below `index_dir`."""
    digest = hashlib.sha256(str(directory.absolute()).encode()).hexdigest()[:16]
    return index_dir / digest / index_format()


def _existing(directory: Path) -> Path:
    if not directory.is_dir():
        raise ConfigError(f"{directory} is not a folder: give the folder that holds your files.")
    return directory.absolute()


def _stored_index(folder: Path) -> PassageIndex:
    """The index on disk, made anew where it is broken or of another version.

    Raises:
        StoreError: When none can be kept there.
    """
    try:
        index = PassageIndex(folder)
    except StoreError:
        shutil.rmtree(folder, ignore_errors=True)
        index = PassageIndex(folder)
    for other in folder.parent.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return index
