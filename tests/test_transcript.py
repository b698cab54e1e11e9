import pytest

from sparrow_lite.transcript import Role, Transcript, strip_marks


def test_a_transcript_round_trips_through_plain_turns():
    turns = [{"role": "user", "text": "Hi"}, {"role": "sparrow", "text": "Hello!"}]
    transcript = Transcript.of(turns)
    assert [{"role": turn.role.value, "text": turn.text} for turn in transcript.turns] == turns
    assert transcript == Transcript().user("Hi").sparrow("Hello!")


@pytest.mark.parametrize(
    ("turns", "error"), [([{"role": "bot", "text": "x"}], ValueError), ([{"role": "user"}], KeyError)]
)
def test_a_turn_of_another_form_is_refused(turns, error):
    with pytest.raises(error):
        Transcript.of(turns)


def test_the_users_latest_words_are_found_behind_sparrows():
    assert Transcript().user("a").user("b").sparrow("c").last_user_text == "b"
    assert Transcript().last_user_text == ""


@pytest.mark.parametrize(
    ("text", "plain"),
    [("So it is [1].", "So it is."), ("It is.[1][2] So", "It is. So"), ("A [1, 2] b", "A b")],
)
def test_marks_are_stripped_with_the_space_before_them(text, plain):
    assert strip_marks(text) == plain


def test_only_sparrows_marks_are_stripped_from_a_dialogue():
    transcript = Transcript().user("What is [1]?").sparrow("A mark [1].").without_marks()
    assert [(turn.role, turn.text) for turn in transcript.turns] == [
        (Role.USER, "What is [1]?"),
        (Role.SPARROW, "A mark."),
    ]
