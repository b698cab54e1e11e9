import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.language import find_quote


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("was completed", "It was completed.", "was completed"),
        ("the  “tower” was", 'So the \'tower" was. The "tower" was old', 'The "tower" was'),
        ("three—four", "THREE-FOUR", "THREE-FOUR"),
        ("a b", "a\n\n b", "a\n\n b"),
        ("oﬃce", "the office", "office"),
        ("art", "start", None),
        ("was finished", "was completed", None),
        ("", "anything", None),
        ("...", "a...b", None),
    ],
)
def test_only_typesetting_is_forgiven(quote, text, found):
    place = find_quote(quote, text)
    assert (text[place[0] : place[1]] if place else None) == found


@given(st.text(alphabet="abc é“”-\n.", min_size=3, max_size=80), st.data())
def test_whole_words_of_a_text_are_always_found_in_it(text, data):
    pieces = text.split()
    if not pieces:
        return
    start = data.draw(st.integers(0, len(pieces) - 1))
    quote = " ".join(pieces[start : start + 3])
    if quote.strip(" .,;:!?\"'“”"):
        assert find_quote(quote, text) is not None
