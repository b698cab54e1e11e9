import pickle
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import diskcache
import pytest

from sparrow_lite.attempts import Attempt, SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError
from sparrow_lite.search.base import Query, Result, SearchResults
from sparrow_lite.search.cache import CachedBackend, Keeping, open_store


@dataclass
class FakeBackend:
    reason: SearchReason | None = None
    asked: list[str] = field(default_factory=list)
    name: str = "fake"

    def search(self, query: Query, *, deadline: Deadline) -> SearchResults:
        self.asked.append(query.text)
        if self.reason is not None:
            attempt = Attempt(backend="inner", outcome=self.reason.value, detail="why", seconds=0.5)
            raise SearchError("it failed", reason=self.reason, attempts=(attempt,))
        number = len(self.asked)
        return SearchResults(
            query=query,
            backend="inner",
            searched_at=f"2026-01-02T03:04:{number:02}+00:00",
            results=(
                Result(url="https://a.example", title="Ä", snippet="s", text="t" * 50_000),
                Result(url="https://b.example", title="B"),
            ),
            attempts=(
                Attempt(backend="first", outcome="search_blocked", detail="HTTP 403"),
                Attempt(backend="inner", outcome="ok", results=2, seconds=0.5),
            ),
        )


def cached(
    inner: FakeBackend,
    directory: Path,
    *,
    scope: tuple[str, ...] = ("fake", "8"),
    answers: float = 60.0,
    failures: float = 60.0,
) -> CachedBackend:
    keeping = Keeping(scope=scope, answers_ttl_seconds=answers, failures_ttl_seconds=failures)
    return CachedBackend(inner, open_store(directory), keeping)


def search(backend: CachedBackend, text: str = "q", *, seconds: float = 5.0) -> SearchResults:
    return backend.search(Query(text=text), deadline=Deadline.after(seconds))


def test_a_kept_answer_is_the_same_but_says_that_it_is_cached(tmp_path) -> None:
    inner = FakeBackend()
    new = search(cached(inner, tmp_path))

    kept = search(cached(inner, tmp_path))

    assert len(inner.asked) == 1
    assert (kept.results, kept.backend, kept.searched_at) == (
        new.results,
        new.backend,
        new.searched_at,
    )
    assert [(each.cached, each.seconds) for each in new.attempts] == [(False, 0.0), (False, 0.5)]
    assert [(each.cached, each.seconds) for each in kept.attempts] == [(True, 0.0), (True, 0.0)]
    assert [(each.backend, each.outcome, each.detail, each.results) for each in kept.attempts] == [
        (each.backend, each.outcome, each.detail, each.results) for each in new.attempts
    ]


@pytest.mark.parametrize("reason", list(SearchReason))
def test_a_kept_failure_is_the_same_but_says_that_it_is_cached(tmp_path, reason) -> None:
    inner = FakeBackend(reason)
    for was_kept in (False, True):
        with pytest.raises(SearchError, match="it failed") as caught:
            search(cached(inner, tmp_path))
        assert caught.value.reason is reason
        assert [each.cached for each in caught.value.attempts] == [was_kept]
        assert caught.value.attempts[0].detail == "why"

    assert len(inner.asked) == 1


@pytest.mark.parametrize(
    ("text", "scope", "asked"),
    [
        ("how tall?", ("fake", "8"), 1),
        (" HOW   tall?\n", ("fake", "8"), 1),
        ("how tall", ("fake", "8"), 2),
        ("how tall?", ("fake", "9"), 2),
        ("how tall?", ("other", "8"), 2),
    ],
)
def test_equal_queries_of_one_scope_share_an_answer(tmp_path, text, scope, asked) -> None:
    inner = FakeBackend()
    search(cached(inner, tmp_path), "how tall?")

    kept = search(cached(inner, tmp_path, scope=scope), text)

    assert len(inner.asked) == asked
    assert kept.query.text == text


@pytest.mark.parametrize("reason", [None, SearchReason.UNREACHABLE])
def test_answers_and_failures_have_each_their_time(tmp_path, reason) -> None:
    inner = FakeBackend(reason)
    backend = cached(inner, tmp_path, answers=60.0, failures=0.05)
    for _ in range(2):
        try:
            search(backend)
        except SearchError:
            time.sleep(0.1)

    assert len(inner.asked) == (1 if reason is None else 2)


def test_an_answer_is_forgotten_after_its_time(tmp_path) -> None:
    inner = FakeBackend()
    backend = cached(inner, tmp_path, answers=0.05)
    search(backend)
    time.sleep(0.1)
    search(backend)

    assert len(inner.asked) == 2


def test_a_time_of_zero_keeps_nothing(tmp_path) -> None:
    inner = FakeBackend()
    backend = cached(inner, tmp_path, answers=0.0)
    search(backend)
    search(backend)

    assert len(inner.asked) == 2


def test_the_failure_of_a_caller_without_time_is_not_kept(tmp_path) -> None:
    inner = FakeBackend(SearchReason.TIMEOUT)
    backend = cached(inner, tmp_path)
    with pytest.raises(SearchError):
        search(backend, seconds=0.0)
    inner.reason = None

    assert search(backend).results


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("in_file", [False, True])
def test_a_pickled_entry_is_never_loaded(tmp_path, in_file, caplog) -> None:
    inner = FakeBackend()
    folder = tmp_path / "cache"
    search(cached(inner, folder))
    pickled = pickle.dumps(Trap(tmp_path / "sprung"))
    with sqlite3.connect(folder / diskcache.core.DBNAME) as connection:
        (folder / "x.val").write_bytes(pickled)
        row = (diskcache.core.MODE_PICKLE, "x.val", None) if in_file else (4, None, pickled)
        connection.execute("UPDATE Cache SET mode = ?, filename = ?, value = ?", row)

    assert search(cached(inner, folder)).results
    assert len(inner.asked) == 2
    assert not (tmp_path / "sprung").exists()
    assert "a pickled entry" in caplog.text


def test_nothing_is_pickled(tmp_path) -> None:
    search(cached(FakeBackend(), tmp_path))
    with sqlite3.connect(tmp_path / diskcache.core.DBNAME) as connection:
        rows = connection.execute("SELECT mode, raw FROM Cache").fetchall()

    assert rows
    assert all(mode != diskcache.core.MODE_PICKLE and raw for mode, raw in rows)


@pytest.mark.parametrize("value", [b"no zlib", b"x\x9cK\xcc\x03\x00\x01&\x00\xc8"])
def test_a_spoiled_entry_costs_a_search_and_no_more(tmp_path, value) -> None:
    inner = FakeBackend()
    search(cached(inner, tmp_path))
    with sqlite3.connect(tmp_path / diskcache.core.DBNAME) as connection:
        connection.execute("UPDATE Cache SET value = ?, filename = NULL", (value,))

    assert search(cached(inner, tmp_path)).results
    assert len(inner.asked) == 2


def test_threads_share_a_store(tmp_path) -> None:
    inner = FakeBackend()
    backend = cached(inner, tmp_path)
    search(backend)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: search(backend), range(40)))

    assert len(inner.asked) == 1
    assert {each.searched_at for each in found} == {"2026-01-02T03:04:01+00:00"}


def test_a_folder_that_cannot_be_used_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match=r"search cache in .*file"):
        open_store(tmp_path / "file")


def test_a_database_that_is_none_is_named(tmp_path) -> None:
    (tmp_path / diskcache.core.DBNAME).write_text("no database" * 1000)

    with pytest.raises(ConfigError, match="delete the folder"):
        open_store(tmp_path)
