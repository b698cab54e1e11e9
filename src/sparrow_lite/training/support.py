"""Training of the support judge: claim and evidence in one reading, a number that they agree."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from sparrow_lite.encoders.focus import focus
from sparrow_lite.encoders.pieces import pair_pieces
from sparrow_lite.errors import ConfigError
from sparrow_lite.training.encoder import load_encoder, pad
from sparrow_lite.training.examples import Question, SupportPair, part_of
from sparrow_lite.training.made_pairs import pairs_from_passage, pairs_from_question
from sparrow_lite.training.public import begin, fever, fool_me_twice, hotpot, squad, wice

LABELLED = {"fever": fever.read, "fool_me_twice": fool_me_twice.read, "wice": wice.read, "begin": begin.read}


def read_pairs(folders: Sequence[Path], *, seed: int) -> list[SupportPair]:
    """Return all pairs of the folders: labelled by people, one's own, and made.

    Args:
        folders: Hold public data sets, or `support.jsonl` with pairs of one's own.
        seed: Of what is drawn.
    """
    readers = (*LABELLED.values(), read_own_pairs)
    labelled = [pair for folder in folders for read in readers for pair in read(folder)]
    return [*labelled, *(pair for folder in folders for pair in made_pairs(folder, seed=seed))]


def read_own_pairs(folder: Path) -> Iterator[SupportPair]:
    """Yield the pairs of `support.jsonl`: {"claim", "evidence", "supported"} a line.

    Raises:
        ConfigError: When a line is malformed; it names the line.
    """
    path = folder / "support.jsonl"
    for number, line in enumerate(path.open(encoding="utf-8") if path.is_file() else (), start=1):
        try:
            row = json.loads(line)
            evidence = row["evidence"]
            passage = evidence if isinstance(evidence, str) else "\n".join(evidence)
            yield SupportPair(
                claim=row["claim"],
                passage=passage,
                supported=bool(row["supported"]),
                source="own",
                part=part_of(passage),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"{path.name}, line {number}: {error!r} is amiss.") from error


def made_pairs(folder: Path, *, seed: int) -> Iterator[SupportPair]:
    """Yield the pairs made from the passages of HotpotQA and the questions of SQuAD."""
    random = Random(seed)
    for passage, part in hotpot.read(folder):
        yield from pairs_from_passage(passage, part, random)
    by_passage: dict[str, list[Question]] = {}
    for question in squad.read(folder):
        by_passage.setdefault(question.passage, []).append(question)
    for passage, questions in by_passage.items():
        answers = [text for question in questions for _, text in question.answers[:1]]
        for question in questions:
            yield from pairs_from_question(question, answers, random)
        yield from pairs_from_passage(passage, questions[0].part, random)


class SupportTask:
    """A classifier of claim and evidence; each source's two labels weigh the same."""

    def __init__(
        self, base: Path, pairs: Sequence[SupportPair], weights: dict[str, float] | None = None
    ) -> None:
        """Load the checkpoint and cut the pairs into tokens."""
        self.encoder, self.tokenizer = load_encoder(base)
        self.model = support_model(self.encoder)
        self.pairs = [replace(pair, passage=focus(pair.claim, pair.passage)) for pair in pairs]
        self.encoded = [pair_pieces(self.tokenizer, pair.claim, pair.passage) for pair in self.pairs]
        counts = Counter((pair.source, pair.supported) for pair in pairs)
        sizes = Counter(pair.source for pair in pairs)
        self.weights = [
            (weights or {}).get(pair.source, 1.0)
            * sizes[pair.source]
            / (2 * counts[pair.source, pair.supported])
            for pair in pairs
        ]

    @property
    def lengths(self) -> list[int]:
        """Tokens of each pair."""
        return [len(ids) for ids, _ in self.encoded]

    def loss(self, batch: Sequence[int]) -> Any:
        """Return the weighted cross entropy of a batch."""
        import torch

        logits = self.model(**pad([self.encoded[at] for at in batch], self.encoder.device)).float()
        labels = torch.tensor([float(self.pairs[at].supported) for at in batch], device=logits.device)
        weights = torch.tensor([self.weights[at] for at in batch], device=logits.device)
        return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, weight=weights)


def support_model(encoder: Any) -> Any:
    """Return a module from ids, types and mask to one logit a pair."""
    import torch

    class SupportModel(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.head = torch.nn.Linear(2 * encoder.config.hidden_size, 1)
            self.dropout = torch.nn.Dropout(0.1)

        def forward(self, **inputs: Any) -> Any:
            states = self.encoder(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1)
            return self.head(self.dropout(torch.cat([states[:, 0], mean], dim=-1))).squeeze(-1)

    return SupportModel()
