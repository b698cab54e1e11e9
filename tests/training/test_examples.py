from collections import Counter
from random import Random

from sparrow_lite.training.examples import Part, Question, part_of
from sparrow_lite.training.made_pairs import pairs_from_passage, pairs_from_question, stated


def test_parts_have_their_shares_and_never_move() -> None:
    drawn = Counter(part_of(f"page {number}") for number in range(4000))
    assert 0.17 < drawn[Part.HELD_OUT] / 4000 < 0.23
    assert 0.08 < drawn[Part.CALIBRATE] / 4000 < 0.12
    assert part_of("page 7") is part_of("page 7")


def test_a_question_and_its_answer_become_a_statement_where_that_is_simple() -> None:
    assert stated("Who built the mill?", "Marta Holm") == "Marta Holm built the mill."
    assert stated("What is the river called?", "the Varn") == "The river called is the Varn."
    assert stated("When was it built?", "1871") == "When was it built? 1871."


def test_a_passage_gives_both_kinds_of_pairs() -> None:
    passage = (
        "Marta Holm built the mill by the river in 1871 for her sons. Olaf Berg sold it to the town in 1902."
        " The mill was the largest of the valley until the flood of 1910."
    )
    pairs = [pair for seed in range(20) for pair in pairs_from_passage(passage, Part.TRAIN, Random(seed))]
    assert {pair.supported for pair in pairs} == {True, False}
    assert all(pair.claim and pair.passage and pair.part is Part.TRAIN for pair in pairs)


def test_a_wrong_answer_of_the_same_passage_is_no_support() -> None:
    question = Question(
        id="1",
        question="Who built the mill?",
        passage="Marta Holm built the mill. Olaf Berg sold it.",
        answers=((0, "Marta Holm"),),
        mistaken=(),
        title="Mills",
        part=Part.TRAIN,
    )
    right, wrong = pairs_from_question(question, ["Marta Holm", "Olaf Berg"], Random(1))
    assert (right.claim, right.supported) == ("Marta Holm built the mill.", True)
    assert (wrong.claim, wrong.supported) == ("Olaf Berg built the mill.", False)
