"""The documents of the rating pages, and the style sheets and scripts that they load.

All of it is static. The policy lets nothing run or load but files of this app, no markup be made of a text,
and no other page frame these.
"""

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from sparrow_lite.ui.markup import templates

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

# In this order: an address that is none of the others is a rater's personal link.
PAGES = (
    ("/rate", "home"),
    ("/rate/as/{rater}", "rater"),
    ("/rate/organise", "sessions"),
    ("/rate/organise/new", "new"),
    ("/rate/organise/{session}", "session"),
    ("/rate/organise/{session}/decide", "decide"),
    ("/rate/{token}", "rater"),
)
_TITLES = {
    "home": "Rating",
    "rater": "Rating",
    "sessions": "Rating sessions",
    "new": "New rating session",
    "session": "Rating session",
    "decide": "Decide",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_KINDS = {".js": "text/javascript", ".css": "text/css"}


async def send_page(name: str, _request: "Request") -> "Response":
    """Return the document of this name."""
    from starlette.responses import HTMLResponse

    headers = {"content-security-policy": POLICY, "cache-control": "no-store"}
    return HTMLResponse(document(name), headers=headers)


async def send_piece(request: "Request") -> "Response":
    """Return a style sheet or script; a browser that has it as it is now is told so."""
    from starlette.responses import Response

    name = request.path_params["name"]
    found = pieces().get(name)
    if found is None:
        return Response(status_code=404)
    text, tag = found
    headers = {"cache-control": "no-cache", "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=_KINDS[name[name.rindex(".") :]], headers=headers)


@cache
def document(name: str) -> str:
    """Return the HTML of the document of this name."""
    return templates().get_template("rating/page.html").render(name=name, title=_TITLES[name])


@cache
def pieces() -> dict[str, tuple[str, str]]:
    """Return each style sheet and script by name: its text and a tag that changes with it."""
    found = {}
    for one in files("sparrow_lite.ui").joinpath("assets", "rating").iterdir():
        if one.name.endswith(tuple(_KINDS)):
            text = one.read_text(encoding="utf-8")
            found[one.name] = (text, f'"{hashlib.sha256(text.encode()).hexdigest()[:16]}"')
    return found
