"""JSON from a web API that the configuration names, within one deadline.

For the hosts of search backends only: pages that were found are opened by `pages/`, which trusts no address.
Proxies of the environment are followed here, as the host is never chosen by what was read.
"""

import json
import queue
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from sparrow_lite.attempts import SearchReason
from sparrow_lite.deadline import Deadline
from sparrow_lite.search.guard import EngineError

if TYPE_CHECKING:
    import httpx

_MAX_BYTES = 8_000_000
_BLOCKED = frozenset({202, 401, 403, 429})


def open_client() -> "httpx.Client":
    """Return a client that says who we are, as the API rules of Wikimedia ask; the caller closes it."""
    import httpx

    agent = f"sparrow-lite/{version('sparrow-lite')} (evidence-grounded dialogue agent) httpx"
    return httpx.Client(
        headers={"User-Agent": agent, "Accept": "application/json"},
        follow_redirects=True,
        max_redirects=3,
    )


def get_json(
    client: "httpx.Client", url: str, params: Mapping[str, str], *, deadline: Deadline
) -> dict[str, Any]:
    """Return the JSON object that the API answers with.

    Raises:
        EngineError: BLOCKED for a status that refuses us, TIMEOUT when the deadline passes, else UNREACHABLE.
    """
    import httpx

    _look_up(url, deadline)
    try:
        with client.stream(
            "GET", url, params=params, extensions={"timeout": _TimeLeft(deadline)}
        ) as response:
            body = _read(response, deadline)
    except httpx.TimeoutException as error:
        raise _too_late() from error
    except httpx.HTTPError as error:
        raise EngineError(
            f"no connection ({type(error).__name__}: {error})", reason=SearchReason.UNREACHABLE
        ) from error
    return _parse(body)


def explain_status(status: int) -> tuple[SearchReason, str]:
    """Return what an HTTP status other than 200 means for a search, and one line for people."""
    if status in _BLOCKED:
        return SearchReason.BLOCKED, f"HTTP {status}, it refuses us"
    return SearchReason.UNREACHABLE, f"HTTP {status}"


class _TimeLeft(dict[str, float]):
    """The `timeout` extension of httpcore, which asks for it at each step: always the time still left."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def get(self, _step: str, _default: object = None) -> float:
        # Zero would mean a socket that never waits, which fails as something else than a timeout.
        return max(0.001, self._deadline.remaining())


def _look_up(url: str, deadline: Deadline) -> None:
    """Fail in time when the host has no address: the system's own look-up knows no deadline."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if {parts.scheme, "all"} & getproxies().keys() and not proxy_bypass(host):
        return
    answers: queue.SimpleQueue[Exception | None] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            socket.getaddrinfo(host, parts.port or parts.scheme, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error)
        else:
            answers.put(None)

    # A daemon, so that a resolver which hangs does not hold up the end of the program.
    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        error = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise _too_late() from None
    if error is not None:
        raise EngineError(f"the name {host} does not resolve", reason=SearchReason.UNREACHABLE) from error


def _read(response: "httpx.Response", deadline: Deadline) -> bytes:
    if response.status_code != 200:
        reason, detail = explain_status(response.status_code)
        raise EngineError(
            detail,
            reason=reason,
            retry_after_seconds=_retry_after(response.headers.get("Retry-After")),
        )
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if deadline.passed():
            raise _too_late()
        if len(body) > _MAX_BYTES:
            raise EngineError(
                f"its answer is longer than {_MAX_BYTES} bytes", reason=SearchReason.UNREACHABLE
            )
    return bytes(body)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError as error:
        raise EngineError("its answer is not JSON", reason=SearchReason.UNREACHABLE) from error
    if not isinstance(parsed, dict):
        raise EngineError("its answer is not a JSON object", reason=SearchReason.UNREACHABLE)
    return parsed


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header names, as a number or as a date; None without one."""
    if value is None:
        return None
    with suppress(ValueError):
        return max(0.0, float(value))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return None


def _too_late() -> EngineError:
    return EngineError("no answer in time", reason=SearchReason.TIMEOUT)
