import pytest

from sparrow_lite.models.embedded.resolve import standalone_query
from sparrow_lite.transcript import Transcript

EIFFEL = ("How tall is the Eiffel Tower?", "The Eiffel Tower is 330 metres tall.")
DESIGNER = ("Who designed the Eiffel Tower?", "Gustave Eiffel's company designed the Eiffel Tower.")
CAPITAL = ("What is the capital of France?", "The capital of France is Paris, on the River Seine.")
LOWER = ("how tall is the eiffel tower", "The Eiffel Tower is 330 metres tall.")
PLAIN = ("how does photosynthesis work?", "Plants turn light into sugar.")


@pytest.mark.parametrize(
    ("earlier", "text", "expected"),
    [
        ([EIFFEL], "When was it built?", "When was the Eiffel Tower built"),
        ([LOWER], "when was it built", "when was the Eiffel Tower built"),
        ([DESIGNER], "When was he born?", "When was Gustave Eiffel born"),
        ([CAPITAL], "How many people live there?", "How many people live in Paris"),
        ([CAPITAL], "What about Germany?", "What is the capital of Germany"),
        ([PLAIN], "Why is it important?", "Why is photosynthesis important"),
        ([EIFFEL], "And who paid for its construction?", "who paid for the Eiffel Tower's construction"),
        ([EIFFEL, ("Thanks!", "You are welcome.")], "When was it built?", "When was the Eiffel Tower built"),
        (
            [EIFFEL],
            "Why did the Titanic sink and where was it going?",
            "Why did the Titanic sink and where was it going",
        ),
        ([EIFFEL], "Is there life on Mars?", "Is there life on Mars"),
        ([], "When was it built?", "When was it built"),
        ([], "Could you please tell me when Rome was founded?", "when Rome was founded"),
        ([EIFFEL, ("Where is it?", "In Paris.")], "And the Colosseum?", "How tall is the Colosseum"),
        ([], "Tell me something about bees", "bees"),
        ([EIFFEL], "Why?", "Why the Eiffel Tower"),
    ],
)
def test_a_query_stands_on_its_own(earlier, text, expected):
    transcript = Transcript()
    for question, reply in earlier:
        transcript = transcript.user(question).sparrow(reply)
    assert standalone_query(transcript.user(text)) == expected
