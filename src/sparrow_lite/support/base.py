"""What a judge of evidence is: a score for how well each passage supports a sentence."""

from collections.abc import Sequence
from typing import Protocol


class SupportJudge(Protocol):
    """Judges support. Implementations are safe to call from several threads."""

    @property
    def name(self) -> str:
        """The name that is recorded with every citation."""
        ...

    @property
    def supported_at(self) -> float:
        """Score from which a sentence counts as supported, 0.0 to 1.0."""
        ...

    def score(self, claim: str, passages: Sequence[str]) -> Sequence[float | None]:
        """Return P(the passage alone convinces you that the whole claim is true), one for each passage.

        None means that this passage could not be judged.

        Raises:
            JudgeError: When nothing can be judged.
        """
        ...
