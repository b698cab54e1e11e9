"""What an arm is: one configuration that answers probes, the whole agent or anything else that talks."""

from dataclasses import dataclass
from typing import Protocol

from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.harness.probe import Probe
from sparrow_lite.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an arm is asked for: one reply.

    Attributes:
        transcript: The dialogue so far, the user's turn last.
        probe: The case that is played.
        sample: Which of several answers to the case, from 0; each has a seed of its own.
        reply: Which of the case's replies, from 0.
    """

    transcript: Transcript
    probe: Probe
    sample: int
    reply: int


class Arm(Protocol):
    """Answers probes. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name under which its results are reported."""
        ...

    @property
    def concurrency(self) -> int:
        """How many cases at once it gains from."""
        ...

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        """Return what the arm shows for the user's last turn, and what that cost.

        Raises:
            ModelError: When there is no reply; `retryable` says whether to try again.
        """
        ...
