"""What likeness in meaning tells of a reply, with the shipped encoder."""

import pytest

from sparrow_lite.encoders.likeness import Likeness
from sparrow_lite.encoders.weights import open_words
from sparrow_lite.rules.base import JudgedTurn, Measure
from sparrow_lite.rules.resemblance import resemblance
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Citation, SupportOutcome


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    found = Likeness.open(open_words(None))
    assert found is not None
    return found


def turn(*texts: str, quote: str = "") -> JudgedTurn:
    transcript = Transcript()
    for at, text in enumerate(texts):
        transcript = transcript.sparrow(text) if at % 2 else transcript.user(text)
    citation = Citation(
        id=1,
        sentence="",
        url="",
        title="",
        quote=quote,
        start=0,
        end=0,
        verdict=SupportOutcome.UNSCORED,
        support=None,
    )
    return JudgedTurn(transcript=transcript, citations=(citation,) if quote else ())


@pytest.mark.parametrize(
    ("measure", "worse", "better"),
    [
        (
            Measure.ON_TOPIC,
            turn("How deep is the ocean?", "Tomatoes like sun and need water twice a week."),
            turn("How deep is the ocean?", "At its deepest the sea goes down almost eleven kilometres."),
        ),
        (
            Measure.REPETITION,
            turn("Why?", "The bridge is closed for repairs. Because of repairs the bridge is shut."),
            turn("Why?", "The bridge is closed for repairs. It opens again in May, says the town."),
        ),
        (
            Measure.REPETITION,
            turn("Why?", "It rains a lot there.", "Sure?", "It rains a lot there."),
            turn("Why?", "It rains a lot there.", "Sure?", "A weather station counted 200 wet days."),
        ),
        (
            Measure.EVIDENCE,
            turn("Who won?", "Brazil won the cup.", quote="The museum opens at nine."),
            turn("Who won?", "Brazil won the cup.", quote="The final was won by Brazil."),
        ),
    ],
)
def test_the_worse_reply_has_the_higher_sign(
    likeness: Likeness, measure: Measure, worse: JudgedTurn, better: JudgedTurn
) -> None:
    assert resemblance(worse, measure, likeness) > resemblance(better, measure, likeness) + 0.05


@pytest.mark.parametrize("measure", [None, Measure.ARITHMETIC, Measure.SENSE])
def test_other_measures_have_no_such_sign(likeness: Likeness, measure: Measure | None) -> None:
    assert resemblance(turn("Hi", "Hello there."), measure, likeness) == 0.0


def test_a_reply_without_quotes_is_not_beside_any(likeness: Likeness) -> None:
    assert resemblance(turn("Hi", "Hello there."), Measure.EVIDENCE, likeness) == 0.0


def test_weights_without_the_encoder_of_meaning_have_no_likeness(tmp_path) -> None:
    from sparrow_lite.encoders.weights import Words

    assert Likeness.open(Words(tmp_path)) is None
