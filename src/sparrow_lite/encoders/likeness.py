"""Likeness in meaning of two texts: the cosine of where an encoder places them.

The encoder was pretrained to put like meanings side by side, and is shipped as it is. What its likeness says
of a quote or a reply is fitted by those who use it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import single_pieces
from sparrow_lite.encoders.weights import Words

NAME = "meaning"
LONGEST = 128
# Turns and evidence of a dialogue are asked about again and again while its candidates are judged.
_KEPT = 512


class Likeness:
    """Compares texts, each read up to 128 pieces. Safe to call from several threads."""

    def __init__(self, words: Words) -> None:
        """Compare with the network that lies beside `words`."""
        self._network = Network(words, NAME)
        self._place = lru_cache(maxsize=_KEPT)(self._read)

    @classmethod
    def open(cls, words: Words) -> "Likeness | None":
        """Return it, or None when the folder of `words` was trained without it."""
        return cls(words) if any(words.folder.glob(f"{NAME}.onnx*")) else None

    def to(self, text: str, others: Sequence[str]) -> list[float]:
        """Return the cosine of each of the others with the text, in order, -1.0 to 1.0.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        place = self._place(text)
        return [float(self._place(other) @ place) for other in others]

    def _read(self, text: str) -> Any:
        pieces = single_pieces(self._network.words.tokenizer, text, longest=LONGEST)
        return self._network.run([pieces])[0][0]
