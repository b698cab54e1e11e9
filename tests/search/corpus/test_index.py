import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sparrow_lite.errors import StoreError
from sparrow_lite.search.corpus.documents import Document
from sparrow_lite.search.corpus.index import IndexBusyError, PassageIndex

BIRDS = {
    "heron": "Herons wait in shallow water for fish. They nest in trees.",
    "swift": "Swifts sleep while they fly, and land only to nest.",
    "café": "The café in Zürich was built in 1911 by naïve painters.",
}


def fill(index: PassageIndex, documents: dict[str, str], listing: str = "{}") -> PassageIndex:
    with index.writing(wait_seconds=5) as writing:
        for path, text in documents.items():
            writing.add(path, Document(title=path.title(), text=text))
        writing.commit(listing)
    return index


def paths(index: PassageIndex, query: str) -> list[str]:
    return [hit.path for hit in index.search(query, limit=5)]


@pytest.fixture(scope="module")
def birds() -> PassageIndex:
    return fill(PassageIndex(None), BIRDS)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("What does a heron wait for?", "heron"),
        ("sleeping swift", "swift"),
        ("CAFES of zurich", "café"),
        ("who was the naive painter?", "café"),
        ("when was it built, 1911?", "café"),
        ("building", "café"),
    ],
)
def test_inflections_case_and_accents_do_not_matter(birds: PassageIndex, query: str, path: str) -> None:
    assert paths(birds, query)[0] == path


@pytest.mark.parametrize("query", ["", "  ", "?!", "what is it?", "who are they and why", "zeppelin"])
def test_nothing_is_found_without_a_content_word_in_common(birds: PassageIndex, query: str) -> None:
    assert birds.search(query, limit=5) == []


@pytest.mark.parametrize(
    "query",
    [
        'heron" OR "x',
        "heron NEAR/2 fish",
        "heron* AND (NOT",
        "body:heron^2",
        "-heron +",
        "{heron TO z]",
        "heron\0fish",
        "heron; DROP TABLE passages; --",
        "heron " * 5000,
        "'heron'\\",
    ],
)
def test_a_query_has_no_syntax(birds: PassageIndex, query: str) -> None:
    assert "heron" in paths(birds, query)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_query_is_an_error(birds: PassageIndex, query: str) -> None:
    for hit in birds.search(query, limit=3):
        assert hit.score > 0
        assert 0 <= hit.start < hit.end <= len(hit.text)


def test_a_hit_gives_the_whole_text_and_the_place_of_its_best_passage() -> None:
    text = "\n".join(["Cranes dance in spring. " * 30, "A bittern booms at dusk. " * 30, "Rails hide. " * 60])
    (hit,) = fill(PassageIndex(None), {"marsh": text}).search("booming bittern", limit=5)
    assert hit.text == text.strip()
    assert hit.text[hit.start : hit.end] == ("A bittern booms at dusk. " * 30).strip()
    assert (hit.section, hit.sections, hit.title) == (0, 1, "Marsh")


def test_a_long_document_gives_the_section_that_holds_the_passage() -> None:
    paragraphs = [f"Page {n} speaks of weather and of ships. " * 15 for n in range(400)]
    paragraphs[321] = "The lighthouse keeper owned a parrot."
    (hit,) = fill(PassageIndex(None), {"book": "\n".join(paragraphs)}).search("keeper's parrot", limit=5)
    assert hit.sections > 3
    assert 0 < hit.section < hit.sections
    assert len(hit.text) <= 60_000
    assert "lighthouse keeper" in hit.text[hit.start : hit.end]


def test_a_document_with_many_good_passages_counts_once_and_hides_no_other() -> None:
    many = "\n".join(["The otter swims near an otter den. " * 24] * 20)
    index = fill(PassageIndex(None), {"many": many, "one": "Once an otter was seen here, in passing."})
    assert sorted(paths(index, "otter")) == ["many", "one"]


def test_a_title_helps_a_document_that_is_about_the_subject() -> None:
    body = "It circles its star in {} days and has no moons at all."
    index = fill(PassageIndex(None), {"venus": body.format(225), "mercury": body.format(88)})
    assert paths(index, "How many days does Mercury take around its star?")[0] == "mercury"


def test_changes_are_seen_at_commit_and_not_before(tmp_path: Path) -> None:
    index = fill(PassageIndex(tmp_path), {"a": "Old geese."}, "first")
    reader = PassageIndex(tmp_path)
    with index.writing(wait_seconds=5) as writing:
        writing.remove("a")
        writing.add("a", Document(title="A", text="New ducks."))
        assert (paths(reader, "geese"), paths(reader, "ducks"), reader.listing()) == (["a"], [], "first")
        writing.commit("second")
    assert (paths(reader, "geese"), paths(reader, "ducks"), reader.listing()) == ([], ["a"], "second")


def test_what_was_not_committed_is_dropped(tmp_path: Path) -> None:
    index = fill(PassageIndex(tmp_path), {"a": "Old geese."})

    def write_and_fail() -> None:
        with index.writing(wait_seconds=5) as writing:
            writing.remove("a")
            raise KeyError("stop")

    with pytest.raises(KeyError):
        write_and_fail()
    assert paths(PassageIndex(tmp_path), "geese") == ["a"]


def test_a_second_writer_waits_and_then_says_so(tmp_path: Path) -> None:
    first, second = PassageIndex(tmp_path), PassageIndex(tmp_path)
    with (
        first.writing(wait_seconds=0),
        pytest.raises(IndexBusyError, match="Another process"),
        second.writing(wait_seconds=0.1),
    ):
        pass
    with second.writing(wait_seconds=0) as writing:
        writing.commit("mine")
    assert first.listing() == "mine"


def test_a_broken_index_is_a_store_error(tmp_path: Path) -> None:
    fill(PassageIndex(tmp_path), BIRDS)
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be opened"):
        PassageIndex(tmp_path)


def test_threads_read_one_index_while_it_is_written(tmp_path: Path) -> None:
    index = fill(PassageIndex(tmp_path), {"a": "The goose is number 0."})
    failures: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            hits = index.search("goose", limit=3)
            if len(hits) != 1 or "goose" not in hits[0].text:
                failures.append(f"{len(hits)} hits")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    with index.writing(wait_seconds=5) as writing:
        for number in range(1, 30):
            writing.remove("a")
            writing.add("a", Document(title="A", text=f"The goose is number {number}."))
            writing.commit("")
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert "29" in index.search("goose", limit=3)[0].text
