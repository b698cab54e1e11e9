"""Training of the reader: where in a passage a question's answer begins and ends, or that it has none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from sparrow_lite.encoders.pieces import Pieces, pair_pieces, piece_spans
from sparrow_lite.language import Anchor, AnchorKind, anchors, sentences
from sparrow_lite.training.encoder import load_encoder, pad
from sparrow_lite.training.examples import Part, Question
from sparrow_lite.training.public import hotpot, squad

_WINDOW_WORDS = 130


def read_questions(folders: Sequence[Path], *, seed: int) -> list[Question]:
    """Return SQuAD's questions, and questions made from the passages of HotpotQA."""
    random = Random(seed)
    asked = [windowed(one, random) for folder in folders for one in squad.read(folder)]
    passages = [found for folder in folders for found in hotpot.read(folder)]
    made = [one for passage, part in passages for one in _blanked(passage, part, random)]
    crossed = [_crossed(one, random.choice(asked)) for one in asked if random.random() < 0.15]
    joining = [one for folder in folders for one in hotpot.read_questions(folder)]
    return [*asked, *joining, *made, *crossed]


def windowed(question: Question, random: Random) -> Question:
    """Return the question with the part of a long passage that holds its answer, or a part at random."""
    if len(question.passage.split()) <= _WINDOW_WORDS:
        return question
    spans = sentences(question.passage)
    held = question.answers or question.mistaken
    wanted = held[0][0] if held else random.choice(spans).start
    at = next((at for at, span in enumerate(spans) if span.end > wanted), len(spans) - 1)
    first, last = at, at
    while len(question.passage[spans[first].start : spans[last].end].split()) < _WINDOW_WORDS:
        grown = (
            (first - 1, last)
            if (random.random() < 0.5 and first) or last == len(spans) - 1
            else (first, last + 1)
        )
        if grown[0] < 0:
            break
        first, last = grown
    start, end = spans[first].start, spans[last].end
    return replace(
        question,
        passage=question.passage[start:end],
        answers=_moved(question.answers, start, end),
        mistaken=_moved(question.mistaken, start, end),
    )


def _moved(spans: tuple[tuple[int, str], ...], start: int, end: int) -> tuple[tuple[int, str], ...]:
    return tuple((at - start, text) for at, text in spans if start <= at and at + len(text) <= end)


def _crossed(question: Question, other: Question) -> Question:
    """The question beside a passage that is not about it."""
    same = question.passage == other.passage or question.part is not other.part
    passage = other.passage if not same else ""
    return replace(question, passage=passage or "Nothing is known.", answers=(), mistaken=())


_ASKS_FOR = {AnchorKind.NUMBER: ("how many", "what number"), AnchorKind.DATE: ("when", "in which month")}
_YEAR = re.compile(r"\d{4}")


def _blanked(passage: str, part: Part, random: Random) -> Iterator[Question]:
    """A question made by asking for a name or a number of one sentence."""
    spans = [span for span in sentences(passage) if 7 <= len(span.text.split()) <= 35]
    if not spans:
        return
    span = random.choice(spans)
    found = [one for one in anchors(span.text) if span.text.count(one.text) == 1]
    if not found:
        return
    taken = random.choice(found)
    asked = span.text.replace(taken.text, _asks_for(taken, random)).rstrip(".")
    start = passage.find(span.text) + span.text.find(taken.text)
    holds = random.random() < 0.8
    without = passage.replace(span.text, "").strip()
    yield Question(
        id=f"made-{abs(start)}",
        question=f"{asked}?",
        passage=passage if holds else without,
        answers=((start, taken.text),) if holds else (),
        mistaken=(),
        title="",
        part=part,
    )


def _asks_for(taken: Anchor, random: Random) -> str:
    if _YEAR.fullmatch(taken.text):
        return random.choice(("which year", "what year", "when"))
    return random.choice(_ASKS_FOR.get(taken.kind, ("who", "what", "which one", "where")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """First and last piece of the answer; both 0, the opening mark, for none."""

    first: int
    last: int


class ReaderTask:
    """Two classifiers over the pieces of a passage: one for the answer's first, one for its last."""

    def __init__(self, base: Path, questions: Sequence[Question]) -> None:
        """Load the checkpoint and cut the questions into tokens; an answer that is cut off leaves one out."""
        self.encoder, self.tokenizer = load_encoder(base)
        self.model = reader_model(self.encoder)
        self.encoded: list[Pieces] = []
        self.targets: list[Target] = []
        for question in questions:
            pieces = pair_pieces(self.tokenizer, question.question, question.passage, longest=256)
            target = _target(
                question, piece_spans(self.tokenizer, question.question, question.passage, pieces)
            )
            if target is not None:
                self.encoded.append(pieces)
                self.targets.append(target)

    @property
    def lengths(self) -> list[int]:
        """Tokens of each question with its passage."""
        return [len(ids) for ids, _ in self.encoded]

    def loss(self, batch: Sequence[int]) -> Any:
        """Return the mean cross entropy of first and last piece."""
        import torch

        first, last = self.model(**pad([self.encoded[at] for at in batch], self.encoder.device))
        begin = torch.tensor([self.targets[at].first for at in batch], device=first.device)
        end = torch.tensor([self.targets[at].last for at in batch], device=first.device)
        entropy = torch.nn.functional.cross_entropy
        return (entropy(first.float(), begin) + entropy(last.float(), end)) / 2


def _target(question: Question, spans: dict[int, tuple[int, int]]) -> Target | None:
    if not question.answers:
        return Target(first=0, last=0)
    start, text = question.answers[0]
    inside = [at for at, (begin, end) in spans.items() if begin < start + len(text) and end > start]
    return Target(first=min(inside), last=max(inside)) if inside else None


def reader_model(encoder: Any) -> Any:
    """Return a module from ids, types and mask to two arrays of logits, each of shape (texts, pieces).

    Only pieces of the passage, and the opening mark, can be chosen.
    """
    import torch

    class ReaderModel(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder
            self.head = torch.nn.Linear(encoder.config.hidden_size, 2)

        def forward(self, **inputs: Any) -> Any:
            states = self.encoder(**inputs).last_hidden_state
            logits = self.head(states)
            allowed = inputs["token_type_ids"] * inputs["attention_mask"]
            allowed = allowed.clone()
            allowed[:, 0] = 1
            logits = logits.masked_fill(allowed.unsqueeze(-1) == 0, -1e4)
            return logits[..., 0], logits[..., 1]

    return ReaderModel()
