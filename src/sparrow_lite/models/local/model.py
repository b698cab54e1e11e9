"""Dialogue models of transformers, run here: generating, and scoring the options of a question.

Owns what happens once a model is loaded; `loading.py` loads it. Every model has one worker
thread, in which all of its computing happens in turn: that makes it safe to call from several threads, and
lets a text that nobody reads any more be stopped. No timeout applies: a local model does not hang, and on
a slow machine it may well need minutes.
"""

import queue
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import ModelRequest, Sampling, Task, Tokens
from sparrow_lite.models.local.prompt import PromptWriter
from sparrow_lite.models.scoring import softmax
from sparrow_lite.models.thoughts import without_thoughts
from sparrow_lite.models.turn_end import TurnEnd, until_turn

_TAIL_TOKENS = 16  # enough to hold a line end and the longest name of a speaker
_FAULTS = (RuntimeError, ValueError, LookupError, TypeError)
_UNFINISHED = "\ufffd"  # what a tokenizer shows for half of a character


class TransformersModel:
    """A causal language model and its tokenizer.

    Args:
        name: The name by which it was asked for.
        model: The transformers model.
        tokenizer: Its tokenizer.
        revision: The commit of its weights; None when it is not known.
    """

    def __init__(self, *, name: str, model: Any, tokenizer: Any, revision: str | None) -> None:
        self._name = name
        self._model = model
        self._tokenizer = tokenizer
        self._revision = revision
        self._prompts = PromptWriter(name=name, tokenizer=tokenizer, config=model.config)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sparrow-model")

    @property
    def name(self) -> str:
        """The name by which it was asked for."""
        return self._name

    @property
    def revision(self) -> str | None:
        """The commit of its weights; None when it is not known, as for a folder of your own."""
        return self._revision

    @property
    def default_candidates(self) -> int:
        """Eight, as in Sparrow."""
        return 8

    @property
    def concurrency(self) -> int:
        """One: it has one worker."""
        return 1

    def write(self, request: ModelRequest) -> Generator[str, None, Tokens]:
        """Yield the text as it is generated; never a turn of the user's. Returns the tokens.

        Raises:
            ModelError: When the prompt does not fit, generating fails, or nothing is written.
        """
        ids = self._prompts.fitting_ids(request)
        stream = _Stream()
        done = self._worker.submit(self._generate, ids, request, stream)
        done.add_done_callback(lambda _: stream.end())
        try:
            answer = without_thoughts(self._texts(stream, done), inside=self._prompts.opens_thoughts(ids))
            yield from until_turn(answer, request.task)
        finally:
            done.cancel()
            stream.abandoned.set()
        return Tokens(input=len(ids), output=stream.count)

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        """Return a probability for each option, from the log-probabilities of its tokens.

        An option counts with and without a space before it, because which of the two a model prefers
        depends on its tokenizer and its chat template.

        Raises:
            ModelError: When the prompt does not fit or the model fails.
        """
        spellings = self._prompts.option_ids(request, options)
        try:
            scores = self._worker.submit(self._score, spellings).result()
        except _FAULTS as error:
            raise self._failed(error) from error
        return softmax(scores)

    def _texts(self, stream: "_Stream", done: "Future[None]") -> Iterator[str]:
        """Yield the text in pieces that add up to the decoding of all tokens at once."""
        ids: list[int] = []
        given = ""
        for token in stream:
            ids.append(token)
            text = self._decode(ids)
            if not text.endswith(_UNFINISHED) and text.startswith(given):
                yield text[len(given) :]
                given = text
        try:
            done.result()
        except _FAULTS as error:
            raise self._failed(error) from error
        yield self._decode(ids)[len(given) :]

    def _generate(self, ids: list[int], request: ModelRequest, stream: "_Stream") -> None:
        import torch

        if stream.abandoned.is_set():
            return
        prompt = torch.tensor([ids], device=self._model.device)
        room = self._prompts.context - len(ids)
        devices = [self._model.device] if self._model.device.type == "cuda" else []
        with torch.inference_mode(), torch.random.fork_rng(devices=devices):
            torch.manual_seed(request.sampling.seed)
            self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                streamer=stream,
                stopping_criteria=[self._stops(len(ids), request.task, stream)],
                max_new_tokens=min(request.sampling.max_tokens, room),
                pad_token_id=self._pad_token(),
                **_sampling_arguments(request.sampling),
            )

    def _stops(self, prompt_length: int, task: Task, stream: "_Stream") -> Any:
        """Return the stopping rule: somebody's turn has begun, or nobody reads any more."""
        import torch

        end = TurnEnd(task)

        def stop(ids: Any, _scores: Any, **_: Any) -> Any:
            tail = self._decode(ids[0, prompt_length:][-_TAIL_TOKENS:].tolist())
            halted = stream.abandoned.is_set() or end.found(tail) is not None
            return torch.full((ids.shape[0],), halted, device=ids.device, dtype=torch.bool)

        return stop

    def _score(self, spellings: Sequence[Sequence[list[int]]]) -> list[float]:
        """Return for each option the log-probability of its spellings after what all have in common."""
        import torch

        every = [ids for option in spellings for ids in option]
        shared = _common_length(every)
        with torch.inference_mode():
            first = self._logprobs(every[0][:shared], keep=1)[-1]
            totals = []
            for option in spellings:
                scores = [self._sequence_score(ids, shared, first) for ids in option]
                totals.append(float(torch.logsumexp(torch.stack(scores), dim=0)))
        return totals

    def _sequence_score(self, ids: list[int], shared: int, first: Any) -> Any:
        score = first[ids[shared]]
        if len(ids) > shared + 1:
            rest = ids[shared + 1 :]
            rows = self._logprobs(ids[:-1], keep=len(rest))
            score = score + sum(row[token] for row, token in zip(rows, rest, strict=True))
        return score

    def _logprobs(self, ids: list[int], *, keep: int) -> Any:
        """Return the log-probabilities of the token after each of the last `keep` tokens."""
        import torch

        batch = torch.tensor([ids], device=self._model.device)
        logits = self._model(batch, use_cache=False, logits_to_keep=keep).logits[0]
        return torch.log_softmax(logits.float(), dim=-1)

    def _decode(self, ids: list[int]) -> str:
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text

    def _pad_token(self) -> int | None:
        pad, end = self._tokenizer.pad_token_id, self._tokenizer.eos_token_id
        token: int | None = end if pad is None else pad
        return token

    def _failed(self, error: Exception) -> ModelError:
        advice = "try a smaller model, or the option quantization" if _is_memory(error) else "try another"
        line = " ".join(str(error).split())[:300]
        return ModelError(
            f"{self._name} failed ({type(error).__name__}): {line} — {advice}.", retryable=False
        )


@dataclass(slots=True)
class _Stream:
    """What transformers calls a streamer: takes tokens in one thread, and is read in another."""

    abandoned: threading.Event = field(default_factory=threading.Event)
    count: int = 0
    _tokens: "queue.SimpleQueue[int | None]" = field(default_factory=queue.SimpleQueue)
    _prompt_seen: bool = False

    def put(self, tokens: Any) -> None:
        """Take the prompt, which comes first and is ignored, then each token."""
        if self._prompt_seen:
            for token in tokens.reshape(-1).tolist():
                self.count += 1
                self._tokens.put(token)
        self._prompt_seen = True

    def end(self) -> None:
        """End the reading."""
        self._tokens.put(None)

    def __iter__(self) -> Iterator[int]:
        return iter(self._tokens.get, None)


def _sampling_arguments(sampling: Sampling) -> dict[str, Any]:
    """Return what `generate` takes; a model's own top-p and top-k stay in force when it samples."""
    if sampling.temperature <= 0.0:
        return {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    return {"do_sample": True, "temperature": sampling.temperature}


def _common_length(sequences: Sequence[list[int]]) -> int:
    shortest = min(len(ids) for ids in sequences)
    for index in range(shortest):
        if len({ids[index] for ids in sequences}) > 1:
            return index
    return shortest - 1  # one is the beginning of the others: leave each a token to be scored by


def _is_memory(error: Exception) -> bool:
    return "out of memory" in str(error).lower()
