"""The corpus itself, end to end: files on disk, read, cut, stemmed, indexed, and followed when they change.

The alternative to following changes is to index from nothing, which is what the ratios are against.
"""

import random
import tempfile
import time
from pathlib import Path

from benchmarks.comparison import Comparison, Figure
from benchmarks.synthetic import known_item_queries, passages, vocabulary

_PASSAGES = 100_000
_PASSAGES_A_FILE = 20
_QUERIES = 500
_NOTHING_CHANGED = "nothing changed"


def measure(scale: float) -> Comparison:
    from sparrow_lite.indexing import index_directory

    with tempfile.TemporaryDirectory() as folder:
        files, index_dir = Path(folder) / "files", Path(folder) / "indexes"
        texts = _write_files(files, max(200, int(_PASSAGES * scale)))
        seconds = {"from nothing": index_directory(files, index_dir=index_dir).seconds}
        time.sleep(2.1)  # else the files are too young to be trusted by their times
        index_directory(files, index_dir=index_dir)
        seconds[_NOTHING_CHANGED] = index_directory(files, index_dir=index_dir).seconds
        for path in sorted(files.iterdir())[::100]:
            path.write_text(path.read_text() + "\n\nA new paragraph.")
        report = index_directory(files, index_dir=index_dir)
        seconds["1 % of files changed"] = report.seconds
        p50, p95 = _query_times(files, index_dir, texts)
    return Comparison(
        title=f"Following {report.files:,} files, {report.passages:,} passages",
        chosen="from nothing",
        figures=(
            Figure(name="index", unit="s", values=seconds),
            Figure(name="query p50", unit="ms", values={"from nothing": p50}),
            Figure(name="query p95", unit="ms", values={"from nothing": p95}),
        ),
    )


def _write_files(files: Path, count: int) -> list[str]:
    """Write the files, sentences and paragraphs included, and return their passages."""
    files.mkdir()
    draw = random.Random(3)
    texts = list(passages(count, vocabulary()))
    for number in range(0, count, _PASSAGES_A_FILE):
        body = "\n\n".join(_sentences(text, draw) for text in texts[number : number + _PASSAGES_A_FILE])
        (files / f"{number:06}.md").write_text(f"# Document {number}\n\n{body}\n")
    return texts


def _sentences(text: str, draw: random.Random) -> str:
    words, sentences = text.split(), []
    while words:
        length = draw.randint(8, 25)
        sentences.append(" ".join(words[:length]).capitalize() + ".")
        words = words[length:]
    return " ".join(sentences)


def _query_times(files: Path, index_dir: Path, texts: list[str]) -> tuple[float, float]:
    from sparrow_lite.deadline import Deadline
    from sparrow_lite.search.base import Query
    from sparrow_lite.search.corpus.backend import open_corpus

    backend = open_corpus(files, name="corpus", index_dir=index_dir, limit=8)
    times = []
    for _, question in known_item_queries(texts, _QUERIES):
        started = time.perf_counter()
        backend.search(Query(text=question), deadline=Deadline.after(10))
        times.append(1000 * (time.perf_counter() - started))
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]
