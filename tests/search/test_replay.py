import json
from pathlib import Path

import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError
from sparrow_lite.search.base import Query, Result
from sparrow_lite.search.replay import ReplayBackend

LINE = {
    "query": "How tall is the Tower?",
    "searched_at": "2026-01-02T03:04:05+01:00",
    "results": [
        {"url": "https://a.example", "title": "A", "snippet": "s", "text": "330 m."},
        {"url": "https://b.example", "title": "B", "snippet": None, "text": ""},
        {"url": "https://c.example", "title": "C"},
    ],
    "id": "case-1",
}


def replay(tmp_path: Path, *lines: dict | str) -> ReplayBackend:
    path = tmp_path / "searches.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return ReplayBackend(path)


def search(backend: ReplayBackend, text: str, id_: str | None = None):
    return backend.search(Query(text=text, id=id_), deadline=Deadline.after(0.0))


def test_a_recorded_search_comes_back_whole(tmp_path) -> None:
    query = Query(text=LINE["query"])

    found = replay(tmp_path, LINE).search(query, deadline=Deadline.after(1.0))

    assert found.query is query
    assert found.backend == "replay"
    assert found.searched_at == "2026-01-02T03:04:05+01:00"
    assert found.results == (
        Result(url="https://a.example", title="A", snippet="s", text="330 m."),
        Result(url="https://b.example", title="B"),
        Result(url="https://c.example", title="C"),
    )
    assert [(each.outcome, each.results) for each in found.attempts] == [("ok", 3)]


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("  how TALL is\tthe\n tower?", None),
        ("something else", "case-1"),
        ("how tall is the tower?", "no such case"),
    ],
)
def test_a_query_is_found_by_its_words_else_by_its_id(tmp_path, text, id_) -> None:
    assert len(search(replay(tmp_path, LINE), text, id_).results) == 3


@pytest.mark.parametrize(("text", "id_"), [("how tall is it?", None), ("tall", "case-2")])
def test_what_was_not_recorded_is_not_found(tmp_path, text, id_) -> None:
    with pytest.raises(SearchError, match=r"searches\.jsonl has no line for") as caught:
        search(replay(tmp_path, LINE), text, id_)

    assert caught.value.reason is SearchReason.NO_RESULTS
    assert [each.backend for each in caught.value.attempts] == ["replay"]


def test_the_words_count_before_the_id(tmp_path) -> None:
    other = LINE | {"query": "other", "id": "case-2", "results": LINE["results"][:1]}

    assert len(search(replay(tmp_path, LINE, other), LINE["query"], "case-2").results) == 3


def test_a_later_line_replaces_an_earlier_one(tmp_path) -> None:
    newer = LINE | {"query": LINE["query"].upper(), "results": LINE["results"][:1]}

    assert len(search(replay(tmp_path, LINE, "", newer), LINE["query"]).results) == 1


def test_a_recorded_empty_answer_is_an_empty_answer(tmp_path) -> None:
    with pytest.raises(SearchError, match="records no results") as caught:
        search(replay(tmp_path, LINE | {"results": []}), LINE["query"])

    assert caught.value.reason is SearchReason.NO_RESULTS


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05+00:00"),
    ],
)
def test_a_time_without_a_zone_is_utc(tmp_path, written, read) -> None:
    found = search(replay(tmp_path, LINE | {"searched_at": written}), LINE["query"])

    assert found.searched_at == read


def test_further_fields_are_left_alone(tmp_path) -> None:
    assert search(replay(tmp_path, LINE | {"note": [1]}), LINE["query"]).results


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"query": "a"', "Invalid JSON"),
        ("[]", "Input should be an object"),
        (json.dumps({k: v for k, v in LINE.items() if k != "query"}), "query: Field required"),
        (json.dumps(LINE | {"query": 5}), "query: Input should be a valid string"),
        (json.dumps(LINE | {"searched_at": "yesterday"}), "searched_at: .*yesterday"),
        (json.dumps(LINE | {"results": {}}), "results: Input should be a valid"),
        (json.dumps(LINE | {"results": [{"title": "A"}]}), "results.0.url: Field required"),
        (
            json.dumps(LINE | {"results": [LINE["results"][0] | {"text": 1}]}),
            "results.0.text: Input should be a valid string",
        ),
    ],
)
def test_a_malformed_line_is_named_by_file_and_number(tmp_path, line, wrong) -> None:
    with pytest.raises(ConfigError, match=rf"searches\.jsonl, line 3: {wrong}") as caught:
        replay(tmp_path, LINE, "", line, LINE)

    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_named_too(tmp_path) -> None:
    path = tmp_path / "searches.jsonl"
    path.write_bytes(json.dumps(LINE).encode() + b"\n\xff\xfe\n")

    with pytest.raises(ConfigError, match="line 2: "):
        ReplayBackend(path)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        ReplayBackend(tmp_path / name)
