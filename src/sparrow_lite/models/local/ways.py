"""The ways of reading with a model, from the quickest to the plainest, and the choice among them.

A way is taken when it gives the plain way's numbers for a few made-up tokens: that tells more of a model than
its name does.
"""

import copy
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from sparrow_lite.models.local.attention import UnknownAttentionError
from sparrow_lite.models.local.packed import PackedReader
from sparrow_lite.models.local.prefix import PrefixCache, common_length
from sparrow_lite.models.local.questions import Question, Reader

_FAULTS = (UnknownAttentionError, RuntimeError, ValueError, LookupError, TypeError, AttributeError)
_BATCH = 8  # rows at once: all their logits are made, which takes memory
_NEAR = 2e-3
_NEAR_HALF = 0.2  # numbers of 16 bits leave log-probabilities that far apart in the plain way itself
_SHIFTING = frozenset({"dynamic", "longrope"})  # positions that depend on how long the whole text is


class PlainReader:
    """Reads every prompt and answer by itself: right for every model, and slow."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def score(self, questions: Sequence[Question]) -> list[list[float]]:
        """Return for each question the log-probability of each answer, in order."""
        import torch

        with torch.inference_mode():
            return [self._scores(question) for question in questions]

    def _scores(self, question: Question) -> list[float]:
        first = self._logprobs(question.prompt, keep=1)[-1]
        scores = []
        for answer in question.answers:
            score = float(first[answer[0]])
            if len(answer) > 1:
                rows = self._logprobs((*question.prompt, *answer[:-1]), keep=len(answer) - 1)
                score += sum(float(row[token]) for row, token in zip(rows, answer[1:], strict=True))
            scores.append(score)
        return scores

    def _logprobs(self, ids: Sequence[int], *, keep: int) -> Any:
        """Return the log-probabilities of the token after each of the last `keep` tokens."""
        import torch

        batch = torch.tensor([list(ids)], device=self._model.device)
        logits = self._model(batch, use_cache=False, logits_to_keep=keep).logits[0]
        return torch.log_softmax(logits.float(), dim=-1)


class BatchReader:
    """Reads what prompts share once, and the rest as a batch, with the model's own cache and attention.

    For models whose state is more than keys and values, as hybrid and recurrent ones. Keeps nothing from
    request to request, since such a state cannot be cut back.
    """

    def __init__(self, model: Any) -> None:
        self._model = model

    def score(self, questions: Sequence[Question]) -> list[list[float]]:
        """Return for each question the log-probability of each answer, in order."""
        import torch

        rows: list[tuple[int, ...]] = []
        for question in questions:
            rows += [(*question.prompt, *answer[:-1]) for answer in question.answers]
        rows = list(dict.fromkeys(rows))
        shared = min(common_length(rows), min(map(len, rows)) - 1)
        with torch.inference_mode():
            state = self._shared(rows[0][:shared])
            found: dict[tuple[int, ...], float] = {}
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                logprobs = self._logprobs([row[shared:] for row in batch], state)
                found |= _answers(questions, dict(zip(batch, logprobs, strict=True)), shared)
        return [[found[(*one.prompt, *answer)] for answer in one.answers] for one in questions]

    def _shared(self, ids: Sequence[int]) -> Any:
        """Return the model's state after these tokens; None when there are none."""
        import torch

        if not ids:
            return None
        batch = torch.tensor([list(ids)], device=self._model.device)
        return self._model(batch, use_cache=True, logits_to_keep=1).past_key_values

    def _logprobs(self, rests: Sequence[Sequence[int]], state: Any) -> Any:
        """Return for each row the log-probabilities after each of its tokens beyond the shared ones."""
        import torch

        device = self._model.device
        longest = max(map(len, rests))
        # What is padded at the end is read by nobody: later tokens change nothing for earlier ones.
        padded = [[*rest, *([0] * (longest - len(rest)))] for rest in rests]
        state = copy.deepcopy(state)
        if state is not None:
            state.reorder_cache(torch.zeros(len(rests), dtype=torch.long, device=device))
        batch = torch.tensor(padded, device=device)
        logits = self._model(batch, past_key_values=state, use_cache=state is not None).logits
        return torch.log_softmax(logits.float(), dim=-1)


def _answers(
    questions: Sequence[Question], logprobs: dict[tuple[int, ...], Any], shared: int
) -> dict[tuple[int, ...], float]:
    """Return by prompt and answer the log-probability of every answer that one of these rows tells."""
    found = {}
    for question in questions:
        for answer in question.answers:
            row = logprobs.get((*question.prompt, *answer[:-1]))
            if row is not None:
                start = len(question.prompt) - shared - 1
                places = range(start, start + len(answer))
                score = sum(float(row[place, token]) for place, token in zip(places, answer, strict=True))
                found[(*question.prompt, *answer)] = score
    return found


def choose_reader(model: Any, cache: PrefixCache) -> Reader:
    """Return the quickest reader that is right for this model: packed, as a batch, or plain.

    A `PackedReader` can write, too.
    """
    plain = PlainReader(model)
    ways: list[Callable[[], Reader]] = [lambda: BatchReader(model)]
    if _attends_only(model):
        ways.insert(0, lambda: PackedReader(model, cache))
    for way in ways:
        reader = way()
        if _agree(reader, plain, model):
            return reader
    return plain


def _attends_only(model: Any) -> bool:
    """Return whether every layer attends to all tokens or to a window, at fixed positions."""
    from transformers.cache_utils import get_layer_types_and_kwargs

    config = model.config.get_text_config(decoder=True)
    rope = getattr(config, "rope_parameters", None) or {}
    ropes = [rope, *(part for part in rope.values() if isinstance(part, dict))]
    if {part.get("rope_type") for part in ropes} & _SHIFTING or getattr(
        config, "use_bidirectional_attention", False
    ):
        return False
    kinds, _ = get_layer_types_and_kwargs(config)
    return set(kinds) <= {"full_attention", "sliding_attention"}


def _agree(reader: Reader, plain: Reader, model: Any) -> bool:
    """Return whether both give the same log-probabilities for made-up prompts that share a beginning."""
    import torch

    size = model.get_input_embeddings().weight.shape[0]
    made = tuple((7919 * number + 13) % size for number in range(1, 40))
    questions = [
        Question(prompt=made[:23], answers=(made[30:31], made[31:33])),
        Question(prompt=made[:20] + made[24:29], answers=(made[33:34], made[34:37])),
    ]
    near = _NEAR if model.dtype is torch.float32 else _NEAR_HALF
    try:
        found = reader.score(questions)
    except _FAULTS:
        return False
    wanted = plain.score(questions)
    pairs = zip(chain(*found), chain(*wanted), strict=True)
    return all(abs(one - other) <= near * max(1.0, abs(other)) for one, other in pairs)
