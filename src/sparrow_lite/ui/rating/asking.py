"""A request to the rating pages: read within bounds, answered in a thread, its faults told in JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from sparrow_lite.errors import ConfigError, ModelError, PromptError, SparrowError, StoreError
from sparrow_lite.rating.access import AccessDenied
from sparrow_lite.rating.accounts import SignInRefused
from sparrow_lite.rating.saving import RatingConflict
from sparrow_lite.ui.rating.parts import RatingParts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

KEPT_NOWHERE = {"cache-control": "no-store"}
_Body = TypeVar("_Body")


class TooFast(SparrowError):  # noqa: N818 (it is no fault)
    """Somebody who asks too often; `wait_seconds` until they may again."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__("That was very fast: wait a moment.")
        self.wait_seconds = wait_seconds


class Missing(SparrowError):  # noqa: N818 (it is no fault)
    """Something that is not there, or not for whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request, read.

    Attributes:
        path: What the address names, such as `session`.
        query: What stands after the question mark.
        headers: Names in small letters.
        cookies: By name.
        address: Where it comes from.
        secure: Whether it came over TLS.
        body: The JSON that was sent; None for none.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    address: str
    secure: bool
    body: Any = None

    def read(self, kind: type[_Body]) -> _Body:
        """Return the body as a value of this kind.

        Raises:
            ConfigError: When it is none.
        """
        try:
            found: _Body = _adapter(kind).validate_python(self.body)  # type: ignore[arg-type] # a class is hashable
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"])) or "what was sent"
            raise ConfigError(f"{where}: {first['msg']}.") from error
        return found

    @property
    def same_origin(self) -> bool:
        """Whether a page of this app sent it, as far as the browser says."""
        origin = self.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != self.headers.get("host"):
            return False
        return self.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What comes back, with headers of its own; `body` is JSON, or text that `headers` names the kind of."""

    body: Any = None
    headers: Mapping[str, str] | None = None
    status: int = 200


Answering = Callable[[RatingParts, Asked], Any]


def tell(found: Any) -> "Response":
    """Return the response for what an answer returned."""
    from starlette.responses import Response

    told = found if isinstance(found, Told) else Told(body=found)
    headers = {**KEPT_NOWHERE, **(told.headers or {})}
    if isinstance(told.body, str | bytes):
        return Response(told.body, told.status, headers=headers)
    return Response(to_json(told.body), told.status, headers=headers, media_type="application/json")


def to_json(value: Any) -> str:
    """Return the value as JSON, values of ours among it."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def answer(answering: Answering, parts: RatingParts, asked: Asked) -> "Response":
    """Return the response, also for what may not or cannot be done; any other error is a bug."""
    try:
        return tell(answering(parts, asked))
    except SparrowError as error:
        return tell_fault(error)


def tell_fault(error: SparrowError) -> "Response":
    """Return the response for what may not or cannot be done."""
    status, wait = _status(error)
    headers = {"retry-after": str(max(1, round(wait)))} if wait else {}
    return tell(Told(body={"fault": str(error)}, headers=headers, status=status))


async def read(request: "Request", most_bytes: int) -> Asked:
    """Return the request, its body parsed.

    Raises:
        ConfigError: For a body that is too large or no JSON.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise ConfigError(f"That is too much to send at once: at most {most_bytes:,} bytes.")
    try:
        parsed = json.loads(body) if body else None
    except ValueError as error:
        raise ConfigError("What was sent is no JSON.") from error
    return Asked(
        path=dict(request.path_params),
        query=dict(request.query_params),
        headers=dict(request.headers),
        cookies=request.cookies,
        address=request.client.host if request.client else "",
        secure=request.url.scheme == "https",
        body=parsed,
    )


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _status(error: SparrowError) -> tuple[int, float]:
    """The HTTP status, and the seconds to wait before it is tried again, 0.0 for none."""
    if isinstance(error, SignInRefused | TooFast):
        wait = error.wait_seconds
        return (429, wait) if wait else (401, 0.0)
    by_kind: tuple[tuple[type[SparrowError], int], ...] = (
        (AccessDenied, 401),
        (Missing, 404),
        (RatingConflict, 409),
        (ConfigError, 400),
        (PromptError, 400),
        (ModelError, 502),
        (StoreError, 503),
    )
    return next((status for kind, status in by_kind if isinstance(error, kind)), 500), 0.0


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(f"{type(value).__name__} is no JSON.")
