import pytest

from sparrow_lite.support.marks import read_marks


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("Ann is big [1]. Carl is dim. [2]", [("Ann is big.", (1,)), ("Carl is dim.", (2,))]),
        ("Ann is big.[1][2] Carl is dim.", [("Ann is big.", (1, 2)), ("Carl is dim.", ())]),
        ("Ann is big [1, 2].", [("Ann is big.", (1, 2))]),
        ("Ann [1] is big [2].", [("Ann is big.", (1, 2))]),
        ("Ann is big [1]! Is it?", [("Ann is big!", (1,)), ("Is it?", ())]),
        ('He said "so." [1] Then left.', [('He said "so."', (1,)), ("Then left.", ())]),
        ("1. Ann is big. [1]\n2. Carl is dim. [2]", [("1. Ann is big.", (1,)), ("2. Carl is dim.", (2,))]),
        ("- Ann is big [1]\n- Carl is dim [2]", [("- Ann is big", (1,)), ("- Carl is dim", (2,))]),
        ("Ann is big【1†source】. Carl is dim [source 2].", [("Ann is big.", (1,)), ("Carl is dim.", (2,))]),
        ("Ann is big [1-2].", [("Ann is big.", (1, 2))]),
        ("Use `a[1]` here [2].", [("Use `a[1]` here.", (2,))]),
        ("Here [1]:\n```\na[2]\n```", [("Here:", (1,)), ("```\na[2]\n```", ())]),
        ('{"a": "b [1]"}', [('{"a": "b [1]"}', ())]),
        ("| A | B |\n|---|---|\n| x [1] | y |", [("| A | B |\n|---|---|", ()), ("| x | y |", (1,))]),
        ("The sun\nAnd moon\nAre up [1]", [("The sun\nAnd moon\nAre up", (1,))]),
        ("According to [1], Ann is big.", [("According to the source, Ann is big.", (1,))]),
        ("No marks at all", [("No marks at all", ())]),
        ("", []),
    ],
)
def test_marks_belong_to_the_sentence_they_follow(draft, expected):
    assert [(one.text, one.ids) for one in read_marks(draft, known={1, 2})] == expected


def test_numbers_that_do_not_exist_are_never_citations():
    (sentence,) = read_marks("Ann is big [1][7].", known={1})
    assert (sentence.ids, sentence.unknown) == ((1,), (7,))


def test_line_ends_between_sentences_are_kept():
    assert [
        one.before for one in read_marks("Ann is big.\n\nCarl is dim.\nEve is fit. Gus is hot.", known=())
    ] == [
        " ",
        "\n\n",
        "\n",
        " ",
    ]


def test_a_draft_cannot_smuggle_the_stand_ins_for_marks():
    (sentence,) = read_marks("Ann is \ue00099\ue001 big.", known={99})
    assert sentence.ids == ()


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("| Planet | Radius |\n|---|---|\n| Jupiter | 69,911 km |", "planet Jupiter, radius 69,911 km"),
        ("Planet | Kind\n---|---\nJupiter |", "planet Jupiter"),
        ("| Fact | Value |\n|---|---|\n| Height | 330 m |", "Height, 330 m"),
        (
            '{"height_m": 330, "parts": ["base", {"top": true}], "gone": null}',
            "height m 330, parts base, top True",
        ),
        ('```json\n{"height": 330}\n```', "height 330"),
    ],
)
def test_rows_and_json_are_said_in_words(draft, said):
    assert read_marks(draft, known=())[-1].said == said


def test_indentation_and_list_marks_are_read():
    found = read_marks("Two:\n- a big one\n  1. a small one", known=())
    assert [(one.before, one.list_mark) for one in found] == [(" ", ""), ("\n", "-"), ("\n  ", "1.")]
