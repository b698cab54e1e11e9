"""Playing a probe: its turns one after another, the arm answering where the probe leaves that open."""

import time

from sparrow_lite.harness.arms.base import Arm, Asked
from sparrow_lite.harness.conversation import Conversation, Shown, Usage
from sparrow_lite.harness.probe import Probe
from sparrow_lite.transcript import Role, Transcript, strip_marks


def play(probe: Probe, arm: Arm, *, sample: int = 0) -> Conversation:
    """Return the conversation of a probe with an arm.

    Raises:
        ModelError: When the arm gives no reply.
    """
    started = time.monotonic()
    transcript, replies, usage = Transcript(), list[tuple[int, Shown]](), Usage()
    for place, turn in enumerate(probe.turns):
        transcript = Transcript(turns=(*transcript.turns, turn))
        if turn.role is Role.SPARROW or _is_answered(probe, place):
            continue
        shown, cost = arm.reply(Asked(transcript=transcript, probe=probe, sample=sample, reply=len(replies)))
        usage = usage + cost
        transcript = transcript.sparrow(strip_marks(shown.text))
        replies.append((len(transcript.turns) - 1, shown))
    return Conversation(
        turns=transcript.turns,
        replies=tuple(replies),
        usage=usage,
        # An arm of recorded responses tells what they took when they were made.
        seconds=max(time.monotonic() - started, sum(shown.seconds for _, shown in replies)),
    )


def count_replies(probe: Probe) -> int:
    """Return how many replies the probe asks for."""
    turns = enumerate(probe.turns)
    return sum(turn.role is Role.USER and not _is_answered(probe, place) for place, turn in turns)


def _is_answered(probe: Probe, place: int) -> bool:
    """Whether the probe itself says what Sparrow answers to the turn at `place`."""
    following = probe.turns[place + 1 : place + 2]
    return bool(following) and following[0].role is Role.SPARROW
