"""Engines for ranked search of passages: tantivy, which the corpus uses, against SQLite's FTS5 and bm25s.

All get the same stems of the same passages and the same questions, each in a process of its own, one thread.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from benchmarks.comparison import Comparison, Figure
from benchmarks.synthetic import known_item_queries, passages, vocabulary

_PASSAGES = 100_000
_QUERIES = 500
_CHANGED = 100
_CHOSEN = "tantivy"


class Engine(Protocol):
    """One contestant, over a folder of its own."""

    def build(self, texts: list[str]) -> None: ...

    def change(self, texts: list[str], first: int, last: int) -> None:
        """Bring passages `first` to `last` up to date; `texts` is all of them."""

    def open(self) -> None: ...

    def search(self, query: str) -> list[int]:
        """Return the ten best passages' numbers."""


class Tantivy:
    def __init__(self, folder: Path) -> None:
        import tantivy

        self._folder = folder
        builder = tantivy.SchemaBuilder().add_integer_field("number", stored=True, indexed=True)
        builder = builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()

    def build(self, texts: list[str]) -> None:
        self.open()
        self._write(texts, range(len(texts)))

    def change(self, texts: list[str], first: int, last: int) -> None:
        self._write(texts, range(first, last))

    def open(self) -> None:
        import tantivy

        self._index = tantivy.Index(self._schema, path=str(self._folder))

    def _write(self, texts: list[str], numbers: range) -> None:
        import tantivy

        writer = self._index.writer(64_000_000, 1)
        for number in numbers:
            writer.delete_documents_by_term("number", number)
            writer.add_document(tantivy.Document(number=number, body=texts[number]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, query: str) -> list[int]:
        from tantivy import Occur, Query

        terms = [Query.term_query(self._schema, "body", stem, "freq") for stem in query.split()]
        searcher = self._index.searcher()
        found = searcher.search(Query.boolean_query([(Occur.Should, t) for t in terms]), 10, count=False)
        return [searcher.doc(address)["number"][0] for _, address in found.hits]


class Fts5:
    def __init__(self, folder: Path) -> None:
        self._path = folder / "index.sqlite"

    def build(self, texts: list[str]) -> None:
        self.open()
        self._database.execute("CREATE VIRTUAL TABLE passages USING fts5(body)")
        self._write(texts, range(len(texts)))

    def change(self, texts: list[str], first: int, last: int) -> None:
        self._database.execute("DELETE FROM passages WHERE rowid >= ? AND rowid < ?", (first, last))
        self._write(texts, range(first, last))

    def open(self) -> None:
        import sqlite3

        self._database = sqlite3.connect(self._path)
        self._database.execute("PRAGMA journal_mode=WAL")

    def _write(self, texts: list[str], numbers: range) -> None:
        rows = ((number, texts[number]) for number in numbers)
        self._database.executemany("INSERT INTO passages(rowid, body) VALUES (?, ?)", rows)
        self._database.commit()

    def search(self, query: str) -> list[int]:
        match = " OR ".join(f'"{stem}"' for stem in query.split())
        sql = "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT 10"
        return [row[0] for row in self._database.execute(sql, (match,))]


class Bm25s:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, texts: list[str]) -> None:
        import bm25s

        self._engine = bm25s.BM25()
        self._engine.index([text.split() for text in texts], show_progress=False)
        self._engine.save(self._folder)

    def change(self, texts: list[str], first: int, last: int) -> None:  # noqa: ARG002 (it knows no part)
        self.build(texts)

    def open(self) -> None:
        import bm25s

        self._engine = bm25s.BM25.load(self._folder)

    def search(self, query: str) -> list[int]:
        found = self._engine.retrieve([query.split()], k=10, show_progress=False, return_as="documents")
        return [int(number) for number in found[0]]


_ENGINES: dict[str, Callable[[Path], Engine]] = {
    "tantivy": Tantivy,
    "tantivy, unstemmed": Tantivy,
    "fts5": Fts5,
    "bm25s": Bm25s,
}
_UNITS = {
    "import": "s",
    "build": "s",
    "change 100 passages": "s",
    "open and first query": "ms",
    "query p50": "ms",
    "query p95": "ms",
    "memory of the build": "MB",
    "disk": "MB",
    "hit@1": "share",
    "hit@10": "share",
}


def measure(scale: float) -> Comparison:
    count = max(200, int(_PASSAGES * scale))
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        measured = {name: pool.apply(_measure_engine, (name, count)) for name in _ENGINES}
    figures = tuple(
        Figure(
            name=name,
            unit=unit,
            values={engine: values[name] for engine, values in measured.items()},
            higher_is_better=unit == "share",
        )
        for name, unit in _UNITS.items()
    )
    return Comparison(title=f"Index engines, {count:,} passages", chosen=_CHOSEN, figures=figures)


def _measure_engine(name: str, count: int) -> dict[str, float]:
    started = time.perf_counter()
    __import__({"fts5": "sqlite3", "bm25s": "bm25s"}.get(name, "tantivy"))
    measured = {"import": time.perf_counter() - started}
    raw = list(passages(count, vocabulary()))
    queries = known_item_queries(raw, _QUERIES)
    form = _plain if name.endswith("unstemmed") else _stemmed
    texts = [form(text) for text in raw]
    queries = [(number, form(query)) for number, query in queries]
    del raw
    with tempfile.TemporaryDirectory() as folder:
        engine = _ENGINES[name](Path(folder))
        before = _reset_peak()
        measured["build"] = _seconds(lambda: engine.build(texts))
        measured["memory of the build"] = _peak() - before
        measured["disk"] = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        last = min(_CHANGED, count)
        measured["change 100 passages"] = _seconds(lambda: engine.change(texts, 0, last))
        fresh = _ENGINES[name](Path(folder))
        measured["open and first query"] = 1000 * _seconds(
            lambda: (fresh.open(), fresh.search(queries[0][1]))
        )
        return measured | _measure_queries(fresh, queries)


def _measure_queries(engine: Engine, queries: list[tuple[int, str]]) -> dict[str, float]:
    times, first, ten = [], 0, 0
    for number, query in queries:
        started = time.perf_counter()
        found = engine.search(query)
        times.append(1000 * (time.perf_counter() - started))
        first += found[:1] == [number]
        ten += number in found
    times.sort()
    return {
        "query p50": times[len(times) // 2],
        "query p95": times[int(len(times) * 0.95)],
        "hit@1": first / len(queries),
        "hit@10": ten / len(queries),
    }


def _stemmed(text: str) -> str:
    from sparrow_lite.language import stems

    return " ".join(stems(text))


def _plain(text: str) -> str:
    from sparrow_lite.language import is_stop_word, words

    return " ".join(word for word in words(text) if not is_stop_word(word))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _reset_peak() -> float:
    """Forget the peak so far, and return the memory held now, in MB."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _peak() -> float:
    return _status("VmHWM")


def _status(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(field))) / 1024
