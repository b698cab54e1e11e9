import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.models.embedded.intents import read_phrasebook
from sparrow_lite.models.embedded.question import read_question
from sparrow_lite.models.embedded.quoting import choose_quotes

TEXTS = {
    "Varnholm lighthouse": (
        "Varnholm lighthouse stands on the island of Varn. It was completed in 1874 after three years. "
        "The tower is 41 metres high. It was designed by Elsa Brandt. "
        "The light was moved inland because the cliff was falling into the sea."
    ),
    "Honey": (
        "Honey is a sweet food that bees make from nectar. Bees store honey in combs. Is honey good for you?"
    ),
}


def evidence(*, flags=()):
    pages = [
        Page.of(url=f"file:///{title}", title=title, text=text, opened_at="", flags=flags)
        for title, text in TEXTS.items()
    ]
    return [Evidence(id=n, page=page, start=0, end=len(page.text)) for n, page in enumerate(pages, start=1)]


def ask(text, pieces=None):
    phrasebook = read_phrasebook()
    return choose_quotes(read_question(text, phrasebook), pieces or evidence(), phrasebook, {})


@pytest.mark.parametrize(
    ("question", "answer", "number"),
    [
        ("When was Varnholm lighthouse built?", "completed in 1874", 1),
        ("How tall is Varnholm lighthouse?", "41 metres", 1),
        ("Who designed Varnholm lighthouse?", "Elsa Brandt", 1),
        ("Where is Varnholm lighthouse?", "island of Varn", 1),
        ("Why was the light of Varnholm lighthouse moved?", "cliff was falling", 1),
        ("What is honey?", "sweet food", 2),
    ],
)
def test_the_sentence_with_the_answer_is_quoted_word_for_word(question, answer, number):
    quotes = ask(question)
    assert any(answer in quote.text and quote.id == number for quote in quotes)
    assert all(quote.text in TEXTS["Varnholm lighthouse"] + TEXTS["Honey"] for quote in quotes)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Hamlet?",
        "How many windows does Varnholm lighthouse have?",
        "What is the population of Varnholm?",
        "When was the Brellmoor bridge built?",
    ],
)
def test_nothing_is_quoted_when_nothing_answers(question):
    assert ask(question) == ()


def test_a_sentence_that_points_back_brings_its_neighbour():
    assert [quote.at for quote in ask("When was Varnholm lighthouse built?")] == [0, 1]


def test_a_question_on_a_page_is_never_an_answer():
    assert all(not quote.text.endswith("?") for quote in ask("Is honey good for you?"))


def test_a_page_that_addresses_the_assistant_must_be_much_better_to_be_quoted():
    clean, flagged = evidence()[0], evidence(flags=("addresses_assistant",))[0]
    both = [Evidence(id=2, page=flagged.page, start=flagged.start, end=flagged.end), clean]
    assert {quote.id for quote in ask("How tall is Varnholm lighthouse?", both)} == {1}
