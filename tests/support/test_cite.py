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


def piece(text, *, title="Varn bridge"):
    page = Page.of(url="https://e.org/v", title=title, text=text, opened_at="")
    return Evidence(id=1, page=page, start=0, end=len(text))


@pytest.mark.parametrize(
    ("text", "sentence", "missing"),
    [
        (
            "The Varn bridge was completed in 1901. Nobody came. It rained. It snowed. A flood came in 1850.",
            "The Varn bridge was completed in 1850.",
            ("1850",),
        ),
        (
            "The Varn bridge was built in 1901. The bridge was painted in 1911.",
            "The Varn bridge was built in 1911.",
            ("1911",),
        ),
        (
            "The Varn bridge opened in May. It is of iron. It is red. People like it. Snow fell in July.",
            "The Varn bridge opened in July.",
            ("July",),
        ),
        (
            "The Varn bridge was built by two brothers. Its span is 210 metres.",
            "The Varn bridge was built by two brothers, with a span of 210 metres.",
            (),
        ),
        (
            "The Varn bridge is a bridge in Tarn. It is red. It is made of iron. People like it. "
            "It was completed in 1901 by the state.",
            "The Varn bridge in Tarn was completed in 1901.",
            (),
        ),
        (
            "Ann Lee drew it. The Varn bridge was built in 1901. It is red. People like it. It is of iron.",
            "The Varn bridge was built in 1901 as Ann Lee drew it.",
            (),
        ),
    ],
)
def test_numbers_and_dates_must_stand_in_the_quote(text, sentence, missing):
    evidence = piece(text)
    (citation,) = cite(sentence, [evidence], open_support_judge("lexical"))
    assert citation.missing == missing
    assert text[citation.start : citation.end] == citation.quote
    if missing:
        assert citation.verdict is SupportOutcome.NOT_SUPPORTED


def test_the_quote_grows_by_the_neighbour_that_holds_the_number():
    text = "Rain fell. The Varn bridge was built by two brothers. It was completed in 1901. Snow fell."
    (citation,) = cite(
        "The Varn bridge, built by two brothers, was completed in 1901.",
        [piece(text)],
        open_support_judge("lexical"),
    )
    assert citation.quote == "The Varn bridge was built by two brothers. It was completed in 1901."
    assert citation.verdict is SupportOutcome.SUPPORTED


def test_quoted_words_grow_to_their_sentence_when_it_holds_the_number():
    text = 'Rain fell. In 1901 the Varn bridge was called "the iron lady of Tarn" by all. Snow fell.'
    (citation,) = cite(
        'In 1901 the Varn bridge was called "the iron lady of Tarn".',
        [piece(text)],
        open_support_judge("lexical"),
    )
    assert "1901" in citation.quote
    assert citation.missing == ()


def test_a_number_may_stand_in_the_title_which_is_shown_with_the_quote():
    (citation,) = cite(
        "Spain won the 2010 World Cup.",
        [piece("Spain won the final after extra time.", title="2010 World Cup")],
        open_support_judge("lexical"),
    )
    assert citation.missing == ()


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("The Varn bridge is on https://varn.example/bridge.", ("https://varn.example/bridge",)),
        ("The Varn bridge is on www.fake.example now.", ("www.fake.example",)),
        ("The Varn bridge is on https://e.org/v.", ()),
        ("The Varn bridge is on varn.org, says https://real.example/a.", ()),
    ],
)
def test_an_address_that_no_passage_holds_is_missing(sentence, missing):
    evidence = piece("The Varn bridge has a page: varn.org, or https://real.example/a for short.")
    (citation,) = cite(sentence, [evidence], open_support_judge("lexical"))
    assert citation.missing == missing
