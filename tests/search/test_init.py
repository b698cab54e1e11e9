import json
import socket
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from sparrow_lite import search
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError
from sparrow_lite.options import SearchOptions
from sparrow_lite.search import Query, known_names, open_search
from sparrow_lite.search.nothing import NothingBackend

OPTIONS = SearchOptions()


def add_plugin(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entry = EntryPoint(name="mine", value=value, group="sparrow_lite.search")
    monkeypatch.setattr(search, "entry_points", lambda **wanted: EntryPoints([entry]).select(**wanted))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("duckduckgo", "duckduckgo"),
        ("wikipedia", "wikipedia"),
        ("searxng:http://127.0.0.1:8888", "searxng"),
        ("none", "none"),
    ],
)
@pytest.mark.parametrize("kept", [False, True])
def test_a_name_opens_its_backend(tmp_path, name, shown, kept) -> None:
    options = SearchOptions(cache_dir=tmp_path if kept else None)

    assert open_search(name, options).name == shown


def test_a_replay_opens_its_file(tmp_path) -> None:
    path = tmp_path / "a:b.jsonl"
    hit = {"url": "https://a.example", "title": "A"}
    line = {"query": "q", "searched_at": "2026-01-02T03:04:05Z", "results": [hit]}
    path.write_text(json.dumps(line))

    backend = open_search(f"replay:{path}", OPTIONS)

    assert backend.search(Query(text="Q"), deadline=Deadline.after(1.0)).results[0].title == "A"


@pytest.mark.parametrize("name", ["google", "", ":x", "Auto", "duckduckgo,wikipedia"])
def test_an_unknown_name_lists_the_known_ones(name) -> None:
    with pytest.raises(ConfigError, match="choose one of auto, duckduckgo, searxng:URL") as caught:
        open_search(name, OPTIONS)

    assert all(known in str(caught.value) for known in known_names())


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("searxng", "write searxng:URL"),
        ("corpus:", "write corpus:DIR"),
        ("replay", "write replay:FILE"),
        ("auto:x", "write auto"),
        ("none:", "write none"),
        ("searxng:nowhere", "searxng:http"),
    ],
)
def test_a_name_with_a_wrong_argument_says_what_to_write(name, advice) -> None:
    with pytest.raises(ConfigError, match=advice):
        open_search(name, OPTIONS)


@pytest.mark.parametrize("region", ["wt-wt", "us", "", "us-en-x", "US-EN"])
@pytest.mark.parametrize("name", ["duckduckgo", "searxng:http://127.0.0.1:1"])
def test_a_region_that_engines_stumble_over_is_refused(name, region) -> None:
    with pytest.raises(ConfigError, match="such as us-en"):
        open_search(name, SearchOptions(region=region))


def test_another_package_adds_a_name(monkeypatch) -> None:
    add_plugin(monkeypatch, "sparrow_lite.search:_open_nothing")

    assert isinstance(open_search("mine:with an argument", OPTIONS), NothingBackend)
    assert known_names()[-1] == "mine"


@pytest.mark.parametrize("value", ["no_such_package:opener", "sparrow_lite.search:no_such"])
def test_a_broken_package_is_named(monkeypatch, value) -> None:
    add_plugin(monkeypatch, value)

    with pytest.raises(ConfigError, match=value):
        open_search("mine", OPTIONS)


def test_backends_of_one_cache_folder_do_not_share_answers(web, make_answer, tmp_path) -> None:
    def answer(seen):
        title = seen.path.removesuffix("/search")
        return make_answer(body={"results": [{"url": "https://a.example", "title": title}]})

    web.answer = answer
    options = SearchOptions(cache_dir=tmp_path, per_second=1000.0)

    titles = [
        open_search(f"searxng:{web.url}/{name}", options)
        .search(Query(text="q"), deadline=Deadline.after(5.0))
        .results[0]
        .title
        for name in ("one", "two", "one")
    ]

    assert titles == ["/one", "/two", "/one"]
    assert len(web.seen) == 2


def test_the_user_folder_of_a_path_is_found(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    Path(tmp_path / "searches.jsonl").write_text("")

    assert open_search("replay:~/searches.jsonl", OPTIONS).name == "replay"


def test_without_a_network_the_starter_corpus_answers_and_says_why_the_others_did_not(
    web, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("DDGS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setattr(socket, "getaddrinfo", refuse_names)
    backend = open_search("auto", SearchOptions(cache_dir=tmp_path))

    for place in range(3):
        query = Query(text=f"How tall is the Eiffel Tower? {place}")
        found = backend.search(query, deadline=Deadline.after(10.0))

        assert found.backend == "starter"
        assert found.results[0].text is not None
        assert [(each.backend, each.outcome) for each in found.attempts] == [
            ("duckduckgo", "search_unreachable"),
            ("brave", "search_unreachable"),
            ("mojeek", "search_unreachable"),
            ("wikipedia", "search_unreachable"),
            ("starter", "ok"),
        ]
        assert all(each.detail for each in found.attempts[:4])


def refuse_names(*_: object, **__: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_cache_folder_that_cannot_be_used_costs_only_the_cache(tmp_path, caplog) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, where the folder should be")
    backend = open_search("auto", SearchOptions(cache_dir=taken))
    assert backend.name == "auto"
    assert "not cached" in caplog.text
