"""Which sentence answers a question that uses other words than the page: likeness, and what the reader sees.

How much each says is fitted (`sparrow-lite train meaning`).
"""

from dataclasses import dataclass
from math import exp
from pathlib import Path

from sparrow_lite.encoders.likeness import NAME, Likeness
from sparrow_lite.encoders.weights import open_words, read_constants


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
        likeness: Compares texts.
        weights: Of `likeness`, `behind`, `read`, `holds`, and the `bias`, of a logistic.
    """

    likeness: Likeness
    weights: dict[str, float]

    @classmethod
    def open(cls, own_dir: Path | None = None) -> "Meaning":
        """Return the judge with the user's own weights, or the shipped ones.

        Raises:
            ConfigError: When there are no weights.
        """
        words = open_words(own_dir)
        constants = read_constants(words.folder, NAME)
        return cls(likeness=Likeness(words), weights=constants["weights"])

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
