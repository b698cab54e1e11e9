import pytest

from sparrow_lite.support.marks import read_marks
from sparrow_lite.support.outline import items_of, place


def placed(draft):
    return place(read_marks(draft, known=()))


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("The gas giants are:\n- Mercury\n- Mars", ["The gas giants are Mercury", "The gas giants are Mars"]),
        ("The gas giants are\n\n1. Mercury", ["The gas giants are Mercury"]),
        ("The following planets are gas giants:\n* Mercury", ["planets are gas giants Mercury"]),
        ("The two moons are:\n- Io\n- Leda", ["The moons are Io", "The moons are Leda"]),
        ("In 1901 they opened:\n- Varn", ["In 1901 they opened Varn"]),
        ("Here are some facts:\n- The tower is in Paris", ["The tower is in Paris"]),
        ("The tower is high. It has:\n- Three levels", ["The tower is high. It has three levels"]),
        ("The tower:\n- **Height:** 330 m", ["The tower **height:** 330 m"]),
        ("## Gas giants\n- Mercury", ["Gas giants Mercury"]),
        ("## History\n- The tower was sold by two men", ["The tower was sold by two men"]),
        ("The planets are:\nMars\nVenus", ["The planets are Mars", "The planets are Venus"]),
        ("It was sold.\n- Mars", ["Mars"]),
        (
            "The planets are:\n- Giants:\n  - Mars",
            ["The planets are Giants:", "The planets are Giants Mars"],
        ),
    ],
)
def test_an_item_is_said_with_its_lead_in(draft, said):
    assert [one.said for one in placed(draft) if one.run is not None] == said


@pytest.mark.parametrize(
    ("draft", "leans_on"),
    [
        ("The tower is high. It is red.", 0),
        ("The tower is high. However, it is red.", 0),
        ("The tower is high. Bees are red.", None),
        ("The tower is high. It is known that bees are red.", None),
        ("Hello! It is red.", None),
        ("The tower is high.\n\nIt is red.", 0),
        ("Towers:\n- The tower. A red one.", 1),
    ],
)
def test_a_sentence_leans_on_what_its_pronoun_stands_for(draft, leans_on):
    assert placed(draft)[-1].leans_on == leans_on


def test_items_of_one_list_are_one_run():
    runs = [one.run for one in placed("A:\n1. b\n   - c\n   - d\n2. e\n\nSo:\n1. f")]
    assert runs == [None, 1, 2, 2, 1, None, 3]


def test_rows_hang_on_the_head_of_their_table():
    found = placed("| A | B |\n|---|---|\n| x | y |\n| z | w |")
    assert [one.head for one in found] == [None, 0, 0]
    assert items_of(found) == {0: [1, 2]}


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("The gas giants are:\n\n| Planet |\n|---|\n| Mars |", "The gas giants are planet Mars"),
        ('The gas giants are:\n{"planet": "Mars"}', "The gas giants are planet Mars"),
        ("The gas giants are:\n```\nMars\n```", "```\nMars\n```"),
    ],
)
def test_rows_and_json_are_said_with_their_lead_in(draft, said):
    assert placed(draft)[-1].said == said
