"""What the networks see in the evidence: where the answer stands, and which sentences answer.

Joins the reader, which looks at passages, and the likeness in meaning, which looks at sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sparrow_lite.evidence import Evidence
from sparrow_lite.language import Span, sentences
from sparrow_lite.models.embedded.meaning import Meaning, Sign
from sparrow_lite.models.embedded.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Where the reader sees the answer in one passage: its first character, and how surely, 0.0 to 1.0."""

    start: int
    probability: float


Readings = Mapping[int, Reading]
"""Number of the evidence to what the reader sees in it; empty when there is no reader."""

Answering = Mapping[tuple[int, int], float]
"""Number of the evidence and the sentence's place in it to P(the sentence answers)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The two networks. Safe to call from several threads."""

    reader: Reader
    meaning: Meaning

    def read(self, query: str, evidence: Sequence[Evidence]) -> Readings:
        """Return where the reader sees the answer in each piece of evidence.

        Raises:
            JudgeError: When its network cannot be loaded.
        """
        found = self.reader.read(query, [piece.text for piece in evidence])
        return {
            piece.id: Reading(start=answer.start, probability=self.reader.probability(answer))
            for piece, answer in zip(evidence, found, strict=True)
        }

    def weigh(self, query: str, evidence: Sequence[Evidence], readings: Readings) -> Answering:
        """Return P(it answers) for each sentence of the evidence.

        Raises:
            JudgeError: When a network cannot be loaded.
        """
        signs = self.signs(query, evidence, readings)
        return {place: self.meaning.probability(sign) for place, sign in signs.items()}

    def signs(
        self, query: str, evidence: Sequence[Evidence], readings: Readings
    ) -> dict[tuple[int, int], Sign]:
        """Return what is seen in each sentence, by the number of its evidence and its place in it.

        Raises:
            JudgeError: When a network cannot be loaded.
        """
        spans = {(piece.id, at): span for piece in evidence for at, span in enumerate(sentences(piece.text))}
        titles = {piece.id: piece.page.title for piece in evidence}
        texts = [f"{titles[number]}: {span.text}" for (number, _), span in spans.items()]
        likeness = self.meaning.likeness.to(query, texts)
        likest = max(likeness, default=0.0)
        return {
            place: _sign(span, like, like - likest, readings[place[0]])
            for (place, span), like in zip(spans.items(), likeness, strict=True)
        }


def _sign(span: Span, likeness: float, behind: float, reading: Reading) -> Sign:
    holds = span.start <= reading.start < span.end
    return Sign(likeness=likeness, behind=behind, read=reading.probability if holds else 0.0, holds=holds)
