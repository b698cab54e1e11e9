import pytest

from sparrow_lite.models.embedded.intents import read_phrasebook
from sparrow_lite.models.embedded.question import Kind, read_question


@pytest.fixture(scope="module")
def phrasebook():
    return read_phrasebook()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("When did the Berlin Wall fall?", Kind.WHEN),
        ("In which year did it fall?", Kind.WHEN),
        ("Where is Machu Picchu?", Kind.WHERE),
        ("Who wrote Hamlet?", Kind.WHO),
        ("How many moons does Mars have?", Kind.HOW_MANY),
        ("How tall is Everest?", Kind.HOW_MANY),
        ("Why is the sky blue?", Kind.WHY),
        ("What causes tides?", Kind.WHY),
        ("How do vaccines work?", Kind.HOW),
        ("What is inflation?", Kind.WHAT_IS),
        ("What is the capital of France?", Kind.ATTRIBUTE),
        ("What is DNA made of?", Kind.OTHER),
        ("Is the wall visible from space?", Kind.OTHER),
    ],
)
def test_the_kind_says_what_is_asked_for(text, kind, phrasebook):
    assert read_question(text, phrasebook).kind is kind


def test_names_weigh_more_and_empty_words_less(phrasebook):
    weights = read_question("When did the Berlin Wall really fall?", phrasebook).weights
    assert weights["berlin"] > weights["fall"] > weights["realli"]
