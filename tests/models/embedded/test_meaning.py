"""What the shipped encoder of meaning sees, and how the embedded model uses it."""

import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.models.embedded.intents import read_phrasebook
from sparrow_lite.models.embedded.meaning import Meaning, Sign
from sparrow_lite.models.embedded.question import read_question
from sparrow_lite.models.embedded.quoting import choose_by_meaning, choose_quotes
from sparrow_lite.models.embedded.reading import Reader
from sparrow_lite.models.embedded.seeing import Sight

TEXT = (
    "The Suez Canal runs through Egypt. It was opened in 1869 after ten years of digging. "
    "Ships pay a toll for each passage. The canal has no locks."
)


@pytest.fixture(scope="module")
def sight() -> Sight:
    return Sight(reader=Reader.open(), meaning=Meaning.open())


def evidence(text: str = TEXT, *, flags: tuple[str, ...] = ()) -> list[Evidence]:
    page = Page.of(url="file:///canal", title="Suez Canal", text=text, opened_at="", flags=flags)
    return [Evidence(id=1, page=page, start=0, end=len(text))]


def test_a_paraphrase_is_liker_than_another_sentence_of_the_page(sight: Sight) -> None:
    asked = "When could vessels first sail the waterway?"
    opened, toll = sight.meaning.likeness.to(
        asked, ["The canal was opened to ships in 1869.", "A ticket for the museum costs ten pounds."]
    )
    assert -1.0 <= toll < opened <= 1.0001


def test_a_question_in_other_words_is_answered_by_meaning_where_words_find_nothing(sight: Sight) -> None:
    query = "What do vessels have to pay when they go through the waterway?"
    question, pieces = read_question(query, read_phrasebook()), evidence()
    readings = sight.read(query, pieces)
    assert choose_quotes(question, pieces, read_phrasebook(), readings) == ()
    quotes = choose_by_meaning(question, pieces, sight.weigh(query, pieces, readings))
    assert [quote.text for quote in quotes] == ["Ships pay a toll for each passage."]


@pytest.mark.parametrize("query", ["Who painted the ceiling of the chapel?", "How do I bake rye bread?"])
def test_nothing_is_quoted_of_a_page_on_another_matter(sight: Sight, query: str) -> None:
    question, pieces = read_question(query, read_phrasebook()), evidence()
    answering = sight.weigh(query, pieces, sight.read(query, pieces))
    assert choose_by_meaning(question, pieces, answering) == ()


def test_a_page_that_speaks_to_the_assistant_is_not_quoted_by_meaning(sight: Sight) -> None:
    query = "What do vessels have to pay when they go through the waterway?"
    question, pieces = read_question(query, read_phrasebook()), evidence(flags=("addresses_assistant",))
    assert choose_by_meaning(question, pieces, {(1, at): 0.9 for at in range(4)}) == ()


def test_more_likeness_and_a_surer_reader_are_more_probable(sight: Sight) -> None:
    weak = Sign(likeness=0.2, behind=-0.3, read=0.0, holds=False)
    strong = Sign(likeness=0.8, behind=0.0, read=0.9, holds=True)
    assert sight.meaning.probability(weak) < 0.1
    assert sight.meaning.probability(strong) > 0.5


def test_no_evidence_is_nothing_seen(sight: Sight) -> None:
    assert sight.weigh("Who?", [], sight.read("Who?", [])) == {}
