"""Security headers for every response, and our own lines in every page's head, as ASGI middleware.

Gradio's page has inline scripts of its own, so each page gets a nonce and nothing else inline runs; Gradio
compiles its templates, hence `'unsafe-eval'`; it sets styles inline. All else is this origin only. A page
that brings a policy of its own, as a run's report does, is sent on as it is.
"""

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

_CLOSED = ("/gradio_api/upload", "/gradio_api/proxy=", "/gradio_api/file=", "/gradio_api/deep_link")
_POLICY = b"content-security-policy"
_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


def content_policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a page whose own scripts carry the nonce."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers, puts the nonce on the page's own scripts, and closes doors that are not used.

    `head` is HTML of ours for the end of each page's head. Styles go there, since Gradio's `css` parameter
    rewrites selectors, and those within media queries wrongly.
    """

    def __init__(self, app: AsgiApp, head: str = "") -> None:
        self._app = app
        self._head = head.encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_CLOSED):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        if not scope["path"].startswith(("/assets", "/static", "/gradio_api")):
            # A page is rewritten below, so it must come as it is written.
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, _Rewriting(send, self._head).send)


class _Rewriting:
    """Sends one response on, a page only when it is whole."""

    def __init__(self, send: Send, head: bytes) -> None:
        self._send = send
        self._head = head
        self._nonce = secrets.token_urlsafe(18)
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            policy = (_POLICY, content_policy(self._nonce).encode())
            own = dict(message["headers"])
            ours = [pair for pair in (*_FIXED, policy) if pair[0] not in own]
            message = {**message, "headers": [*message["headers"], *ours]}
            if own.get(b"content-type", b"").startswith(b"text/html") and _POLICY not in own:
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        # Gradio writes `<` of its data as an escape, so every tag here is of its own template.
        tag = f'<script nonce="{self._nonce}"'.encode()
        body = self._body.replace(b"</head>", self._head + b"</head>", 1).replace(b"<script", tag)
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**start, "headers": [*headers, length]})
        await self._send({"type": "http.response.body", "body": body})
