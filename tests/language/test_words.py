import pytest

from sparrow_lite.language import fold, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Café Zürich", "cafe zurich"), ("It’s", "it's"), ("PLAIN", "plain")],
)
def test_folding_takes_case_and_accents_away(text, expected):
    assert fold(text) == expected


def test_words_keep_their_order_and_function_words():
    assert words("The cat's on it, twice.") == ["the", "cat's", "on", "it", "twice"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("towers", "tower"),
        ("built", "building"),
        ("completed", "complete"),
        ("Rome's", "rome"),
        ("fell", "falls"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert stems(one) == stems(other)


def test_function_words_have_no_stem():
    assert stems("When was it that you were there?") == []
