import pytest

from sparrow_lite.rating.gold import all_right, is_right, share_right
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.values import Choice, Question


def question(*, ordinal, choices="abcde"):
    made = tuple(Choice(id=one, words=one, key=one) for one in choices)
    return Question(id="q", words="?", guidance="", choices=made, ordinal=ordinal)


@pytest.mark.parametrize(
    ("gold", "answer", "right"),
    [
        ("a", "a", True),
        ("a", "b", True),
        ("a", "c", False),
        ("a", "e", False),
        ("c", "c", True),
        ("c", "b", False),
        ("e", "d", True),
        ("a", None, False),
        ("a", "z", False),
    ],
)
def test_on_a_scale_an_answer_is_right_on_the_side_of_the_gold(gold, answer, right):
    assert is_right(question(ordinal=True), gold, answer) is right


def test_off_a_scale_only_the_gold_answer_is_right():
    assert is_right(question(ordinal=False), "a", "a")
    assert not is_right(question(ordinal=False), "a", "b")


def test_an_item_is_right_when_every_question_with_gold_is():
    protocol = open_protocol("plausible_supported")
    item = protocol.checks()[0]
    questions = protocol.questions(item)
    assert all_right(questions, item.gold, dict(item.gold))
    assert not all_right(questions, item.gold, {**item.gold, "supported": "unsure"})
    assert not all_right(questions, item.gold, {})


def test_the_share_of_nothing_is_none():
    assert share_right([]) is None
    assert share_right([True, False]) == 0.5
