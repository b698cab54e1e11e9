"""Dialogue models of transformers, run here: writing, and scoring the options of a question.

Owns what happens once a model is loaded; `loading.py` loads it. Every model has one worker thread, in which
all of its computing happens in turn: that makes it safe to call from several threads, guards what is kept of
earlier prompts, and lets a text that nobody reads any more be stopped. No timeout applies: a local model does
not hang, and on a slow machine it may well need minutes.
"""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import ModelRequest, Tokens, Written
from sparrow_lite.models.local.generating import GoesOn, generate
from sparrow_lite.models.local.packed import PackedReader
from sparrow_lite.models.local.prefix import KEPT_BYTES, PrefixCache
from sparrow_lite.models.local.prompt import PromptWriter
from sparrow_lite.models.local.questions import Question, Reader
from sparrow_lite.models.local.sampling import is_usual
from sparrow_lite.models.local.streams import Stream
from sparrow_lite.models.local.ways import choose_reader
from sparrow_lite.models.local.writing import Text, write_texts
from sparrow_lite.models.scoring import log_sum, softmax
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
        kept_bytes: Bound on what is kept of prompts that were read; 0 keeps nothing from call to call.
    """

    def __init__(
        self, *, name: str, model: Any, tokenizer: Any, revision: str | None, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self._name = name
        self._model = model
        self._tokenizer = tokenizer
        self._revision = revision
        self._prompts = PromptWriter(name=name, tokenizer=tokenizer, config=model.config)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sparrow-model")
        self._cache = PrefixCache(kept_bytes)
        self._chosen: Reader | None = None

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
        """One: it has one worker. Several texts at once are `write_many`'s."""
        return 1

    def write(self, request: ModelRequest) -> Generator[str, None, Tokens]:
        """Yield the text as it is generated; never a turn of the user's. Returns the tokens.

        Raises:
            ModelError: When the prompt does not fit, generating fails, or nothing is written.
        """
        ids = self._prompts.fitting_ids(request)
        stream = Stream()
        done = self._worker.submit(self._write, [(ids, request, stream)])
        done.add_done_callback(lambda _: stream.end())
        try:
            answer = without_thoughts(self._texts(stream, done), inside=self._prompts.opens_thoughts(ids))
            yield from until_turn(answer, request.task)
        finally:
            done.cancel()
            stream.abandoned.set()
        return Tokens(input=len(ids), output=stream.count)

    def write_many(self, requests: Sequence[ModelRequest]) -> tuple[Written | ModelError, ...]:
        """Return for each request, in order, what `write` would write, or why there is nothing.

        What the requests have in common is read once, and their texts are written side by side.
        """
        outcomes: dict[int, Written | ModelError] = {}
        orders: dict[int, tuple[list[int], ModelRequest, Stream]] = {}
        for number, request in enumerate(requests):
            try:
                orders[number] = (self._prompts.fitting_ids(request), request, Stream())
            except ModelError as error:
                outcomes[number] = error
        try:
            self._worker.submit(self._write, list(orders.values())).result()
        except _FAULTS as error:
            return tuple(outcomes.get(number, self._failed(error)) for number in range(len(requests)))
        finally:
            for _, _, stream in orders.values():
                stream.abandoned.set()
        outcomes |= {number: self._outcome(*order) for number, order in orders.items()}
        return tuple(outcomes[number] for number in range(len(requests)))

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        """Return a probability for each option; see `score_many`.

        Raises:
            ModelError: When the prompt does not fit or the model fails.
        """
        return self.score_many([request], options)[0]

    def score_many(
        self, requests: Sequence[ModelRequest], options: Sequence[str]
    ) -> tuple[tuple[float, ...] | None, ...]:
        """Return for each request a probability for each option, from the log-probabilities of its tokens.

        An option counts in each of its spellings (see `PromptWriter.option_ids`), because which of them a
        model prefers depends on its tokenizer and its chat template. What the requests have in common is read
        once.

        Raises:
            ModelError: When a prompt does not fit or the model fails.
        """
        if not requests:
            return ()
        spelt = [self._prompts.option_ids(request, options) for request in requests]
        questions = [Question.of([ids for spellings in every for ids in spellings]) for every in spelt]
        try:
            scores = self._worker.submit(lambda: self._reader().score(questions)).result()
        except _FAULTS as error:
            raise self._failed(error) from error
        return tuple(
            _shares(score, [len(spellings) for spellings in every])
            for score, every in zip(scores, spelt, strict=True)
        )

    def _reader(self) -> Reader:
        """Return the way of reading that suits the model; found out once, in the worker."""
        if self._chosen is None:
            self._chosen = choose_reader(self._model, self._cache)
        return self._chosen

    def _write(self, orders: Sequence[tuple[list[int], ModelRequest, Stream]]) -> None:
        """Write the texts side by side where that can be done, else one after another."""
        reader = self._reader()
        if isinstance(reader, PackedReader) and is_usual(self._model.generation_config):
            texts = [self._text(*order) for order in orders if not order[2].abandoned.is_set()]
            if texts:
                write_texts(reader, texts)
            return
        for ids, request, stream in orders:
            if not stream.abandoned.is_set():
                room = self._prompts.context - len(ids)
                ending = (room, self._pad_token(), self._going(request, stream))
                generate(self._model, ids, request.sampling, stream, ending)

    def _text(self, ids: list[int], request: ModelRequest, stream: Stream) -> Text:
        goes_on = self._going(request, stream)
        written: list[int] = []

        def take(token: int) -> bool:
            written.append(token)
            stream.put_token(token)
            return goes_on(written)

        most = min(request.sampling.max_tokens, self._prompts.context - len(ids))
        return Text(prompt=tuple(ids), sampling=request.sampling, most=most, take=take)

    def _going(self, request: ModelRequest, stream: Stream) -> GoesOn:
        """Return what tells, by the tokens so far, whether a text is still read and begins no turn."""
        end = TurnEnd(request.task)

        def goes_on(written: Sequence[int]) -> bool:
            tail = self._decode(list(written[-_TAIL_TOKENS:]))
            return not stream.abandoned.is_set() and end.found(tail) is None

        return goes_on

    def _texts(self, stream: Stream, done: "Future[None]") -> Iterator[str]:
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

    def _outcome(self, ids: list[int], request: ModelRequest, stream: Stream) -> Written | ModelError:
        """Return the text of a stream that has ended, as `write` gives it out."""
        stream.end()
        text = self._decode(list(stream))
        answer = without_thoughts([text], inside=self._prompts.opens_thoughts(ids))
        try:
            whole = "".join(until_turn(answer, request.task))
        except ModelError as error:
            return error
        return Written(text=whole, tokens=Tokens(input=len(ids), output=stream.count))

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


def _shares(scores: Sequence[float], spellings: Sequence[int]) -> tuple[float, ...]:
    """Return the options' probabilities; the scores are those of all spellings, option after option."""
    totals, start = [], 0
    for count in spellings:
        totals.append(log_sum(scores[start : start + count]))
        start += count
    return softmax(totals)


def _is_memory(error: Exception) -> bool:
    return "out of memory" in str(error).lower() or isinstance(error, MemoryError)
