"""The trained judge of evidence: a small encoder that reads claim and evidence together, joined with words.

The encoder sees meaning and misses figures; words see figures and miss meaning. A calibrated sum of both errs
less than either on most texts: `docs/model-card.md` has the figures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from pathlib import Path

from sparrow_lite.encoders.focus import focus
from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import pair_pieces
from sparrow_lite.encoders.weights import open_words, read_constants
from sparrow_lite.support.lexical import LexicalSupportJudge

NAME = "support"


@dataclass(frozen=True)
class TrainedSupportJudge:
    """Gives P(the passage alone convinces you that the whole claim is true), calibrated.

    Attributes:
        network: Gives a logit for claim and passage.
        weights: Of `logit`, of `words` and of `bias` in the sum whose logistic is the score.
        name: `trained`, and the version of the weights.
        supported_at: Score from which a claim is supported.
    """

    network: Network
    weights: Mapping[str, float]
    name: str = "trained"
    supported_at: float = 0.5
    words: LexicalSupportJudge = field(default_factory=LexicalSupportJudge)

    @classmethod
    def open(cls, own_dir: Path | None = None) -> "TrainedSupportJudge":
        """Return the judge with the user's own weights, or the shipped ones.

        Raises:
            ConfigError: When there are no weights.
        """
        words = open_words(own_dir)
        constants = read_constants(words.folder, NAME)
        return cls(
            network=Network(words, NAME),
            weights=constants["weights"],
            name=f"trained {constants['version']}",
            supported_at=constants["supported_at"],
        )

    def score(self, claim: str, passages: Sequence[str]) -> Sequence[float | None]:
        """Return the score of each passage, 0.0 to 1.0; None for a claim without content words.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        by_words = self.words.score(claim, passages)
        if any(share is None for share in by_words):
            return by_words
        tokenizer = self.network.words.tokenizer
        rows = self.network.run(
            [pair_pieces(tokenizer, claim, focus(claim, passage)) for passage in passages]
        )
        return [
            self._calibrated(float(row[0]), share or 0.0) for row, share in zip(rows, by_words, strict=True)
        ]

    def _calibrated(self, logit: float, share: float) -> float:
        total = self.weights["logit"] * logit + self.weights["words"] * share + self.weights["bias"]
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
