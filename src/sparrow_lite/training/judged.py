"""Labelled turns as the judges take them."""

from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.training.examples import LabelledTurn
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Citation, SupportOutcome


def as_judged(turn: LabelledTurn) -> JudgedTurn:
    """Return the turn as a judge of rules takes it, its quotes as citations."""
    spoken = [{"role": role, "text": text} for role, text in turn.turns if role != "evidence"]
    reply = turn.turns[-1][1]
    citations = tuple(
        Citation(
            id=number,
            sentence=reply,
            url=f"evidence:{number}",
            title="",
            quote=text,
            start=0,
            end=len(text),
            verdict=SupportOutcome.UNSCORED,
            support=None,
        )
        for number, (role, text) in enumerate(turn.turns, start=1)
        if role == "evidence"
    )
    return JudgedTurn(transcript=Transcript.of(spoken), citations=citations)
