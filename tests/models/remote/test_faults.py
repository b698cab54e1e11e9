from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.models.remote.faults import as_model_error, redacted, retry
from sparrow_lite.options import ModelOptions


def _fault(status: int, **headers: str) -> Exception:
    fault = ValueError("no")
    fault.response = SimpleNamespace(status_code=status, headers=headers)  # type: ignore[attr-defined]
    return fault


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("2.5", 2.5),
        ("0", 0.0),
        ("-1", 0.0),
        ("soon", None),
        ("", None),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds(asked: str, seconds: float | None) -> None:
    error = as_model_error(_fault(429, **{"retry-after": asked}), model="m", secrets=())
    assert error.retry_after_seconds == seconds
    assert error.retryable


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    error = as_model_error(_fault(503, **{"retry-after": date}), model="m", secrets=())
    assert error.retry_after_seconds == pytest.approx(30, abs=2)


@pytest.mark.parametrize(
    ("error", "retryable"),
    [
        (ConnectionResetError("reset"), True),
        (TimeoutError("late"), True),
        (ValueError("malformed"), False),
        (_fault(529), True),
        (_fault(422), False),
    ],
    ids=str,
)
def test_only_what_may_pass_is_retryable(error: Exception, retryable: bool) -> None:
    assert as_model_error(error, model="m", secrets=()).retryable is retryable


@pytest.mark.parametrize(
    ("error", "overloaded"),
    [
        (_fault(429), True),
        (_fault(503), True),
        (_fault(529), True),
        (_fault(500, **{"retry-after": "1"}), True),
        (_fault(500), False),
        (_fault(401, **{"retry-after": "1"}), False),
        (TimeoutError("late"), False),
    ],
    ids=str,
)
def test_a_server_that_is_asked_too_much_is_told_from_a_broken_one(
    error: Exception, overloaded: bool
) -> None:
    assert as_model_error(error, model="m", secrets=()).overloaded is overloaded


def test_secrets_are_replaced_and_the_longest_first() -> None:
    text = redacted("keys abcdefgh and abcdefghijk, Bearer 0123456789abc", ["abcdefgh", "abcdefghijk"])
    assert text == "keys *** and ***, Bearer ***"


def test_a_call_that_succeeds_is_made_once() -> None:
    calls: list[int] = []
    assert retry(lambda: calls.append(1), ModelOptions()) is None
    assert calls == [1]


def test_other_errors_are_bugs_and_pass_through() -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        retry(fail, ModelOptions())
    assert calls == [1]


def test_no_retries_means_one_call() -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise ModelError("busy", retryable=True)

    with pytest.raises(ModelError, match="busy"):
        retry(fail, ModelOptions(retries=0))
    assert calls == [1]
