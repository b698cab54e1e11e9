"""Dialogue models behind an API: LangChain chat models and OpenAI-compatible servers.

Owns the call: parameters, streaming, what counts as a whole answer. Faults and retries are `faults.py`'s.
API keys are read by the vendors' libraries from their own environment variables and appear nowhere here.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import ModelRequest, Sampling, Tokens
from sparrow_lite.models.layout import chat_messages
from sparrow_lite.models.remote.faults import as_model_error, retry, secrets_of, vendor_faults
from sparrow_lite.models.scoring import from_next_tokens
from sparrow_lite.models.thoughts import without_thoughts
from sparrow_lite.models.turn_end import until_turn
from sparrow_lite.options import ModelOptions

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason", "status")
_FINISHING = frozenset({"openai", "anthropic", "ollama"})
"""Providers whose last piece always says why it is the last."""
_TOP_TOKENS = 20
_SCORED_TOKENS = 4  # a model may begin with a line end or a quotation mark


_REFUSED = re.compile(
    r"[`'\"](?P<name>temperature|seed|max_tokens|logprobs|top_logprobs)[`'\"]|\b(?P<usage>stream_options)\b"
)
_DISLIKE = re.compile(
    r"(?i)unsupported|not support|deprecated|unexpected|unknown|unrecognized|not allow|not permitted|forbid"
)


class LangChainModel:
    """A dialogue model that is a LangChain chat model.

    Args:
        name: The name by which it was asked for.
        provider: LangChain's name of the vendor.
        chat: The chat model, with the vendor's own retries switched off.
        options: Timeout and retries.
    """

    def __init__(self, *, name: str, provider: str, chat: "BaseChatModel", options: ModelOptions) -> None:
        self._name = name
        self._provider = provider
        self._chat = chat
        self._options = options
        self._faults = vendor_faults()
        self._refused: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The name by which it was asked for."""
        return self._name

    @property
    def revision(self) -> str | None:
        """None: vendors do not pin their weights."""
        return None

    @property
    def default_candidates(self) -> int:
        """Eight, as in Sparrow."""
        return 8

    @property
    def concurrency(self) -> int:
        """Eight: servers work on requests side by side."""
        return 8

    def write(self, request: ModelRequest) -> Generator[str, None, Tokens | None]:
        """Yield the text as it streams in; never a turn of the user's.

        Tries again, within the options, only while nothing has arrived: text that was given out cannot be
        taken back. Returns the tokens; None when the server does not tell them, or the text was cut short
        because somebody's turn began.

        Raises:
            ModelError: When the model cannot be reached, refuses, is cut off or writes nothing.
        """
        messages = chat_messages(request)
        begun = retry(lambda: self._begun(messages, request.sampling), self._options)
        yield from until_turn(without_thoughts(_joined(begun.first, begun.rest)), request.task)
        return begun.told.tokens

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        """Return a probability for each option from the server's token scores; None without them.

        Raises:
            ModelError: When the model cannot be reached or refuses for another reason.
        """
        return self.score_and_count(request, options)[0]

    def score_and_count(
        self, request: ModelRequest, options: Sequence[str]
    ) -> tuple[tuple[float, ...] | None, Tokens | None]:
        """Return the scores of `score_options` and the tokens; both None when no server is asked.

        Raises:
            ModelError: When the model cannot be reached or refuses for another reason.
        """
        if self._provider != "openai" or self._refused & {"logprobs", "top_logprobs"}:
            return None, None
        messages = chat_messages(request)
        try:
            message = retry(lambda: self._scored(messages), self._options)
        except _RefusedError:
            return self.score_and_count(request, options)
        return _read_scores(message, options), _tokens(message)

    def _begun(self, messages: list[dict[str, str]], sampling: Sampling) -> "_Begun":
        """Return the answer once its first text is there."""
        told = _Told(sums=self._provider != "openai")
        try:
            pieces = self._texts(messages, self._streaming(sampling), told)
            return _Begun(first=next(pieces), rest=pieces, told=told)
        except StopIteration:
            raise ModelError(
                f"{self._name} answered without any text: check that it is a chat model.",
                retryable=False,
            ) from None
        except _RefusedError:
            return self._begun(messages, sampling)

    def _texts(
        self, messages: list[dict[str, str]], parameters: dict[str, Any], told: "_Told"
    ) -> Iterator[str]:
        """Yield every piece of text that is not empty, and raise when the stream was cut."""
        finished = self._provider not in _FINISHING
        try:
            for chunk in self._chat.stream(messages, **parameters):
                metadata = chunk.response_metadata
                finished = finished or any(metadata.get(key) for key in _FINISH_KEYS)
                told.hear(_tokens(chunk))
                if chunk.text:
                    yield str(chunk.text)
        except self._faults as error:
            raise self._meaning(error, parameters) from self._cause(error)
        if not finished:
            raise ModelError(
                f"{self._name} was cut off before its answer was whole: ask again.", retryable=True
            )

    def _scored(self, messages: list[dict[str, str]]) -> "AIMessage":
        parameters = self._parameters(Sampling(temperature=0.0, max_tokens=_SCORED_TOKENS))
        parameters |= {"logprobs": True, "top_logprobs": _TOP_TOKENS}
        try:
            return self._chat.invoke(messages, **parameters)
        except self._faults as error:
            raise self._meaning(error, parameters) from self._cause(error)

    def _streaming(self, sampling: Sampling) -> dict[str, Any]:
        """Return the parameters of a stream; LangChain asks servers of one's own for no usage unasked."""
        parameters = self._parameters(sampling)
        if self._provider == "openai" and not getattr(self._chat, "use_responses_api", None):
            parameters["stream_usage"] = "stream_options" not in self._refused
        return parameters

    def _parameters(self, sampling: Sampling) -> dict[str, Any]:
        values: dict[str, Any] = {"temperature": sampling.temperature}
        if self._provider == "ollama":
            values |= {"num_predict": sampling.max_tokens, "seed": sampling.seed}
            return {"options": values}
        if self._provider == "openai" and self._options.base_url and "max_tokens" not in self._refused:
            # LangChain would rename it to max_completion_tokens, which some servers silently ignore.
            values["extra_body"] = {"max_tokens": sampling.max_tokens}
        else:
            values["max_completion_tokens" if self._provider == "openai" else "max_tokens"] = (
                sampling.max_tokens
            )
        if self._provider == "openai" and not getattr(self._chat, "use_responses_api", None):
            values["seed"] = sampling.seed
        return {key: value for key, value in values.items() if key not in self._refused}

    def _meaning(self, error: Exception, sent: dict[str, Any]) -> ModelError:
        """Return the ModelError; a `_RefusedError` when the server only dislikes one parameter sent."""
        refused = _refused_parameter(error)
        usage = ("stream_options",) if sent.get("stream_usage") else ()
        if refused is not None and refused in {*sent, *sent.get("extra_body", ()), *usage}:
            self._refused |= {refused}
            return _RefusedError(f"{self._name} refuses {refused}.", retryable=False)
        return as_model_error(error, model=self._name, secrets=self._secrets())

    def _cause(self, error: Exception) -> Exception | None:
        """Return the error to chain; None when it holds a secret, which a traceback would print."""
        return None if any(secret in str(error) for secret in self._secrets()) else error

    def _secrets(self) -> frozenset[str]:
        return secrets_of(vars(self._chat).values())


class _RefusedError(ModelError):
    """A server refused one optional parameter, which is left out from now on."""


@dataclass(slots=True, kw_only=True)
class _Told:
    """What a stream has told of its tokens so far.

    LangChain's pieces add up to the whole; servers like OpenAI's tell the whole, last of all, and some tell
    it so far with every piece.
    """

    sums: bool
    tokens: Tokens | None = None

    def hear(self, tokens: Tokens | None) -> None:
        """Take what one piece tells."""
        if tokens is not None and self.sums and self.tokens is not None:
            self.tokens = Tokens(
                input=self.tokens.input + tokens.input, output=self.tokens.output + tokens.output
            )
        elif tokens is not None:
            self.tokens = tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun:
    """An answer that has begun: its first text, the texts to come, and what is told of its tokens."""

    first: str
    rest: Iterator[str]
    told: _Told


def _joined(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _tokens(message: "AIMessage") -> Tokens | None:
    used = message.usage_metadata
    return Tokens(input=used["input_tokens"], output=used["output_tokens"]) if used else None


def _read_scores(message: "AIMessage", options: Sequence[str]) -> tuple[float, ...] | None:
    """Read the scores of the first token that is more than space; None when the server gave none."""
    positions: Any = (message.response_metadata.get("logprobs") or {}).get("content") or []
    for position in positions:
        shown = {
            str(entry.get("token")): entry["logprob"]
            for entry in position.get("top_logprobs") or ()
            if isinstance(entry.get("logprob"), int | float)
        }
        if shown and str(position.get("token", "")).strip():
            return from_next_tokens(shown, options)
    return None


def _refused_parameter(error: Exception) -> str | None:
    """Return the optional parameter that a server or its library does not take; None for other errors."""
    bad_request = getattr(error, "status_code", None) in {400, 422} or isinstance(error, TypeError)
    match = _REFUSED.search(str(error)) if bad_request else None
    return (match["name"] or match["usage"]) if match and _DISLIKE.search(str(error)) else None
