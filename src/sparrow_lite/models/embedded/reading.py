"""The reader: where in a passage a question is answered, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import pair_pieces, piece_spans
from sparrow_lite.encoders.weights import open_words, read_constants

NAME = "reader"
LONGEST = 256
_MOST_PIECES = 30
_FIRSTS_TRIED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The likeliest answer in a passage.

    Attributes:
        start: Its first character in the passage.
        end: One past its last character.
        margin: By how much its logits exceed those of "no answer".
    """

    start: int
    end: int
    margin: float


@dataclass(frozen=True)
class Reader:
    """Finds answers. Safe to call from several threads.

    Attributes:
        network: Gives each piece's logits of being the answer's first and last.
        slope: Of the logistic from a margin to a probability.
        bias: Of the same.
    """

    network: Network
    slope: float
    bias: float

    @classmethod
    def open(cls, own_dir: Path | None = None) -> "Reader":
        """Return the reader with the user's own weights, or the shipped ones.

        Raises:
            ConfigError: When there are no weights.
        """
        words = open_words(own_dir)
        constants = read_constants(words.folder, NAME)
        return cls(network=Network(words, NAME), slope=constants["slope"], bias=constants["bias"])

    def read(self, question: str, passages: Sequence[str]) -> list[Answer]:
        """Return the likeliest answer of each passage; a passage is read up to 256 pieces.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        tokenizer = self.network.words.tokenizer
        texts = [pair_pieces(tokenizer, question, passage, longest=LONGEST) for passage in passages]
        rows = self.network.run(texts)
        return [
            best_span(first, last, piece_spans(tokenizer, question, passage, pieces))
            for passage, pieces, (first, last) in zip(passages, texts, rows, strict=True)
        ]

    def probability(self, span: Answer) -> float:
        """Return P(the span answers the question), calibrated, 0.0 to 1.0."""
        total = self.slope * span.margin + self.bias
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def best_span(first: Any, last: Any, spans: dict[int, tuple[int, int]]) -> Answer:
    """Return the span whose two logits are highest together.

    Args:
        first: Logits of each piece to be the answer's first; the first stands for "no answer".
        last: Logits of each piece to be the answer's last.
        spans: Place of each piece of the passage to its characters (start, end).
    """
    none = float(first[0] + last[0])
    places = sorted(spans)
    best, margin = (0, 0), float("-inf")
    for begin in sorted(places, key=lambda at: -float(first[at]))[:_FIRSTS_TRIED]:
        inside = [at for at in places if begin <= at < begin + _MOST_PIECES]
        end = max(inside, key=lambda at: float(last[at]))
        if float(first[begin] + last[end]) - none > margin:
            best, margin = (spans[begin][0], spans[end][1]), float(first[begin] + last[end]) - none
    return Answer(start=best[0], end=best[1], margin=margin)
