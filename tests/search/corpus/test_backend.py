import json
import time
from pathlib import Path

import pytest

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, SearchError
from sparrow_lite.resources import starter_corpus_dir
from sparrow_lite.search.base import Query, SearchBackend, SearchResults
from sparrow_lite.search.corpus import backend as corpus_backend
from sparrow_lite.search.corpus.backend import index_folder, open_corpus
from sparrow_lite.search.corpus.documents import Document
from sparrow_lite.search.corpus.index import PassageIndex


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my files"
    folder.mkdir()
    (folder / "goose.md").write_text("# The Goose\n\nGeese fly in a V.\n")
    (folder / "ünï.txt").write_text("Geese and naïve façades.\n")
    return folder


def search(backend: SearchBackend, text: str) -> SearchResults:
    return backend.search(Query(text=text), deadline=Deadline.after(5))


def opened(folder: Path, index_dir: Path | None = None, name: str = "corpus") -> SearchBackend:
    return open_corpus(folder, name=name, index_dir=index_dir, limit=5)


def test_a_hit_names_its_file_and_holds_its_text(folder: Path) -> None:
    found = search(opened(folder), "How do geese fly?")
    first = found.results[0]
    assert first.url == (folder / "goose.md").as_uri()
    assert first.url.startswith("file:///")
    assert first.title == "The Goose"
    assert first.text == first.snippet == "Geese fly in a V."
    assert found.backend == "corpus"
    assert [(a.backend, a.outcome, a.results) for a in found.attempts] == [("corpus", "ok", 2)]
    assert found.searched_at.endswith("+00:00")


def test_names_with_spaces_and_accents_become_valid_addresses(folder: Path) -> None:
    (result,) = search(opened(folder), "facades").results
    assert result.url.endswith("/my%20files/%C3%BCn%C3%AF.txt")
    assert result.title == "ünï"


def test_the_sections_of_a_book_have_addresses_of_their_own(tmp_path: Path) -> None:
    pages = ["It rained on the ships all day long. " * 20 for _ in range(200)]
    pages[150] = "The parrot spoke Latin."
    (tmp_path / "book.txt").write_text("\n\n".join(pages))
    (result,) = search(opened(tmp_path), "a parrot that speaks Latin").results
    assert result.url == (tmp_path / "book.txt").as_uri() + "#section=2"
    assert result.text is not None
    assert len(result.text) <= 60_000
    assert "The parrot spoke Latin." in (result.snippet or "")


def test_no_hit_is_an_error_with_its_reason_and_its_try(folder: Path) -> None:
    with pytest.raises(SearchError, match="None of 2 files") as caught:
        search(opened(folder), "zeppelin")
    assert caught.value.reason is SearchReason.NO_RESULTS
    assert [attempt.outcome for attempt in caught.value.attempts] == ["no_results"]


def test_an_empty_folder_opens_and_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-")
    with pytest.raises(SearchError, match="no file that could be read"):
        search(opened(tmp_path), "goose")


@pytest.mark.parametrize("name", ["gone", "file.md"])
def test_a_missing_folder_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.md").write_text("x")
    with pytest.raises(ConfigError, match=f"{name} is not a folder"):
        opened(tmp_path / name)


def test_an_index_on_disk_follows_the_files_at_each_opening(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "indexes"
    search(opened(folder, store), "geese")
    assert (index_folder(folder, index_dir=store) / "meta.json").is_file()
    (folder / "swan.md").write_text("Swans hiss.")
    (folder / "goose.md").unlink()
    backend = opened(folder, store)
    assert search(backend, "hissing").results[0].url.endswith("swan.md")
    with pytest.raises(SearchError):
        search(backend, "fly")


def test_two_folders_keep_their_indexes_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(f"Folder {name}.")
    backends = [opened(tmp_path / name, tmp_path / "indexes") for name in ("one", "two")]
    assert [search(b, "folder").results[0].text for b in backends] == ["Folder one.", "Folder two."]


@pytest.mark.parametrize("damage", ["meta", "schema", "listing"])
def test_a_damaged_index_is_built_anew(folder: Path, tmp_path: Path, damage: str) -> None:
    store = tmp_path / "indexes"
    opened(folder, store)
    meta = index_folder(folder, index_dir=store) / "meta.json"
    if damage == "meta":
        meta.write_text("nonsense")
    elif damage == "schema":
        state = json.loads(meta.read_text())
        state["schema"] = state["schema"][:1]
        meta.write_text(json.dumps(state))
    else:
        for path in meta.parent.glob("*.store"):
            path.unlink()
    assert len(search(opened(folder, store), "geese").results) == 2


def test_an_index_of_another_format_is_replaced(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "indexes"
    stale = index_folder(folder, index_dir=store).parent / "0-stale"
    stale.mkdir(parents=True)
    (stale / "meta.json").write_text("of another time")
    search(opened(folder, store), "geese")
    assert not stale.exists()


def test_without_a_place_to_write_the_index_is_kept_in_memory(folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    assert len(search(opened(folder, blocked / "indexes"), "geese").results) == 2


def test_a_corpus_opens_while_another_process_updates_its_index(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_backend, "_BUSY_SECONDS", 0.05)
    store = tmp_path / "indexes"
    opened(folder, store)
    (folder / "swan.md").write_text("Swans hiss.")
    other = PassageIndex(index_folder(folder, index_dir=store))
    with other.writing(wait_seconds=0) as writing:
        backend = opened(folder, store)
        assert len(search(backend, "geese").results) == 2
        writing.add("swan.md", Document(title="Swan", text="Swans hiss."))
        writing.commit("{}")
        assert search(backend, "hissing").results[0].title == "Swan"


def test_an_index_that_vanishes_under_an_open_corpus_is_a_search_error(folder: Path, tmp_path: Path) -> None:
    store = tmp_path / "indexes"
    backend = opened(folder, store)
    (index_folder(folder, index_dir=store) / "meta.json").write_text("nonsense")
    with pytest.raises(SearchError) as caught:
        search(backend, "geese")
    assert caught.value.reason is SearchReason.UNREACHABLE


def test_the_starter_corpus_opens_quickly_and_names_its_articles() -> None:
    started = time.monotonic()
    backend = opened(starter_corpus_dir(), name="starter")
    assert time.monotonic() - started < 1.5  # about 0.1 s; the slack is for busy machines
    found = search(backend, "How far away is the Moon?")
    assert found.backend == "starter"
    assert found.results[0].url == "sparrow:starter/the-moon"


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("What is photosynthesis?", "photosynthesis"),
        ("why do we have tides", "tides"),
        ("How fast does light travel?", "speed-of-light"),
        ("What causes the seasons?", "seasons"),
        ("Which planet has the great red spot?", "jupiter"),
    ],
)
def test_the_starter_corpus_answers_plain_questions_first(question: str, article: str) -> None:
    found = search(opened(starter_corpus_dir(), name="starter"), question)
    assert found.results[0].url == f"sparrow:starter/{article}"
