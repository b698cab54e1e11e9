"""Likeness in meaning: which sentence answers a question that uses other words than the page.

Sentences and question are placed by an encoder that was pretrained to put like meanings side by side; the
cosine of two places is their likeness. How much it says beside the reader is fitted (`train meaning`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import single_pieces
from sparrow_lite.encoders.weights import open_words, read_constants

NAME = "meaning"
LONGEST = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What the networks see in one sentence.

    Attributes:
        likeness: Cosine with the question, -1.0 to 1.0.
        behind: Likeness minus that of the likest sentence among all, at most 0.0.
        read: P(the reader's answer in the passage is right) when the answer lies in this sentence, else 0.0.
        holds: Whether it does.
    """

    likeness: float
    behind: float
    read: float
    holds: bool


@dataclass(frozen=True)
class Meaning:
    """Judges sentences by their meaning. Safe to call from several threads.

    Attributes:
        network: Gives the place of a text.
        weights: Of `likeness`, `behind`, `read`, `holds`, and the `bias`, of a logistic.
    """

    network: Network
    weights: dict[str, float]

    @classmethod
    def open(cls, own_dir: Path | None = None) -> "Meaning":
        """Return the judge with the user's own weights, or the shipped ones.

        Raises:
            ConfigError: When there are no weights.
        """
        words = open_words(own_dir)
        constants = read_constants(words.folder, NAME)
        return cls(network=Network(words, NAME), weights=constants["weights"])

    def likeness(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Return the cosine of each sentence with the question, in order.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        tokenizer = self.network.words.tokenizer
        texts = [single_pieces(tokenizer, text, longest=LONGEST) for text in (question, *sentences)]
        (asked,), *placed = self.network.run(texts)
        return [float(place @ asked) for (place,) in placed]

    def probability(self, sign: Sign) -> float:
        """Return P(the sentence answers the question), 0.0 to 1.0."""
        weights = self.weights
        total = (
            weights["likeness"] * sign.likeness
            + weights["behind"] * sign.behind
            + weights["read"] * sign.read
            + weights["holds"] * sign.holds
            + weights["bias"]
        )
        return 1 / (1 + exp(-total))
