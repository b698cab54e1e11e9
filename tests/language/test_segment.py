from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.language import paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("Dr. Smith met J. Doe in Washington D.C. in 1889. He left.", 2),
        ("It was plan B. Then came plan C.", 2),
        ("It cost $3.5 million. Then it closed.", 2),
        ("First line\nsecond line", ["First line", "second line"]),
        ("Fruit, e.g. apples, is sold here. Nothing else is.", 2),
        ("", []),
        ("  \n\n ", []),
    ],
)
def test_sentences_are_cut_where_a_reader_would_cut_them(text, expected):
    found = [span.text for span in sentences(text)]
    assert (len(found) if isinstance(expected, int) else found) == expected


@given(st.text(max_size=300))
def test_every_span_is_verbatim_and_in_order(text):
    spans = sentences(text)
    assert all(text[span.start : span.end] == span.text and span.text.strip() for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


def test_paragraphs_are_the_lines_with_words():
    assert [span.text for span in paragraphs(" a b \n\n\n c\n")] == ["a b", "c"]
