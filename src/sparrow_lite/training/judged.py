"""From labelled turns to what a judge of rules takes."""

from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.training.examples import LabelledTurn


def as_judged(turn: LabelledTurn) -> JudgedTurn:
    """Return the turn as a judge of rules takes it, its quotes as citations."""
    spoken = [{"role": role, "text": text} for role, text in turn.turns if role != "evidence"]
    return JudgedTurn.of(spoken, [text for role, text in turn.turns if role == "evidence"])
