from random import Random

import pytest

from sparrow_lite.training import edits

PAGE = "Marta Holm built the mill in 1871. Olaf Berg sold it in 1902 to the town of Varn."


@pytest.mark.parametrize(
    ("edit", "sentence", "changed"),
    [
        (edits.change_number, "The mill was built in 1871.", "1871"),
        (edits.change_name, "It was built by Anna Lund in spring.", "Anna Lund"),
        (edits.turn_around, "It is the largest mill of the valley.", "largest"),
    ],
)
def test_an_edit_takes_away_what_it_changes(edit: edits.Edit, sentence: str, changed: str) -> None:
    for seed in range(20):
        edited = edit(sentence, PAGE, Random(seed))
        assert edited is not None
        assert changed not in edited


def test_roles_change_places() -> None:
    edited = edits.swap_roles("After ten years Marta Holm sold the old mill to Olaf Berg.", PAGE, Random(1))
    assert edited == "After ten years Olaf Berg sold the old mill to Marta Holm."


def test_names_that_only_stand_side_by_side_are_not_swapped() -> None:
    assert edits.swap_roles("It was run by Marta Holm and Olaf Berg.", PAGE, Random(1)) is None


@pytest.mark.parametrize(
    ("sentence", "negated"),
    [("The mill is old.", "The mill is not old."), ("The mill is not old.", "The mill is old.")],
)
def test_negation_goes_both_ways(sentence: str, negated: str) -> None:
    assert edits.negate(sentence, PAGE, Random(1)) == negated


def test_a_sentence_without_a_hold_is_not_edited() -> None:
    assert edits.change_number("No figure here.", PAGE, Random(1)) is None
    assert edits.negate("Bells ring.", PAGE, Random(1)) is None


def test_the_same_seed_gives_the_same_pairs() -> None:
    sentence = "Marta Holm built the largest mill of the valley in 1871."
    assert [edits.falsified(sentence, PAGE, Random(3)) for _ in range(3)] == [
        edits.falsified(sentence, PAGE, Random(3))
    ] * 3


def test_a_shortened_sentence_says_no_more_than_the_whole() -> None:
    sentence = "In 1871, Marta Holm (a miller) built the mill by the river, and her son sold it later."
    for seed in range(20):
        assert set(edits.shortened(sentence, Random(seed)).lower().rstrip(".").split()) <= set(
            sentence.lower().replace(".", "").replace(",", "").split()
        ) | {"river", "in", "1871,", "river,", "miller)", "(a"}
