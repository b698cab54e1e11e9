import pytest

from sparrow_lite.support.pointers import drop_links, drop_numbers_in_parentheses


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("See [the page](https://fake.example/a_(b)?c=1) now.", "See the page now."),
        ('See [the page](https://fake.example "A title").', "See the page."),
        ("See ![a tower](https://fake.example/x.png).", "See a tower."),
        ("See [it](javascript:alert(1)).", "See it."),
        ("See [it](/local/path) and [that](page.example/x).", "See it and that."),
        ("See [`run`](https://fake.example).", "See `run`."),
        ("It is so [1](https://fake.example).", "It is so [1]."),
        ("It is so [[1]](https://fake.example).", "It is so [1]."),
        ("It is so.[^1]\n\n[^1]: https://fake.example", "It is so."),
        ("See [it][a].\n\n[a]: https://fake.example\n", "See [it][a]."),
        ("Call handlers[name](event) or `a[1](/b)`.", "Call handlers[name](event) or `a[1](/b)`."),
        ("```\n[a](https://kept.example)\n```", "```\n[a](https://kept.example)\n```"),
        ("It is so [1].\n\nSources:\n1. Wikipedia: Tower\n2. https://fake.example", "It is so [1]."),
        ("It is so [1].\n\n**Sources:**\n- [1] Tower", "It is so [1]."),
        ("It is so [1].\n\n## References\n[1] Tower, 1999.", "It is so [1]."),
        ("It is so [1].\nSource: https://fake.example", "It is so [1]."),
        ("It is so [1].\n\n[1] Tower https://fake.example", "It is so [1]."),
        (
            "It is so.\n\nSources:\n- https://fake.example\n\nWould you like more?",
            "It is so.\n\nWould you like more?",
        ),
        ("Sources:\n- Lake Victoria\n- Lake Tana", "Sources:\n- Lake Victoria\n- Lake Tana"),
        ("It has two.\nSources of the Nile are lakes.", "It has two.\nSources of the Nile are lakes."),
    ],
)
def test_links_footnotes_and_lists_of_sources_go_and_their_words_stay(draft, expected):
    assert drop_links(draft).strip() == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("Ann is big (1). Carl is dim. (2)", "Ann is big. Carl is dim."),
        ("Ann is big. (1) Carl is dim (2, 3).", "Ann is big. Carl is dim."),
        ("Ann is big (1)\nCarl is dim.", "Ann is big\nCarl is dim."),
        ("It was built (1889).", "It was built (1889)."),
        ("Call `f (1)`. Do (1) this and (2) that.", "Call `f (1)`. Do (1) this and (2) that."),
    ],
)
def test_numbers_in_parentheses_at_an_end_go(draft, expected):
    assert drop_numbers_in_parentheses(draft) == expected
