"""The SparrowError family: every failure this package raises on purpose.

Each message says what was wrong, with which input, and what to do next. A broken rule is a verdict and an
unsupported sentence is a citation outcome; neither is an error.
"""

from typing import Any

from sparrow_lite.attempts import Attempt, FetchReason, SearchReason


class SparrowError(Exception):
    """Base of every error that this package raises on purpose. Pickles with its fields."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Else it is rebuilt from its message alone, which an `__init__` with named fields refuses.
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[SparrowError], args: tuple[Any, ...], fields: dict[str, Any]) -> SparrowError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(fields)
    return error


class ConfigError(SparrowError):
    """A setting, flag or name that cannot be used."""


class PromptError(SparrowError):
    """A prompt or rules file that is missing, malformed, or filled with the wrong fields."""


class SearchError(SparrowError):
    """A search that gave no results, with the reason and every try that was made."""

    def __init__(self, message: str, *, reason: SearchReason, attempts: tuple[Attempt, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.attempts = attempts


class FetchError(SparrowError):
    """A page that was not opened, with the reason."""

    def __init__(self, message: str, *, reason: FetchReason, url: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.url = url


class ModelError(SparrowError):
    """A dialogue model that gave no usable text; `overloaded` when it is asked for more than it can give."""

    def __init__(
        self,
        message: str,
        *,
        retryable: bool,
        retry_after_seconds: float | None = None,
        overloaded: bool = False,
    ) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.retry_after_seconds = retry_after_seconds
        self.overloaded = overloaded


class JudgeError(SparrowError):
    """A judge that could not judge; its caller records the outcome as unscored."""


class StoreError(SparrowError):
    """A database or file of ours that cannot be read or written."""
