import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.support.quotes import quote_span


def quote(sentence, text, *, title="Varn bridge", start=0):
    page = Page.of(url="https://e.org/v", title=title, text=text, opened_at="")
    at, end = quote_span(sentence, Evidence(id=1, page=page, start=start, end=len(text)))
    return text[at:end] if at >= 0 else None


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("Bees make honey.", "Ants walk. Bees make honey. Wasps sting.", "Bees make honey."),
        (
            "Bees make 5 kg of honey.",
            "Ants walk. Bees make honey. Each hive makes 5 kg. Wasps sting.",
            "Bees make honey. Each hive makes 5 kg.",
        ),
        (
            "Bees made 5 kg of honey.",
            "In all 5 kg came. Bees made honey. Wasps sting.",
            "In all 5 kg came. Bees made honey.",
        ),
        ("Bees made 5 kg of honey.", "Bees made 4 kg of honey. Ants made 5 kg.", "Bees made 4 kg of honey."),
        ("Zebras gallop.", "Bees make honey.", None),
        ("Zebras gallop.", "", None),
    ],
)
def test_the_quote_is_the_nearest_place_grown_by_a_neighbour_that_holds_its_figures(sentence, text, expected):
    assert quote(sentence, text) == expected


def test_the_quote_has_at_most_three_sentences():
    text = "Bees live here. They eat. They fly. They sleep. They make 5 kg of honey."
    assert quote("Bees live here, 5 in each hive.", text) == "Bees live here."


def test_offsets_are_those_of_the_page():
    text = "Ants walk. Bees make honey."
    assert quote("Bees make honey.", text, start=11) == "Bees make honey."
