from pathlib import Path

import pytest

from sparrow_lite.deadline import Deadline
from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.indexing import index_directory
from sparrow_lite.search.base import Query
from sparrow_lite.search.corpus.backend import open_corpus


def test_the_report_says_what_was_done_and_what_was_not(tmp_path: Path) -> None:
    files, store = tmp_path / "files", tmp_path / "indexes"
    files.mkdir()
    (files / "goose.md").write_text("Geese fly.")
    (files / "broken.pdf").write_bytes(b"%PDF-")
    calls: list[tuple[int, int]] = []
    report = index_directory(
        files, index_dir=store, progress=lambda done, total, path: calls.append((done, total))
    )
    assert (report.files, report.passages, report.updated, report.removed) == (1, 1, 1, 0)
    assert [skip.path for skip in report.skipped] == [files / "broken.pdf"]
    assert report.seconds > 0
    assert calls == [(0, 2), (1, 2), (2, 2)]


def test_an_open_corpus_sees_what_is_indexed_later(tmp_path: Path) -> None:
    files, store = tmp_path / "files", tmp_path / "indexes"
    files.mkdir()
    (files / "goose.md").write_text("Geese fly.")
    backend = open_corpus(files, name="corpus", index_dir=store, limit=5)
    (files / "swan.md").write_text("Swans hiss.")
    index_directory(files, index_dir=store)
    found = backend.search(Query(text="hissing swans"), deadline=Deadline.after(5))
    assert found.results[0].text == "Swans hiss."


def test_a_missing_folder_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a folder"):
        index_directory(tmp_path / "gone", index_dir=tmp_path)


def test_an_index_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be opened"):
        index_directory(tmp_path, index_dir=tmp_path / "blocked")
