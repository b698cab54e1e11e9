"""The work behind `sparrow-lite index`: bring the index of a folder up to date, and say what was done."""

from pathlib import Path

from sparrow_lite.search.corpus.backend import index_corpus
from sparrow_lite.search.corpus.documents import Skipped
from sparrow_lite.search.corpus.follow import IndexReport, Progress

__all__ = ["IndexReport", "Progress", "Skipped", "index_directory"]


def index_directory(directory: Path, *, index_dir: Path, progress: Progress | None = None) -> IndexReport:
    """Return what it took to bring the folder's index below `index_dir` up to date.

    `progress` is called with files done, files to do, and the file that is next; the two numbers are equal in
    the last call. It is not called when nothing changed.

    Raises:
        ConfigError: When the folder does not exist.
        StoreError: When another process keeps updating the index, or it cannot be written.
    """
    return index_corpus(directory, index_dir=index_dir, progress=progress)
