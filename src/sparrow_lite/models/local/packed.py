"""The quick way to read and to write: everything that goes on from one beginning goes in one pass.

A pass is one packed sequence, whose attention `attention.py` does. Works for models that attend to all tokens
or to a window, through transformers' attention functions; `ways.py` finds out whether one does.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sparrow_lite.models.local.attention import (
    Plan,
    Reach,
    UnknownAttentionError,
    packed_attention,
    slices,
)
from sparrow_lite.models.local.prefix import Beginning, PrefixCache, common_length
from sparrow_lite.models.local.questions import Question
from sparrow_lite.models.local.store import KeyValues

_CHUNK = 2048  # tokens of a prompt at once
_CHUNK_BY_HAND = 512  # the same where scores are written out, which takes memory for every pair of tokens
_PACK = 4096  # tokens of one pass: more gains nothing and takes memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What one prompt goes on with after the shared beginning, read, and the logits of the token after it."""

    ids: tuple[int, ...]
    past: KeyValues
    logits: Any


class PackedReader:
    """Reads packed sequences with one model. For one thread.

    Args:
        model: The transformers model.
        cache: Keeps beginnings from request to request.
    """

    def __init__(self, model: Any, cache: PrefixCache) -> None:
        self._model = model
        self._cache = cache
        config = model.config.get_text_config(decoder=True)
        self._layers = config.num_hidden_layers
        by_hand = any(getattr(config, name, None) for name in ("attn_logit_softcapping", "sliding_window"))
        self._chunk = _CHUNK_BY_HAND if by_hand else _CHUNK
        self.generation = model.generation_config
        self.device = model.device

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let the model read packed sequences meanwhile, without gradients."""
        import torch

        with torch.inference_mode(), packed_attention(self._model):
            yield

    def score(self, questions: Sequence[Question]) -> list[list[float]]:
        """Return for each question the log-probability of each answer, in order."""
        with self.reading():
            shared = _shared([question.prompt for question in questions])
            beginning = self._read(questions[0].prompt[:shared])
            scores: list[list[float]] = []
            for pack in _packs(questions, shared):
                scores += self._score(pack, beginning)
            self._cache.keep(beginning)
        return scores

    def branch(self, prompts: Sequence[Sequence[int]]) -> tuple[Beginning, list[Branch]]:
        """Read distinct prompts: return what they share, which the caller gives back, and each one's rest."""
        shared = _shared(prompts)
        beginning = self._read(prompts[0][:shared])
        return beginning, self._branches([prompt[shared:] for prompt in prompts], beginning)

    def give_back(self, beginning: Beginning) -> None:
        """Keep the beginning for the requests to come."""
        self._cache.keep(beginning)

    def step(
        self, ids: Sequence[int], positions: Sequence[int], rows: KeyValues, seen: Sequence[Reach]
    ) -> Any:
        """Read one more token of every row, which sees its own tokens and `seen`; return the rows' logits."""
        plan = Plan(reaches=tuple(seen), runs=(), positions=tuple(positions), rows=rows)
        logits = self._pass(ids, plan, range(len(ids)))
        rows.advance(1)
        return logits

    def _read(self, ids: Sequence[int]) -> Beginning:
        """Return these tokens as a beginning, reading those that are not known yet."""
        beginning = self._cache.take(ids)
        while (known := len(beginning.ids)) < len(ids):
            chunk = ids[known : known + self._chunk]
            plan = Plan(
                reaches=_reaches(beginning, [len(chunk)]),
                runs=(len(chunk),),
                positions=tuple(range(known, known + len(chunk))),
                kept=(beginning.past,),
            )
            self._pass(chunk, plan, [len(chunk) - 1])
            beginning.past.advance(len(chunk))
            beginning.ids += chunk
        return beginning

    def _branches(self, rests: Sequence[Sequence[int]], beginning: Beginning) -> list[Branch]:
        runs = tuple(map(len, rests))
        kept = tuple(KeyValues() for _ in rests)
        plan = Plan(
            reaches=_reaches(beginning, runs),
            runs=runs,
            positions=_positions(len(beginning.ids), runs),
            kept=kept,
        )
        logits = self._pass([token for rest in rests for token in rest], plan, _ends(runs))
        for past, length in zip(kept, runs, strict=True):
            past.advance(length)
        return [
            Branch(ids=tuple(rest), past=past, logits=row)
            for rest, past, row in zip(rests, kept, logits, strict=True)
        ]

    def _score(self, questions: Sequence[Question], beginning: Beginning) -> list[list[float]]:
        import torch

        start = len(beginning.ids)
        branches = self._branches([question.prompt[start:] for question in questions], beginning)
        scores = []
        for question, branch in zip(questions, branches, strict=True):
            first = torch.log_softmax(branch.logits, dim=-1)
            scores.append([float(first[answer[0]]) for answer in question.answers])
        longer = [
            (number, place)
            for number, question in enumerate(questions)
            for place, answer in enumerate(question.answers)
            if len(answer) > 1
        ]
        if longer:
            answers = [questions[number].answers[place] for number, place in longer]
            rests = self._rests(answers, [branches[number] for number, _ in longer], beginning)
            for (number, place), rest in zip(longer, rests, strict=True):
                scores[number][place] += rest
        return scores

    def _rests(
        self, answers: Sequence[Sequence[int]], branches: Sequence[Branch], beginning: Beginning
    ) -> list[float]:
        """Return the log-probability of every token of each answer but the first, given its branch."""
        import torch

        runs = tuple(len(answer) - 1 for answer in answers)
        known = len(beginning.ids)
        positions: list[int] = []
        reaches = list(_reaches(beginning, runs))
        for run, branch, stop in zip(runs, branches, accumulate(runs), strict=True):
            first = known + branch.past.length
            positions += range(first, first + run)
            reaches.append(
                Reach(start=stop - run, stop=stop, past=branch.past, length=branch.past.length, first=known)
            )
        plan = Plan(reaches=tuple(reaches), runs=runs, positions=tuple(positions))
        logits = self._pass([token for answer in answers for token in answer[:-1]], plan, range(sum(runs)))
        wanted = torch.tensor([token for answer in answers for token in answer[1:]], device=logits.device)
        found = torch.log_softmax(logits, dim=-1).gather(1, wanted[:, None])[:, 0]
        return [float(found[run].sum()) for run in slices(runs)]

    def _pass(self, ids: Sequence[int], plan: Plan, keep: Sequence[int]) -> Any:
        """Return the logits, in float32, after the packed tokens at these places."""
        import torch

        device = self._model.device
        logits = self._model(
            input_ids=torch.tensor([list(ids)], device=device),
            position_ids=torch.tensor([plan.positions], device=device),
            use_cache=False,
            logits_to_keep=torch.tensor(list(keep), device=device),
            plan=plan,
        ).logits
        if len(plan.attended) != self._layers:
            raise UnknownAttentionError(f"{type(self._model).__name__} attends in a way of its own.")
        return logits[0].float()


def _shared(prompts: Sequence[Sequence[int]]) -> int:
    """Return how much of the prompts is one beginning; each keeps a token of its own."""
    return min(common_length(prompts), min(map(len, prompts)) - 1)


def _reaches(beginning: Beginning, runs: Sequence[int]) -> tuple[Reach, ...]:
    if not beginning.ids:
        return ()
    return (Reach(start=0, stop=sum(runs), past=beginning.past, length=len(beginning.ids), first=0),)


def _positions(first: int, runs: Sequence[int]) -> tuple[int, ...]:
    return tuple(position for run in runs for position in range(first, first + run))


def _ends(runs: Sequence[int]) -> list[int]:
    return [stop - 1 for stop in accumulate(runs)]


def _packs(questions: Sequence[Question], shared: int) -> Iterator[list[Question]]:
    """Yield the questions in packs of at most `_PACK` tokens beyond what they share, or one alone."""
    pack: list[Question] = []
    tokens = 0
    for question in questions:
        own = len(question.prompt) - shared
        if pack and tokens + own > _PACK:
            yield pack
            pack, tokens = [], 0
        pack.append(question)
        tokens += own
    yield pack
