"""Every address below `/rate/api`, who answers there, and within which bounds."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sparrow_lite.errors import SparrowError
from sparrow_lite.ui.rating import answers, exports, handing_out, leading, making, signing_in
from sparrow_lite.ui.rating.asking import Answering, answer, read, tell_fault
from sparrow_lite.ui.rating.parts import RatingParts

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Router

_SMALL_BYTES, _FILE_BYTES = 64 << 10, 64 << 20
# Threads of saves, of what agents say and what is counted: the one line never waits for the other.
_QUICK, _SLOW = 16, 6
_OF_SESSION = "/sessions/{session}"

_ASKED: dict[str, Answering] = {
    "/task": answers.task,
    "/me": signing_in.me,
    "/anybody": signing_in.anybody,
    "/accounts": signing_in.accounts,
}
_SENT: dict[str, Answering] = {
    "/open": answers.open_page,
    "/answer": answers.answer,
    "/undo": answers.undo,
    "/draft": answers.keep_draft,
    "/sign-out": signing_in.sign_out,
    f"{_OF_SESSION}/adjudicate": leading.adjudicate,
    f"{_OF_SESSION}/links": handing_out.make_links,
    f"{_OF_SESSION}/revoke": handing_out.revoke,
    f"{_OF_SESSION}/replace": handing_out.replace,
}
_ASKED_SLOWLY: dict[str, Answering] = {
    "/choices": making.choices,
    "/sessions": leading.sessions,
    _OF_SESSION: leading.session,
    f"{_OF_SESSION}/figures": leading.figures,
    f"{_OF_SESSION}/disagreements": leading.disagreements,
    f"{_OF_SESSION}/log": leading.log,
    f"{_OF_SESSION}/export": exports.export,
}
_SENT_SLOWLY: dict[str, Answering] = {
    "/say": answers.say,
    "/sign-in": signing_in.sign_in,
    "/accounts": signing_in.add_account,
    f"{_OF_SESSION}/state": leading.set_state,
    f"{_OF_SESSION}/labels": exports.write_into_runs,
}
_SENT_WITH_A_FILE: dict[str, Answering] = {
    "/sessions": making.create,
    f"{_OF_SESSION}/extend": making.extend,
}


def open_doors(parts: RatingParts) -> "Router":
    """Return the app that answers at these addresses."""
    from anyio import CapacityLimiter
    from starlette.routing import Route, Router

    quick, slow = CapacityLimiter(_QUICK), CapacityLimiter(_SLOW)
    doors = (
        (_ASKED, "GET", quick, 0),
        (_SENT, "POST", quick, _SMALL_BYTES),
        (_ASKED_SLOWLY, "GET", slow, 0),
        (_SENT_SLOWLY, "POST", slow, _SMALL_BYTES),
        (_SENT_WITH_A_FILE, "POST", slow, _FILE_BYTES),
    )
    return Router(
        routes=[
            Route(path, _endpoint(answering, parts, (line, most_bytes)), methods=[method])
            for named, method, line, most_bytes in doors
            for path, answering in named.items()
        ]
    )


def _endpoint(
    answering: Answering, parts: RatingParts, bounds: "tuple[CapacityLimiter, int]"
) -> "Callable[[Request], Awaitable[Response]]":
    from anyio.to_thread import run_sync

    line, most_bytes = bounds

    async def respond(request: "Request") -> "Response":
        try:
            asked = await read(request, most_bytes)
        except SparrowError as error:
            return tell_fault(error)
        return await run_sync(answer, answering, parts, asked, limiter=line)

    return respond
