import pytest

from sparrow_lite.models.thoughts import without_thoughts


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("written", "inside", "kept"),
    [
        ("<think>Hm.\nUser: ?</think>\n\nParis.", False, "\n\nParis."),
        ("\n<think>\n\n</think>Paris.", False, "Paris."),
        ("Hm, Paris?</think>Paris.", True, "Paris."),
        ("Paris.", False, "Paris."),
        ("<b>Paris</b>", False, "<b>Paris</b>"),
        ("In XML, <think>x</think> is a tag.", False, "In XML, <think>x</think> is a tag."),
        ("<think>never done", False, ""),
        ("<thi", False, "<thi"),
        ("", False, ""),
    ],
)
def test_thoughts_at_the_start_are_left_out(written: str, inside: bool, kept: str, size: int) -> None:
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert "".join(without_thoughts(pieces, inside=inside)) == kept
