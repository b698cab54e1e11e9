"""The beginnings of prompts that a model has read, kept from request to request.

A new prompt takes over the longest beginning that it shares with one of them. Used by the model's worker
thread alone, which is its lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sparrow_lite.models.local.store import KeyValues

KEPT_BYTES = 1 << 30
"""How much is kept by default: at 135 million weights in float32 some 20,000 tokens."""


@dataclass(slots=True)
class Beginning:
    """Tokens that were read, and what the model keeps of them."""

    ids: list[int] = field(default_factory=list)
    past: KeyValues = field(default_factory=KeyValues)

    def crop(self, length: int) -> None:
        """Forget all tokens from `length` on."""
        del self.ids[length:]
        self.past.crop(length)

    def copy(self, length: int) -> "Beginning":
        """Return a copy of the first `length` tokens."""
        return Beginning(ids=self.ids[:length], past=self.past.copy(length))


class PrefixCache:
    """Beginnings, the one used last at the end.

    Args:
        most_bytes: Bound on all that is kept; the beginnings used longest ago go first.
    """

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: list[Beginning] = []

    @property
    def bytes(self) -> int:
        """What is kept now."""
        return sum(beginning.past.bytes for beginning in self._kept)

    def known(self, ids: Sequence[int]) -> int:
        """Return how many tokens of this beginning need not be read again."""
        return max((common_length((one.ids, ids)) for one in self._kept), default=0)

    def take(self, ids: Sequence[int]) -> Beginning:
        """Return the longest known beginning of `ids`, out of the cache: `keep` puts it back.

        A beginning that goes on differently is cut back when that forgets less than is kept, as for an edited
        turn or other evidence; else it stays, and what it shares is copied, as for another dialogue.
        """
        best, shared = None, 0
        for beginning in self._kept:
            length = common_length((beginning.ids, ids))
            if length > shared:
                best, shared = beginning, length
        if best is None:
            return Beginning()
        if 2 * shared < len(best.ids):
            return best.copy(shared)
        self._kept = [one for one in self._kept if one is not best]
        best.crop(shared)
        return best

    def keep(self, beginning: Beginning) -> None:
        """Keep what was taken, and drop the oldest beyond the bound, this one too if it is too big alone."""
        self._kept.append(beginning)
        while self._kept and self.bytes > self._most_bytes:
            del self._kept[0]


def common_length(sequences: Sequence[Sequence[int]]) -> int:
    """Return how many tokens all sequences begin with in common."""
    tuples = [tuple(ids) for ids in sequences]
    first, last = min(tuples), max(tuples)  # in the order of their tokens: no two differ before these do
    for index, (one, other) in enumerate(zip(first, last, strict=False)):
        if one != other:
            return index
    return min(len(first), len(last))
