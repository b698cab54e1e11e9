import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sparrow_lite.search.corpus.follow import IndexReport, update_index
from sparrow_lite.search.corpus.index import PassageIndex

OLD = time.time() - 3600


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("goose", "duck", "swan"):
        write(folder / f"{name}.md", f"# {name.title()}\n\nThe {name} is a water bird.\n")
    return folder


def write(path: Path, text: str, at: float = OLD) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))


def counts(report: IndexReport) -> tuple[int, int, int]:
    return report.files, report.updated, report.removed


def paths(index: PassageIndex, query: str) -> list[str]:
    return sorted(hit.path for hit in index.search(query, limit=10))


def test_only_new_and_changed_files_are_read(folder: Path) -> None:
    index = PassageIndex(None)
    assert counts(update_index(index, folder)) == (3, 3, 0)
    assert counts(update_index(index, folder)) == (3, 0, 0)
    write(folder / "goose.md", "# Goose\n\nThe goose honks.\n", OLD + 60)
    write(folder / "rail.md", "# Rail\n\nThe rail hides.\n")
    (folder / "swan.md").unlink()
    assert counts(update_index(index, folder)) == (3, 2, 1)
    assert paths(index, "bird") == ["duck.md"]
    assert paths(index, "honking") == ["goose.md"]
    assert paths(index, "swan") == []


def test_a_touched_file_with_the_same_text_is_not_read_again(folder: Path) -> None:
    index = PassageIndex(None)
    update_index(index, folder)
    os.utime(folder / "goose.md", (OLD + 60, OLD + 60))
    assert counts(update_index(index, folder)) == (3, 0, 0)
    assert paths(index, "goose") == ["goose.md"]
    listing = index.listing()
    update_index(index, folder)
    assert index.listing() == listing


def test_a_change_within_the_grain_of_the_clock_is_noticed(folder: Path) -> None:
    index = PassageIndex(None)
    now = time.time()
    write(folder / "goose.md", "# Goose\n\nThe goose honks.\n", now)
    update_index(index, folder)
    write(folder / "goose.md", "# Goose\n\nThe goose sings.\n", now)
    assert counts(update_index(index, folder)) == (3, 1, 0)
    assert paths(index, "honks") == []


def test_unreadable_files_are_reported_each_time_and_read_once_mended(folder: Path) -> None:
    index = PassageIndex(None)
    write(folder / "scan.pdf", "%PDF-1.7 broken")
    for updated in (3, 0):
        report = update_index(index, folder)
        assert counts(report) == (3, updated, 0)
        assert [skip.path for skip in report.skipped] == [folder / "scan.pdf"]
        assert "scan.pdf" in report.skipped[0].reason
    (folder / "scan.pdf").unlink()
    assert update_index(index, folder).skipped == ()


def test_a_file_that_became_unreadable_leaves_the_index(folder: Path) -> None:
    index = PassageIndex(None)
    update_index(index, folder)
    write(folder / "goose.md", "", OLD + 60)
    report = update_index(index, folder)
    assert counts(report) == (2, 0, 1)
    assert paths(index, "goose") == []
    write(folder / "goose.md", "# Goose\n\nBack again.\n", OLD + 120)
    assert counts(update_index(index, folder)) == (3, 1, 0)


def test_progress_counts_the_files_to_be_read(folder: Path) -> None:
    calls: list[tuple[int, int, str]] = []
    index = PassageIndex(None)

    def progress(done: int, total: int, path: Path) -> None:
        calls.append((done, total, path.name))

    update_index(index, folder, progress=progress)
    expected = [(0, 3, "duck.md"), (1, 3, "goose.md"), (2, 3, "swan.md"), (3, 3, "swan.md")]
    assert calls == expected
    update_index(index, folder, progress=progress)
    assert calls == expected


UPDATE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from sparrow_lite.search.corpus import follow
from sparrow_lite.search.corpus.index import PassageIndex
follow._COMMIT_PASSAGES = int(sys.argv[3])
def progress(done, total, path):
    if path.name == "file-30.md":
        os.kill(os.getpid(), signal.SIGKILL)
follow.update_index(PassageIndex(Path(sys.argv[1])), Path(sys.argv[2]), progress=progress)
"""


@pytest.mark.parametrize(("commit_every", "left"), [(1000, 40), (10, 20)])
def test_a_kill_in_mid_update_leaves_an_index_that_answers_and_is_taken_up(
    tmp_path: Path, commit_every: int, left: int
) -> None:
    folder, store = tmp_path / "files", tmp_path / "index"
    folder.mkdir()
    for number in range(40):
        write(folder / f"file-{number:02}.md", f"The old goose number {number}.")
    index = PassageIndex(store)
    update_index(index, folder)
    for number in range(40):
        write(folder / f"file-{number:02}.md", f"A new swan number {number}.", OLD + 60)
    command = [sys.executable, "-c", UPDATE_AND_DIE, str(store), str(folder), str(commit_every)]
    assert subprocess.run(command, timeout=60, check=False).returncode == -signal.SIGKILL
    reader = PassageIndex(store)
    old, new = (len(reader.search(bird, limit=50)) for bird in ("goose", "swan"))
    assert old + new == 40
    assert old == (40 if left == 40 else 10)
    report = update_index(reader, folder)
    assert (report.files, report.updated) == (40, old)
    assert len(reader.search("swan", limit=50)) == 40
    assert reader.search("goose", limit=50) == []


READ_UNTIL_DONE = """
import sys, time
from pathlib import Path
from sparrow_lite.search.corpus.index import PassageIndex
index, seen = PassageIndex(Path(sys.argv[1])), set()
print("ready", flush=True)
end = time.monotonic() + 30
while time.monotonic() < end and "last" not in seen:
    hits = index.search("goose", limit=5)
    assert len(hits) == 1, len(hits)
    seen.add(hits[0].text.split()[-1])
print('last' in seen)
"""


def test_another_process_reads_while_one_updates(tmp_path: Path) -> None:
    folder, store = tmp_path / "files", tmp_path / "index"
    folder.mkdir()
    write(folder / "a.md", "The goose is first")
    index = PassageIndex(store)
    update_index(index, folder)
    command = [sys.executable, "-c", READ_UNTIL_DONE, str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(20):
            last = "last" if number == 19 else f"n{number}"
            write(folder / "a.md", f"The goose is {last}", OLD + number + 1)
            update_index(index, folder)
        assert reader.stdout.read() == "True\n"
    assert reader.returncode == 0
