import pytest

from sparrow_lite.support.form import Form, bare_code, change_prose, cut, hide_code

TABLE = "| A | B |\n|---|---|\n| x | 1 |\n| y | 2 |"
VERSE = "The sun comes up\nAnd all the birds\nSing in the tree"


@pytest.mark.parametrize(
    ("draft", "forms"),
    [
        ("Ann is big. Carl is dim.", [Form.PROSE]),
        ("One.\n\nTwo.", [Form.PROSE]),
        ("See:\n```python\nx = [1]\n```\nDone.", [Form.PROSE, Form.CODE, Form.PROSE]),
        ("~~~\nx\n~~~", [Form.CODE]),
        ("```\nnever closed [1]", [Form.CODE]),
        ("```one line``` of code", [Form.PROSE]),
        ('{"a": 1,\n "b": [1]}', [Form.JSON]),
        ('```json\n{"a": 1}\n```', [Form.JSON]),
        ('[{"a": 1}] [1]\nDone.', [Form.JSON, Form.PROSE]),
        ("[1] Ann is big.", [Form.PROSE]),
        ("[1, 2]", [Form.PROSE]),
        ("[" * 50_000, [Form.PROSE]),
        (TABLE, [Form.TABLE_HEAD, Form.TABLE_ROW, Form.TABLE_ROW]),
        (
            f"Here:\n{TABLE}\nDone.",
            [Form.PROSE, Form.TABLE_HEAD, Form.TABLE_ROW, Form.TABLE_ROW, Form.PROSE],
        ),
        ("A | B is a pipe.\nAnd so on.", [Form.PROSE]),
        (VERSE, [Form.VERSE]),
        (f"{VERSE}\n\n{VERSE}", [Form.VERSE, Form.VERSE]),
        ("- one\n- two\n- three", [Form.PROSE]),
        ("Ann is big [1]\nCarl is dim [2]\nEve is fit [3]", [Form.PROSE]),
        ("Height: 3 m\nBuilt: 1889\nCity: Paris", [Form.PROSE]),
        ("The planets are:\nMars\nVenus\nEarth", [Form.PROSE]),
        ("", []),
    ],
)
def test_a_draft_is_cut_into_its_forms(draft, forms):
    blocks = cut(draft)
    assert [block.form for block in blocks] == forms
    assert all(draft[block.start : block.end] == block.text for block in blocks)


def test_changes_leave_code_and_json_alone():
    draft = 'say a\n```\nsay a\n```\n{"say": "a"}\nsay a'
    assert change_prose(draft, str.upper) == 'SAY A\n```\nsay a\n```\n{"say": "a"}\nSAY A'


def test_brackets_of_inline_code_are_hidden_and_come_back():
    text = "Use `a[1](b)` here [1]."
    assert "[1](" not in hide_code(text)
    assert hide_code(text).endswith("here [1].")
    assert bare_code(hide_code(text)) == text
