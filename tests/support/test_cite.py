import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.support import open_support_judge
from sparrow_lite.support.cite import cite
from sparrow_lite.verdict import SupportOutcome

TEXT = "Before. The Varn bridge was built in 1901. It is 210 metres long. After."
PAGE = Page.of(url="https://e.org/", title="Varn bridge", text=TEXT, opened_at="")
PIECE = Evidence(id=3, page=PAGE, start=8, end=65)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The Varn bridge was built in 1901.", "The Varn bridge was built in 1901"),
        ("the varn bridge was built in 1901", "The Varn bridge was built in 1901"),
        ('It is, as the page says, "210 metres long".', "210 metres long"),
        ("In 1901 the bridge was built.", "The Varn bridge was built in 1901."),
    ],
)
def test_the_quote_is_verbatim_at_offsets_of_the_whole_page(sentence, quote):
    (citation,) = cite(sentence, [PIECE], open_support_judge("lexical"))
    assert citation.quote.rstrip(".") == quote.rstrip(".")
    assert TEXT[citation.start : citation.end] == citation.quote
    assert citation.verdict is SupportOutcome.SUPPORTED
    assert citation.id == 3


def test_words_outside_the_passage_are_no_quote_of_it():
    (citation,) = cite("Zebras gallop.", [PIECE], open_support_judge("lexical"))
    assert (citation.quote, citation.start, citation.end) == ("", -1, -1)
    assert citation.verdict is SupportOutcome.NOT_SUPPORTED
