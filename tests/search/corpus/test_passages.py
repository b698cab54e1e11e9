import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.search.corpus.passages import PASSAGE_CHARS, SECTION_CHARS, cut

SENTENCE = "Herons stand still in shallow water and wait for fish to come close. "


def passages_of(text: str) -> list[str]:
    return [section.text[a:b] for section in cut(text) for a, b in section.passages]


def test_a_short_text_is_one_passage_of_one_section() -> None:
    (section,) = cut("One.\nTwo.")
    assert (section.text, section.passages) == ("One.\nTwo.", ((0, 9),))


@pytest.mark.parametrize("text", ["", " \n\n\t"])
def test_a_blank_text_has_no_sections(text: str) -> None:
    assert cut(text) == []


def test_passages_end_at_paragraphs_where_they_can() -> None:
    paragraph = SENTENCE * 8
    assert passages_of("\n".join([paragraph] * 3)) == [paragraph.strip()] * 3


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    found = passages_of(SENTENCE * 40)
    assert len(found) > 2
    assert all(passage.endswith("close.") and passage.startswith("Herons") for passage in found)


def test_a_long_document_becomes_sections_of_bounded_size() -> None:
    sections = cut("\n".join([SENTENCE * 10] * 300))
    assert len(sections) > 3
    assert all(len(section.text) <= SECTION_CHARS for section in sections)


def test_a_document_at_the_bound_is_one_section() -> None:
    text = "\n".join(["x" * 599] * 100)
    assert len(text) == SECTION_CHARS - 1
    assert [section.text for section in cut(text)] == [text]


@given(st.text(alphabet=st.sampled_from(" \n.abcé東!?"), max_size=4000), st.integers(1, 40))
def test_no_character_but_white_space_is_lost_and_no_passage_is_too_long(text: str, times: int) -> None:
    found = passages_of(text * times)
    assert "".join("".join(found).split()) == "".join((text * times).split())
    assert all(passage.strip() == passage and 0 < len(passage) <= PASSAGE_CHARS for passage in found)
