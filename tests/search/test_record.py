import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sparrow_lite.attempts import Attempt
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.search.record import Recorder
from sparrow_lite.search.replay import ReplayBackend

RESULTS = (
    Result(url="https://a.example", title="Ä\u2028", snippet="s"),
    Result(url="https://b.example", title="B", text="held already"),
    Result(url="https://c.example", title="C", text="held, then opened"),
    Result(url="https://d.example", title="D"),
)
TEXTS = {"https://a.example": "opened\ntext", "https://c.example": "opened"}


def answered(text: str = "Tall Tower", id_: str | None = None) -> SearchResults:
    return SearchResults(
        query=Query(text=text, id=id_),
        backend="brave",
        searched_at="2026-01-02T03:04:05+00:00",
        results=RESULTS,
        attempts=(Attempt(backend="brave", outcome="ok"),),
    )


def search(path: Path, text: str, id_: str | None = None) -> SearchResults:
    return ReplayBackend(path).search(Query(text=text, id=id_), deadline=Deadline.after(1.0))


@pytest.mark.parametrize(("text", "id_"), [("tall tower", None), ("else", "case-1")])
def test_what_was_recorded_is_replayed_with_the_texts_that_were_opened(tmp_path, text, id_) -> None:
    path = tmp_path / "new folder" / "searches.jsonl"
    Recorder(path).record(answered(id_="case-1"), TEXTS)

    found = search(path, text, id_)

    assert found.searched_at == "2026-01-02T03:04:05+00:00"
    assert [each.text for each in found.results] == [
        "opened\ntext",
        "held already",
        "opened",
        None,
    ]
    assert [(each.url, each.title, each.snippet) for each in found.results] == [
        (each.url, each.title, each.snippet) for each in RESULTS
    ]


def test_a_line_has_exactly_the_fields_of_the_form(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    Recorder(path).record(answered(), {})

    (line,) = path.read_text(encoding="utf-8").split("\n")[:-1]
    recorded = json.loads(line)
    assert list(recorded) == ["query", "searched_at", "results"]
    assert list(recorded["results"][0]) == ["url", "title", "snippet", "text"]


def test_searches_are_appended_to_what_is_there(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    for text in ("one", "two"):
        Recorder(path).record(answered(text), {})

    assert search(path, "one").results
    assert search(path, "two").results


def test_a_line_that_a_crash_cut_off_spoils_no_other(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    path.write_text('{"query": "cut o', encoding="utf-8")
    recorder = Recorder(path)
    recorder.record(answered("one"), {})
    recorder.record(answered("two"), {})

    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["query"] for line in lines[1:]] == ["one", "two"]


def test_texts_that_would_break_a_line_come_back(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    Recorder(path).record(answered(), {"https://a.example": "a\u0085b\u2028c\u2029d\r\n\ud83d"})

    assert len(path.read_text(encoding="utf-8").splitlines()) == 1
    assert search(path, "tall tower").results[0].text == "a\u0085b\u2028c\u2029d\r\n?"


def test_threads_write_whole_lines(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    recorder = Recorder(path)
    texts = {"https://a.example": "x" * 50_000}

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda place: recorder.record(answered(f"q{place}"), texts), range(40)))

    queries = [json.loads(line)["query"] for line in path.read_bytes().splitlines()]
    assert sorted(queries) == sorted(f"q{place}" for place in range(40))


def test_a_file_that_cannot_be_written_is_named_before_anything_is_searched(tmp_path) -> None:
    with pytest.raises(ConfigError, match="cannot be written to"):
        Recorder(tmp_path)


def test_a_line_that_cannot_be_written_is_an_error(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    recorder = Recorder(path)
    path.unlink()
    path.mkdir()

    with pytest.raises(StoreError, match="cannot be appended to"):
        recorder.record(answered(), {})
