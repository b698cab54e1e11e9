"""The index: passages of documents on disk or in memory, ranked by BM25.

A tantivy index over the stems of `language`. Beside the passages it keeps the text of each section and one
listing, so that a commit changes all three together: a kill before it leaves the state of the last one.
What the listing says, and how files are followed, is left to `follow.py`; backends are left to `backend.py`.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import StoreError
from sparrow_lite.language import stems
from sparrow_lite.search.corpus.documents import Document
from sparrow_lite.search.corpus.passages import cut

if TYPE_CHECKING:
    import tantivy

# To be raised with any change of what is stored; a change of the stems is noticed by itself.
_FORMAT = 1
_WRITER_BYTES = 64_000_000
# A title helps, but a stronger one outbids the text: see docs/design/corpus-index.md for what was measured.
_TITLE_BOOST = 0.3
_MAX_QUERY_STEMS = 48
# Longer "words" are encoded data and would only swell the vocabulary.
_MAX_STEM_CHARS = 40
# Several passages of one document may lead: without a look past them a book would be the only hit.
_PASSAGES_PER_HIT = 8
_LISTING = "listing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """The best passage of one document for a query.

    Attributes:
        path: The name under which the document was added.
        title: The document's title.
        section: Which section of the document holds the passage, from 0.
        sections: How many sections the document has.
        text: The section's text: the whole document unless it has several.
        start: First character of the passage in `text`.
        end: One past its last character.
        score: BM25 over body and title, above 0.0; comparable within one search only.
    """

    path: str
    title: str
    section: int
    sections: int
    text: str
    start: int
    end: int
    score: float


class IndexBusyError(StoreError):
    """An index that another process is writing to; its last commit can be read."""


def index_format() -> str:
    """Return the name of what an index of this version holds: its form, and how words become stems."""
    stemming = files("sparrow_lite.language").joinpath("words.py").read_bytes()
    return f"{_FORMAT}-{hashlib.sha256(stemming).hexdigest()[:12]}"


class PassageIndex:
    """An index that several threads and processes may search while one of them writes."""

    def __init__(self, folder: Path | None) -> None:
        """Open the index in `folder`, making it where there is none; None keeps it in memory.

        Raises:
            StoreError: When the folder cannot hold an index, or holds one that cannot be read.
        """
        import tantivy

        self._schema = _schema()
        with _told(f"The index in {folder} cannot be opened"):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=None if folder is None else str(folder))
            # Reloading before each read costs nothing without a new commit, and needs no thread.
            self._index.config_reader("manual")
            self._index.reload()

    def search(self, text: str, *, limit: int) -> list[Hit]:
        """Return the best passage of each document that holds a content word of the text, best first.

        Raises:
            StoreError: When the index cannot be read.
        """
        query = self._query(text)
        if query is None:
            return []
        best: dict[str, tuple[dict[str, str | int], float]] = {}
        with _told("The index cannot be read"):
            searcher = self._fresh_searcher()
            for score, address in searcher.search(query, limit * _PASSAGES_PER_HIT, count=False).hits:
                record = json.loads(searcher.doc(address)["record"][0])
                best.setdefault(record["path"], (record, score))
            return [self._hit(searcher, *found) for found in list(best.values())[:limit]]

    def listing(self) -> str:
        """Return the listing of the last commit; empty before the first one.

        Raises:
            StoreError: When the index cannot be read.
        """
        with _told("The index cannot be read"):
            return self._kept(self._fresh_searcher(), _LISTING)

    @contextmanager
    def writing(self, *, wait_seconds: float) -> "Iterator[IndexWriting]":
        """Hold the one writer of this index; what it did not commit is dropped.

        Raises:
            IndexBusyError: When another process still writes after `wait_seconds`.
            StoreError: When writing fails.
        """
        writer = self._locked_writer(Deadline.after(wait_seconds))
        try:
            with _told("The index cannot be written"):
                yield IndexWriting(writer)
        finally:
            writer.wait_merging_threads()

    def _locked_writer(self, deadline: Deadline) -> "tantivy.IndexWriter":
        while True:
            try:
                with _told("The index cannot be written"):
                    return self._index.writer(_WRITER_BYTES, 1)
            except StoreError as error:
                if "LockBusy" not in str(error):
                    raise
                if deadline.passed():
                    raise IndexBusyError(
                        "Another process is updating the index: try again when it is done."
                    ) from error
            time.sleep(0.05)

    def _query(self, text: str) -> "tantivy.Query | None":
        """Any of the content words, in body or title; built from terms, so that no query has a syntax."""
        from tantivy import Occur, Query

        wanted = list(dict.fromkeys(_terms(text)))[:_MAX_QUERY_STEMS]
        body = [Query.term_query(self._schema, "body", stem, "freq") for stem in wanted]
        title = [Query.term_query(self._schema, "title", stem, "freq") for stem in wanted]
        boosted = [Query.boost_query(query, _TITLE_BOOST) for query in title]
        return Query.boolean_query([(Occur.Should, query) for query in body + boosted]) if wanted else None

    def _fresh_searcher(self) -> "tantivy.Searcher":
        self._index.reload()
        return self._index.searcher()

    def _hit(self, searcher: "tantivy.Searcher", record: dict[str, str | int], score: float) -> Hit:
        place = _place(str(record["path"]), int(record["section"]))
        return Hit(**record, text=self._kept(searcher, place), score=score)  # type: ignore[arg-type]

    def _kept(self, searcher: "tantivy.Searcher", place: str) -> str:
        from tantivy import Query

        query = Query.term_query(self._schema, "place", place, "basic")
        hits = searcher.search(query, 1, count=False).hits
        return bytes(searcher.doc(hits[0][1])["kept"][0]).decode() if hits else ""


class IndexWriting:
    """Changes to an index, which nobody sees before `commit`."""

    def __init__(self, writer: "tantivy.IndexWriter") -> None:
        self._writer = writer

    def add(self, path: str, document: Document) -> int:
        """Add a document under a name that it alone has, and return how many passages it came to."""
        import tantivy

        title = " ".join(_terms(document.title))
        sections = cut(document.text)
        for number, section in enumerate(sections):
            # The section's text rides on its first passage: apart, it would count as a passage in BM25.
            kept = {"place": _place(path, number), "kept": section.text.encode()}
            for start, end in section.passages:
                record = {"path": path, "title": document.title, "section": number}
                record |= {"sections": len(sections), "start": start, "end": end}
                body = " ".join(_terms(section.text[start:end]))
                raw = json.dumps(record).encode()
                self._writer.add_document(
                    tantivy.Document(path=path, title=title, body=body, record=raw, **kept)
                )
                kept = {}
        return sum(len(section.passages) for section in sections)

    def remove(self, path: str) -> None:
        """Remove the document of this name, if there is one."""
        self._writer.delete_documents_by_term("path", path)

    def commit(self, listing: str) -> None:
        """Make the changes since the last commit visible, with a new listing, all at once."""
        import tantivy

        self._writer.delete_documents_by_term("place", _LISTING)
        self._writer.add_document(tantivy.Document(place=_LISTING, kept=listing.encode()))
        self._writer.commit()


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("path", "place"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("record", "kept"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def _terms(text: str) -> list[str]:
    return [stem for stem in stems(text) if len(stem) <= _MAX_STEM_CHARS]


def _place(path: str, section: int) -> str:
    return f"{path}\n{section}"


@contextmanager
def _told(what: str) -> Iterator[None]:
    """The library's errors, which are plain ValueErrors, as one of ours."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StoreError(
            f"{what} ({error}): check the disk, or delete the index to have it rebuilt."
        ) from error
