import pytest

from sparrow_lite.models.embedded.resolve import asks_for_more, standalone_query
from sparrow_lite.transcript import Transcript

EIFFEL = ("How tall is the Eiffel Tower?", "The Eiffel Tower is 330 metres tall.")
DESIGNER = ("Who designed the Eiffel Tower?", "Gustave Eiffel's company designed the Eiffel Tower.")
CAPITAL = ("What is the capital of France?", "The capital of France is Paris, on the River Seine.")
LOWER = ("how tall is the eiffel tower", "The Eiffel Tower is 330 metres tall.")
CAPITAL_LOWER = ("what is the capital of france", "The capital of France is Paris, on the River Seine.")
WAR = ("When did the Vietnam War end?", "The Vietnam War ended in 1975.")
UNKNOWN = ("Who founded Brellmoor?", "I found no page about this, so I would rather not guess.")
VAGUE = ("Who lives in Greenland?", "Most people of Greenland are Inuit. Many Danes live there too.")
NOBODY = ("Who owns the Moon?", "Nothing on the Moon can be owned. The Outer Space Treaty says so.")
DOUBT = ("Are you sure?", "I may be wrong, and so may a page.")
SMALL_TALK = ("lol", "All right. Ask me anything else you would like to look up.")
VERB = ("who invented the telephone", "it was patented in 1876 after years of work.")
PURR = ("why do cats purr", "they purr when they are content.")
ERUPT = ("how do volcanoes erupt in iceland", "magma rises through cracks.")
BLUE = ("why is the sky blue", "air scatters blue light most.")
FORMED = ("how are rainbows formed", "light is bent in drops.")
MATTER = ("what is dark matter", "it is matter that gives no light.")
CAUSES = ("what causes tides", "the pull of other bodies does.")
HONEY = ("why do bees make honey", "they eat it in winter.")
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
        ([DESIGNER], "When was it built?", "When was the Eiffel Tower built"),
        ([CAPITAL], "And of Germany?", "What is the capital of Germany"),
        ([CAPITAL], "And in Germany?", "What is the capital of Germany"),
        ([CAPITAL], "What about the Netherlands?", "What is the capital of the Netherlands"),
        ([CAPITAL_LOWER], "And of Germany?", "what is the capital of Germany"),
        ([CAPITAL, SMALL_TALK, UNKNOWN], "And of Germany?", "What is the capital of Germany"),
        ([WAR], "And the Korean War?", "When did the Korean War end"),
        ([EIFFEL, UNKNOWN], "When was it built?", "When was the Eiffel Tower built"),
        ([UNKNOWN], "When was it founded?", "When was Brellmoor founded"),
        ([EIFFEL, DOUBT], "When was it built?", "When was the Eiffel Tower built"),
        ([EIFFEL, SMALL_TALK], "When was it built?", "When was the Eiffel Tower built"),
        ([SMALL_TALK], "When was it built?", "When was it built"),
        ([VAGUE], "What do they eat?", "What do Greenland eat"),
        ([NOBODY], "How far is it?", "How far is the Moon"),
        ([VERB], "when was it made", "when was telephone made"),
        ([PURR], "are they wild", "are cats wild"),
        ([ERUPT], "are they hot", "are volcanoes hot"),
        ([BLUE], "how high is it", "how high is sky"),
        ([FORMED], "are they round", "are rainbows round"),
        ([MATTER], "where is it", "where is dark matter"),
        ([CAUSES], "when are they high", "when are tides high"),
        ([HONEY], "where do they live", "where do bees live"),
        ([EIFFEL], "Tell me more", "the Eiffel Tower"),
        ([EIFFEL], "tell me more about it, please", "the Eiffel Tower"),
        ([EIFFEL, UNKNOWN, SMALL_TALK], "Can you tell me more?", "the Eiffel Tower"),
        ([PLAIN], "go on", "photosynthesis"),
        ([PLAIN], "What else?", "photosynthesis"),
        ([EIFFEL], "Tell me more about bees", "bees"),
        ([], "Tell me more", "Tell me more"),
    ],
)
def test_a_query_stands_on_its_own(earlier, text, expected):
    transcript = Transcript()
    for question, reply in earlier:
        transcript = transcript.user(question).sparrow(reply)
    assert standalone_query(transcript.user(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tell me more!", True),
        ("more please", True),
        ("Could you go on?", True),
        ("anything else?", True),
        ("Please elaborate.", True),
        ("Tell me more about bees", False),
        ("What else did Newton discover?", False),
        ("more or less", False),
        ("Go on holiday", False),
        ("", False),
    ],
)
def test_a_wish_for_more_names_no_subject(text, expected):
    assert asks_for_more(text) is expected
