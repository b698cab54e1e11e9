"""Passages: cut at natural borders, ranked, spread over pages."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.evidence import Page
from sparrow_lite.pages.passages import choose_passages

FACT = "The Varnholm lighthouse was completed in 1874."
FILLER = (
    "The ferry to the mainland sails twice a day in summer. Its crew is small, and the sea is often rough."
)


def page(text: str, *, name: str = "a", title: str = "A page", suspect: bool = False) -> Page:
    flags = ("addresses_assistant",) if suspect else ()
    return Page.of(
        url=f"http://{name}.example/", title=title, text=text, opened_at="2030-01-01T00:00:00Z", flags=flags
    )


def test_the_passage_that_answers_comes_first_with_exact_offsets() -> None:
    long = page("\n".join([FILLER] * 9 + [f"{FACT} It is tall."] + [FILLER] * 9))
    first = choose_passages([long], ["When was the Varnholm lighthouse completed?"], count=3, chars=200)[0]
    assert FACT in first.text
    assert first.text == long.text[first.start : first.end]
    assert (first.id, first.page) == (1, long)


@given(
    texts=st.lists(st.text(st.sampled_from("ab lighthouse.\n!? é"), max_size=300), max_size=4),
    chars=st.integers(1, 120),
    count=st.integers(0, 6),
)
def test_passages_are_numbered_bounded_and_verbatim(texts: list[str], chars: int, count: int) -> None:
    pages = [page(text, name=f"p{number}") for number, text in enumerate(texts)]
    chosen = choose_passages(pages, ["lighthouse a", "b"], count=count, chars=chars)
    assert [piece.id for piece in chosen] == list(range(1, len(chosen) + 1))
    assert len(chosen) <= count
    for piece in chosen:
        assert 0 < piece.end - piece.start <= chars
        assert piece.text == piece.text.strip()
        assert piece.text == piece.page.text[piece.start : piece.end]


def test_sentences_stay_whole_where_they_fit() -> None:
    text = " ".join([FACT] + [f"Lighthouse number {n} stands on the shore." for n in range(30)])
    for piece in choose_passages([page(text)], ["lighthouse"], count=20, chars=150):
        assert piece.text[0].isupper()
        assert piece.text.endswith(".")


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    text = "lighthouse " * 100
    for piece in choose_passages([page(text.strip())], ["lighthouse"], count=20, chars=105):
        assert set(piece.text.split()) == {"lighthouse"}


def test_a_word_longer_than_a_passage_is_cut_anyway() -> None:
    chosen = choose_passages([page("x" * 250)], ["nothing"], count=9, chars=100)
    assert [len(piece.text) for piece in chosen] == [100]


def test_a_heading_stays_with_its_paragraph() -> None:
    text = f"{FILLER}\n{FILLER}\nThe lighthouse\n{FACT}"
    first = choose_passages([page(text)], ["Varnholm"], count=1, chars=220)[0]
    assert first.text == f"The lighthouse\n{FACT}"


def test_each_good_page_has_a_passage_before_any_has_two() -> None:
    rich = page("\n".join([f"{FACT} {FACT.upper()} Version {n}." for n in range(5)]), name="rich")
    other = page(f"{FILLER}\nSome say that the Varnholm lighthouse was completed in 1875.", name="other")
    chosen = choose_passages(
        [rich, other], ["When was the Varnholm lighthouse completed?"], count=4, chars=120
    )
    assert [piece.page.host for piece in chosen[:2]] == ["rich.example", "other.example"]


def test_a_page_of_little_worth_does_not_come_before_a_second_good_passage() -> None:
    rich = page("\n".join([f"{FACT} Version {n} of the Varnholm story." for n in range(4)]), name="rich")
    poor = page("\n".join([FILLER] * 5 + ["It was completed."]), name="poor")
    chosen = choose_passages([rich, poor], ["Varnholm lighthouse completed 1874"], count=4, chars=100)
    assert [piece.page.host for piece in chosen[:2]] == ["rich.example", "rich.example"]


def test_a_page_that_addresses_the_assistant_ranks_below_its_equal() -> None:
    clean, suspect = page(f"{FACT} So it is said.", name="clean"), page(FACT, name="suspect", suspect=True)
    chosen = choose_passages([suspect, clean], ["Varnholm lighthouse completed"], count=2, chars=200)
    assert [piece.page.host for piece in chosen] == ["clean.example", "suspect.example"]
    assert chosen[0].score > chosen[1].score > 0.0


def test_a_text_that_stands_on_two_pages_is_chosen_once() -> None:
    chosen = choose_passages([page(FACT), page(FACT, name="copy")], ["lighthouse"], count=5, chars=200)
    assert [piece.page.host for piece in chosen] == ["a.example"]


def test_the_title_of_a_page_counts() -> None:
    plain = page("It was completed in 1900 after long delays.", name="plain", title="Something else")
    titled = page("It was completed in 1874 after long delays.", name="titled", title="Varnholm lighthouse")
    chosen = choose_passages([plain, titled], ["Varnholm lighthouse completed"], count=2, chars=200)
    assert chosen[0].page.host == "titled.example"


def test_every_query_counts() -> None:
    one, two = page("A treatise on granite.", name="one"), page("A treatise on barges.", name="two")
    hosts = {
        piece.page.host for piece in choose_passages([one, two], ["granite", "barges"], count=2, chars=200)
    }
    assert hosts == {"one.example", "two.example"}


@pytest.mark.parametrize("queries", [["quantum"], [], [""], ["the of and"]])
def test_without_a_word_in_common_the_first_passage_of_each_page_stands(queries: list[str]) -> None:
    pages = [page("\n".join([f"Page {n}. {FILLER}"] * 5), name=f"p{n}") for n in range(3)]
    chosen = choose_passages(pages, queries, count=5, chars=130)
    assert [(piece.page.host, piece.start, piece.score) for piece in chosen] == [
        (f"p{n}.example", 0, 0.0) for n in range(3)
    ]


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_nothing_comes_of_nothing(texts: list[str]) -> None:
    assert choose_passages([page(text) for text in texts], ["lighthouse"], count=3, chars=100) == ()


def test_ten_long_pages_are_ranked_quickly() -> None:
    rng = random.Random(1)
    stock = [a + b + c for a in "bdfgklmnprst" for b in "aeiou" for c in ("ner", "ting", "lo", "rd", "bles")]
    texts = ["\n".join(" ".join(rng.choices(stock, k=19)) + "." for _ in range(105)) for _ in range(10)]
    pages = [page(text, name=f"p{number}") for number, text in enumerate(texts)]
    times = []
    for _ in range(3):
        before = time.perf_counter()
        assert len(choose_passages(pages, ["baner dolo", "what is fating"], count=6, chars=900)) == 6
        times.append(time.perf_counter() - before)
    assert min(times) < 0.1  # seconds; 0.015 on an idle machine
