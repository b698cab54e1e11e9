"""One reply of the embedded model on ten pages of evidence, searching and fetching apart.

The alternative is what a plain retrieval script would do with the same pages: rank all sentences with bm25s
and show the first. It checks no quote, no number and no rule; the ratio is what the checks cost.
"""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.comparison import Comparison, Figure
from sparrow_lite.agent import Sparrow
from sparrow_lite.language import sentences, stems
from sparrow_lite.options import FetchOptions, Options
from sparrow_lite.resources import starter_corpus_dir

_PAGES, _WORDS, _QUESTIONS = 10, 2_000, 100


def measure(scale: float) -> Comparison:
    """Return seconds a reply for the whole turn and for the bare ranking."""
    searches = _searches(max(5, int(_QUESTIONS * scale)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replay.jsonl"
        path.write_text("".join(json.dumps(search) + "\n" for search in searches))
        options = replace(Options(), fetch=FetchOptions(pages=_PAGES))
        sparrow = Sparrow.open(search=f"replay:{path}", options=options)
        sparrow.ask(searches[0]["query"])
        turn = _times(searches, lambda search: sparrow.ask(search["query"]))
    ranking = _times(searches, _first_sentence)
    return Comparison(
        title=f"One reply on {_PAGES} pages of {_WORDS:,} words, {len(searches)} questions",
        chosen="sparrow-lite",
        figures=(
            Figure(name="p50", unit="s", values={"sparrow-lite": turn[0], "bm25s, no checks": ranking[0]}),
            Figure(name="p95", unit="s", values={"sparrow-lite": turn[1], "bm25s, no checks": ranking[1]}),
        ),
    )


def _searches(count: int) -> list[dict]:
    """Questions about articles of the starter corpus, each padded with sentences of others to full pages."""
    chance = random.Random(0)
    articles = [path.read_text(encoding="utf-8") for path in sorted(starter_corpus_dir().glob("*.md"))]
    filler = [span.text for article in articles for span in sentences(article)]
    searches = []
    for number in range(count):
        title = articles[number % len(articles)].partition("\n")[0].removeprefix("# ")
        chosen = [articles[number % len(articles)], *chance.sample(articles, _PAGES - 1)]
        results = [
            {
                "url": f"https://page{place}.example/{number}",
                "title": article.partition("\n")[0].removeprefix("# "),
                "snippet": None,
                "text": _padded(article.partition("\n")[2], filler, chance),
            }
            for place, article in enumerate(chosen)
        ]
        query = f"What is known about {title}, number {number}?"
        searches.append({"query": query, "searched_at": "2026-01-01T00:00:00+00:00", "results": results})
    return searches


def _padded(text: str, filler: list[str], chance: random.Random) -> str:
    words = len(text.split())
    lines = [text]
    while words < _WORDS:
        line = " ".join(chance.sample(filler, 5))
        words += len(line.split())
        lines.append(line)
    return "\n".join(lines)


def _first_sentence(search: dict) -> str:
    import bm25s

    found = [span.text for result in search["results"] for span in sentences(result["text"])]
    ranker = bm25s.BM25()
    ranker.index([stems(text) for text in found], show_progress=False)
    documents, _ = ranker.retrieve([stems(search["query"])], k=1, show_progress=False)
    return found[documents[0][0]]


def _times(searches: list[dict], act: Callable[[dict], object]) -> tuple[float, float]:
    taken = []
    for search in searches:
        started = time.perf_counter()
        act(search)
        taken.append(time.perf_counter() - started)
    ordered = sorted(taken)
    return statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))]
