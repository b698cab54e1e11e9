from sparrow_lite.encoders.focus import focus

FILLER = "The weather of the valley is mild and the fields are green for most of the year. "


def test_a_short_passage_is_read_as_it_is() -> None:
    assert (
        focus("The bridge opened in 1901.", "It opened in 1901. It is red.")
        == "It opened in 1901. It is red."
    )


def test_of_a_long_passage_the_sentences_that_hold_the_claim_are_read_in_their_order() -> None:
    passage = (
        f"{FILLER * 20}The Varn bridge opened in 1901. {FILLER * 20}The bridge is painted red. {FILLER * 20}"
    )
    kept = focus("The Varn bridge of 1901 is painted red.", passage)
    assert kept.index("opened in 1901") < kept.index("painted red")
    assert len(kept.split()) < 140


def test_a_claim_that_shares_no_word_still_gets_something_to_read() -> None:
    assert focus("Zebras gallop.", FILLER * 40)


def test_a_page_of_one_endless_sentence_is_not_cut() -> None:
    passage = "word " * 400
    assert focus("A claim.", passage.strip()) == passage.strip()
