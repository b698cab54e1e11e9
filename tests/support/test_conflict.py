import pytest

from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.support import open_support_judge
from sparrow_lite.support.check import check_evidence
from sparrow_lite.support.conflict import find_conflict


def pages(*texts):
    made = [
        Page.of(url=f"https://e{n}.org/", title="Varn bridge", text=text, opened_at="")
        for n, text in enumerate(texts)
    ]
    return [Evidence(id=n, page=page, start=0, end=len(page.text)) for n, page in enumerate(made, start=1)]


@pytest.mark.parametrize(
    ("others", "conflicts"),
    [
        (["The Varn bridge was completed in 1911."], True),
        (["The Varn bridge was completed in 1901."], False),
        (["The Varn bridge was painted in 1911."], False),
        (["The Varn bridge was completed in 1911.", "The Varn bridge was completed in 1901."], False),
        (["The Varn bridge was completed with 40 men."], False),
        ([], False),
    ],
)
def test_pages_conflict_when_more_say_another_number_of_the_same_thing(others, conflicts):
    evidence = pages("The Varn bridge was completed in 1901.", *others)
    checked = check_evidence(
        "The Varn bridge was completed in 1901 [1].", evidence, open_support_judge("lexical"), soften_at=0.85
    )
    conflict = find_conflict(checked.citations, evidence)
    assert (conflict is not None) is conflicts
    if conflict:
        assert [side.id for side in conflict.sides] == [1, 2]
        assert (
            evidence[1].page.text[conflict.sides[1].start : conflict.sides[1].end] == conflict.sides[1].quote
        )
