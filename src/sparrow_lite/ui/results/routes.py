"""The addresses of the Results pages. Each is for those who may chat here, and changes nothing."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from sparrow_lite.config import Settings
from sparrow_lite.ui.markup import read_asset

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from sparrow_lite.ui.results.pages import Document, Pages

# A report runs scripts of its own on hostile texts, so it is kept apart from the app even when it is opened
# by itself: another origin, that can neither read the app nor send anything as the person who looks at it.
REPORT_POLICY = (
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_PIECE_BYTES = 1 << 20
_KEPT_NOWHERE = {"cache-control": "no-store"}

Answering = Callable[["Pages", "Request"], "Response"]


def add_results(app: "FastAPI", settings: Settings, *, named: bool) -> None:
    """Add the pages to the app; with `named`, only for people who are logged in."""

    @cache
    def pages() -> "Pages":
        from sparrow_lite.ui.results.pages import Pages
        from sparrow_lite.ui.results.reports import Reports

        return Pages(settings.runs_dir, Reports(settings.cache_dir / "reports"), told_where=not named)

    def guarded(answer: Answering) -> Callable[["Request"], "Response"]:
        def respond(request: "Request") -> "Response":
            from starlette.responses import RedirectResponse

            if named and not _is_known(app, request):
                return RedirectResponse("/", status_code=303, headers=_KEPT_NOWHERE)
            return answer(pages(), request)

        return respond

    app.add_route("/results", guarded(_list))
    app.add_route("/results/run", guarded(_run))
    app.add_route("/results/report", guarded(_report))
    app.add_route("/results/compare", guarded(_compare))
    for name, kind in (("results.css", "text/css"), ("results.js", "text/javascript")):
        app.add_route(f"/sparrow-lite-{name}", _asset(name, kind))


def _is_known(app: "FastAPI", request: "Request") -> bool:
    """Whether the request bears the cookie that Gradio gave to somebody who logged in."""
    for route in app.routes:
        inner = getattr(route, "app", None)
        cookie, tokens = getattr(inner, "cookie_id", None), getattr(inner, "tokens", None)
        if cookie is not None and tokens is not None:
            names = (f"access-token-{cookie}", f"access-token-unsecure-{cookie}")
            return any(request.cookies.get(name) in tokens for name in names)
    return False


def _list(pages: "Pages", _request: "Request") -> "Response":
    return _html(pages.list())


def _run(pages: "Pages", request: "Request") -> "Response":
    asked = request.query_params
    return _html(pages.run(asked.get("name", ""), asked.get("judge", "")))


def _compare(pages: "Pages", request: "Request") -> "Response":
    from sparrow_lite.ui.results.pages import Asked

    asked = request.query_params
    against, pair = asked.get("against", ""), asked.get("pair", "")
    return _html(pages.comparison(Asked(runs=asked.getlist("run"), against=against, pair=pair)))


def _report(pages: "Pages", request: "Request") -> "Response":
    from starlette.responses import StreamingResponse

    from sparrow_lite.ui.results.pages import Document

    asked = request.query_params
    found = pages.report(asked.get("name", ""), asked.get("judge", ""))
    if isinstance(found, Document):
        return _html(found)
    # An opener policy and a sandbox exclude each other: a page with both is not opened at all.
    headers = {
        **_KEPT_NOWHERE,
        "content-security-policy": REPORT_POLICY,
        "cross-origin-opener-policy": "unsafe-none",
    }
    return StreamingResponse(_pieces(found), media_type="text/html", headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _html(document: "Document") -> "Response":
    from starlette.responses import HTMLResponse

    return HTMLResponse(document.html, document.status, headers=_KEPT_NOWHERE)


def _asset(name: str, kind: str) -> Callable[["Request"], "Response"]:
    def send(_request: "Request") -> "Response":
        from starlette.responses import Response

        return Response(read_asset(name), media_type=kind)

    return send
