"""What likeness in meaning says of a reply: off the topic, a repeat, or beside its evidence.

A sign for the trained judge, for rules whose measure is of that kind; the weight of each is fitted.
"""

from collections.abc import Sequence

from sparrow_lite.encoders.likeness import Likeness
from sparrow_lite.language import sentences
from sparrow_lite.rules.base import JudgedTurn, Measure
from sparrow_lite.transcript import Role, strip_marks

# How much a repeat of an earlier turn weighs beside one within the reply (fitted on the training turns).
_EARLIER = 0.65
_MOST_SENTENCES = 12
MEASURES = frozenset({Measure.ON_TOPIC, Measure.REPETITION, Measure.EVIDENCE})


def resemblance(turn: JudgedTurn, measure: Measure | None, likeness: Likeness) -> float:
    """Return the sign of one measure, higher for more likely broken; 0.0 for measures of another kind.

    Raises:
        JudgeError: When the network cannot be loaded.
    """
    if measure not in MEASURES:
        return 0.0
    turns = turn.transcript.turns
    reply = strip_marks(turns[-1].text)
    if measure is Measure.REPETITION:
        earlier = [strip_marks(one.text) for one in turns[:-1] if one.role is Role.SPARROW]
        return _repeats(reply, earlier, likeness)
    if measure is Measure.ON_TOPIC:
        return -likeness.to(reply, [turn.transcript.last_user_text])[0]
    quotes = [citation.quote for citation in turn.citations if citation.quote]
    return -max(likeness.to(reply, quotes)) if quotes else 0.0


def _repeats(reply: str, earlier: Sequence[str], likeness: Likeness) -> float:
    """How alike the two likest sentences of the reply are, and the reply and an earlier one."""
    said = [span.text for span in sentences(reply)][:_MOST_SENTENCES]
    pairs = [likeness.to(one, said[:at]) for at, one in enumerate(said) if at]
    within = max((value for row in pairs for value in row), default=0.0)
    return within + _EARLIER * max(likeness.to(reply, earlier), default=0.0)
