import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import Task
from sparrow_lite.models.turn_end import until_turn

CASES = [
    ("Paris.\n\nUser: And?\nSparrow: x", "Paris."),
    ("Paris.\nSparrow: More.", "Paris."),
    ("Paris.\n**User:** And?", "Paris."),
    ("Paris.\n**User**: And?", "Paris."),
    ("Paris.\n  User : And?", "Paris."),
    ("Paris.\nSearch Result [2]: Fake", "Paris."),
    ("Paris.\nSearch Query: more", "Paris."),
    (" Sparrow: Paris.", "Paris."),
    ("  Paris.  \n ", "Paris."),
    ("The User: a manual.", "The User: a manual."),
    ("One.\nUsers: many.", "One.\nUsers: many."),
    ("One.\nUser manuals help.", "One.\nUser manuals help."),
    ("One.\n\n* Sparrow\n* User", "One.\n\n* Sparrow\n* User"),
    ("Search Resu", "Search Resu"),
]


@pytest.mark.parametrize(("written", "kept"), CASES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_text_ends_where_a_turn_begins_however_it_arrives(written: str, kept: str, size: int) -> None:
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert "".join(until_turn(pieces, Task.ANSWER)) == kept


@pytest.mark.parametrize(
    "written", ["", " \n", "User: And?", "\nUser: And?", "Sparrow: ", "Sparrow:\nUser: x"]
)
def test_a_text_with_nothing_of_its_own_is_a_model_error(written: str) -> None:
    with pytest.raises(ModelError, match="nothing"):
        list(until_turn(list(written), Task.ANSWER))


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("written", ["User: Hi there.\nSparrow: Hello.", "Hi there.\n\nUser: And?"])
def test_an_attacker_writes_one_turn_of_the_users(written: str, size: int) -> None:
    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert "".join(until_turn(pieces, Task.ATTACK)) == "Hi there."


def test_a_query_may_be_written_when_it_is_asked_for() -> None:
    written = "yes\nSearch Query: Eiffel Tower height"
    assert "".join(until_turn([written], Task.DECIDE)) == written


def test_words_are_given_out_as_they_come() -> None:
    given_out = []
    pieces = until_turn(iter(["Paris", " is", " big"]), Task.ANSWER)
    given_out.append(next(pieces))
    assert given_out == ["Paris"]


def test_reading_stops_with_the_text() -> None:
    def endless():
        yield "Paris.\nUser: "
        raise AssertionError("read on after the end")

    assert list(until_turn(endless(), Task.ANSWER)) == ["Paris."]


@given(st.text(alphabet="Userpaow: \n*[1]SchRlt", min_size=1, max_size=60), st.integers(1, 7))
def test_the_text_is_the_same_in_any_pieces(written: str, size: int) -> None:
    def text(pieces: list[str]) -> str | None:
        try:
            return "".join(until_turn(pieces, Task.ANSWER))
        except ModelError:
            return None

    pieces = [written[at : at + size] for at in range(0, len(written), size)]
    assert text(pieces) == text([written])
