"""Faults of remote models: what a vendor's error means, what it may say, and how often to try again.

One retry loop for every vendor: their own retries are switched off, so that nothing is tried the square
of the times that the options say, and `Retry-After` is honoured in one place.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from sparrow_lite.errors import ModelError
from sparrow_lite.options import ModelOptions

T = TypeVar("T")

_RETRYABLE_STATUS = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_OVERLOAD_STATUS = frozenset({429, 503, 529})
_NEVER_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 8.0
_MESSAGE_CHARS = 300
_SECRET_CHARS = 6  # shorter values are words, such as "none", that redacting would scatter stars over
_BEARER = re.compile(r"(?i)(bearer\s+|sk-)[\w\-.]{6,}")
_VENDOR_FAULTS = {
    "openai": ("OpenAIError",),
    "anthropic": ("AnthropicError",),
    "ollama": ("ResponseError", "RequestError"),
    "groq": ("GroqError",),
    "httpx": ("HTTPError", "StreamError"),
    "httpx2": ("HTTPError", "StreamError"),
}
_HINTS = {
    401: "Check the API key in the vendor's environment variable.",
    403: "The key may not use this model.",
    404: "Check the model's name and the address, which often ends with /v1.",
    413: "The prompt is too long for this model.",
    429: "Wait, or ask less often.",
}
_UNREACHED = "Check that the server runs, and its address; or raise the option timeout_seconds."
_MALFORMED = "The answer is not of the form that the vendor promises: check the address."


def vendor_faults() -> tuple[type[Exception], ...]:
    """Return every exception class that the vendors' libraries in use raise for a request that failed.

    Beside their own classes these are the HTTP client's, and the built-in ones that they let slip on
    malformed answers.
    """
    from langchain_core.exceptions import LangChainException

    own = tuple(
        getattr(sys.modules[module], name)
        for module, names in _VENDOR_FAULTS.items()
        if module in sys.modules
        for name in names
    )
    return (LangChainException, OSError, ValueError, LookupError, TypeError, AttributeError, *own)


def as_model_error(error: Exception, *, model: str, secrets: Iterable[str]) -> ModelError:
    """Return what a vendor's error means: one line, without secrets, saying whether to try again."""
    status = _status(error)
    wait = _retry_after(error)
    said = redacted(" ".join(str(error).split()), secrets)[:_MESSAGE_CHARS].rstrip(".")
    kind = f"HTTP {status}" if status else type(error).__name__
    retryable = _retryable(error, status)
    message = f"{model} failed ({kind}): {said or 'no message'}. {_hint(error, status, retryable=retryable)}"
    return ModelError(
        message.strip(),
        retryable=retryable,
        retry_after_seconds=wait,
        overloaded=retryable and (status in _OVERLOAD_STATUS or wait is not None),
    )


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return the text with every secret replaced by `***`."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return _BEARER.sub(r"\1***", text)


def secrets_of(fields: Iterable[object] = ()) -> frozenset[str]:
    """Return the keys among a LangChain model's fields, and those in the environment."""
    from pydantic import SecretStr

    held = {value.get_secret_value() for value in fields if isinstance(value, SecretStr)}
    named = {value for name, value in os.environ.items() if name.endswith(("_API_KEY", "_TOKEN", "_SECRET"))}
    return frozenset(secret for secret in held | named if len(secret) >= _SECRET_CHARS)


def retry(call: Callable[[], T], options: ModelOptions) -> T:
    """Return what the call returns, after as many further tries as the options allow.

    Only a retryable ModelError is tried again: after its `Retry-After`, or after waits that double from
    0.5 to 8 seconds, with jitter. A `Retry-After` beyond the timeout is not waited for.

    Raises:
        ModelError: The last one.
    """
    from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
    from tenacity.wait import wait_exponential, wait_random

    backoff = wait_exponential(multiplier=_FIRST_WAIT_SECONDS, max=_LONGEST_WAIT_SECONDS)
    jitter = wait_random(0.0, _FIRST_WAIT_SECONDS)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_seconds if isinstance(error, ModelError) else None
        return backoff(state) + jitter(state) if asked is None else asked

    def worthwhile(error: BaseException) -> bool:
        return (
            isinstance(error, ModelError)
            and error.retryable
            and (error.retry_after_seconds or 0.0) <= options.timeout_seconds
        )

    tries = Retrying(
        stop=stop_after_attempt(options.retries + 1),
        retry=retry_if_exception(worthwhile),
        wait=wait,
        reraise=True,
    )
    return tries(call)


def _retryable(error: Exception, status: int | None) -> bool:
    if getattr(error, "code", None) in _NEVER_CODES:
        return False
    if status is not None:
        return status in _RETRYABLE_STATUS
    if getattr(error, "is_retryable", False) or isinstance(error, ConnectionError | TimeoutError):
        return True
    names = {base.__name__ for base in type(error).__mro__}
    return bool(names & {"TransportError", "APIConnectionError"})


def _hint(error: Exception, status: int | None, *, retryable: bool) -> str:
    if status is not None:
        return _HINTS.get(status, "")
    if retryable:
        return _UNREACHED
    return _MALFORMED if isinstance(error, ValueError | LookupError | TypeError | AttributeError) else ""


def _status(error: Exception) -> int | None:
    response = getattr(error, "response", None)
    for holder in (error, response):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status > 0:
            return status
    return None


def _retry_after(error: Exception) -> float | None:
    """Return the seconds that the server asks to wait, 0.0 or more; None when it does not say."""
    headers: Any = getattr(getattr(error, "response", None), "headers", None)
    asked = headers.get("retry-after") if headers is not None else None
    if not asked:
        return None
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return None
