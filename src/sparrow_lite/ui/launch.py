"""Starting the web app: what may be bound, who may log in, and on which port it listens."""

import contextlib
import hmac
import ipaddress
import os
import socket
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sparrow_lite.config import Settings
from sparrow_lite.conversations import Conversations
from sparrow_lite.errors import ConfigError
from sparrow_lite.resources import read_palette
from sparrow_lite.ui.actions import Actions, Choices
from sparrow_lite.ui.headers import SecurityHeaders
from sparrow_lite.ui.markup import read_asset
from sparrow_lite.ui.page import STYLES, build_blocks
from sparrow_lite.ui.rating.routes import add_rating
from sparrow_lite.ui.results.routes import add_results
from sparrow_lite.ui.sparrows import OpenSparrow, SparrowLike, Sparrows
from sparrow_lite.ui.turns import Turns

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

_SEARCHES = ("auto", "duckduckgo", "wikipedia", "starter", "none")
_TRIES = 20


def launch(settings: Settings) -> None:
    """Serve the app until Ctrl+C.

    Raises:
        ConfigError: When the address may not be bound, or no port is free.
        StoreError: When the conversations cannot be opened.
    """
    import uvicorn

    app = build_app(settings, _opening(settings))
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    if settings.port not in (0, port):
        print(f"Port {settings.port} is taken, so this is on {port}.")
    print(f"Sparrow lite is on http://{_in_url(host)}:{port}  (Ctrl+C stops it)", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])


def build_app(settings: Settings, open_sparrow: OpenSparrow) -> "FastAPI":
    """Return the app; `open_sparrow` makes an agent of a model's and a search's name.

    Raises:
        ConfigError: When the address is not loopback and nobody need log in.
        StoreError: When the conversations cannot be opened.
    """
    # Read when gradio is imported, which happens below.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import fastapi
    import gradio as gr
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    people = read_people(settings)
    check_binding(settings.host, people)
    actions = _assemble(settings, open_sparrow, named=bool(people))
    outer = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    outer.add_middleware(SecurityHeaders, head=read_asset("head.html"))
    _add_documents(outer, settings, named=bool(people))
    if is_loopback(settings.host):
        # A name that somebody points at 127.0.0.1 must not reach this app through a browser.
        hosts = ["127.0.0.1", "localhost", "[::1]", settings.host]
        outer.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    mounted: FastAPI = gr.mount_gradio_app(
        outer,
        build_blocks(actions),
        path="/",
        auth=_login(people) if people else None,
        theme=_theme(gr),
        show_error=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return mounted


def _add_documents(outer: "FastAPI", settings: Settings, *, named: bool) -> None:
    """The pages that are no part of the chat: results, and rating sessions."""
    outer.add_route("/sparrow-lite.css", _styles)
    add_results(outer, settings, named=named)
    add_rating(outer, settings)


def offered(settings: Settings) -> Choices:
    """Return the names that the pickers offer, the settings' own first."""
    models = (settings.model_name, "embedded", *settings.models)
    searches = (settings.search_name, *_SEARCHES, *settings.searches)
    return Choices(models=tuple(dict.fromkeys(models)), searches=tuple(dict.fromkeys(searches)))


def read_people(settings: Settings) -> dict[str, str]:
    """Return the passwords by name; `auth` holds `name:password` pairs with white space between.

    Raises:
        ConfigError: For a pair without a name or a password.
    """
    pairs = settings.auth.get_secret_value().split() if settings.auth is not None else []
    people = {}
    for pair in pairs:
        name, colon, password = pair.partition(":")
        if not (name and colon and password):
            raise ConfigError(
                "SPARROW_LITE_AUTH must hold name:password, or several such pairs with spaces between them."
            )
        people[name] = password
    return people


def check_binding(host: str, people: dict[str, str]) -> None:
    """Refuse to serve other machines without a login.

    Raises:
        ConfigError: When the host is not loopback and there are no people.
    """
    if not people and not is_loopback(host):
        raise ConfigError(
            f"The host {host} can be reached by other machines, so people must log in: set "
            "SPARROW_LITE_AUTH=name:password, or use the host 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket on the port, or on the next free one; port 0 takes any.

    Raises:
        ConfigError: When the host cannot be bound, or none of 20 ports is free.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in range(port, min(port + _TRIES, 65536)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if not _is_taken(error):
                raise ConfigError(
                    f"The address {host}:{candidate} cannot be bound ({error.strerror}): check "
                    "SPARROW_LITE_HOST and SPARROW_LITE_PORT."
                ) from error
        else:
            return listener
    raise ConfigError(
        f"The ports {port} to {port + _TRIES - 1} are all taken: set SPARROW_LITE_PORT to a free one."
    )


def _is_taken(error: OSError) -> bool:
    import errno

    return error.errno == errno.EADDRINUSE


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _assemble(settings: Settings, open_sparrow: OpenSparrow, *, named: bool) -> Actions:
    store = Conversations.open(settings.data_dir / "conversations.sqlite")
    sparrows = Sparrows(open_sparrow)
    return Actions(
        store=store,
        sparrows=sparrows,
        turns=Turns(store, sparrows),
        choices=offered(settings),
        named=named,
    )


def _login(people: dict[str, str]) -> Callable[[str, str], bool]:
    def check(name: str, password: str) -> bool:
        known = people.get(name, "")
        return hmac.compare_digest(known.encode(), password.encode()) and bool(known)

    return check


def _styles(_request: "Request") -> "Response":
    from starlette.responses import Response

    return Response("\n".join([read_palette(), *map(read_asset, STYLES)]), media_type="text/css")


def _theme(gr: Any) -> Any:
    """Gradio's plainest theme with the system's fonts: its default ones would be fetched."""
    return gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#161513",
        body_text_color="#23201c",
        body_text_color_dark="#ece8e0",
    )


def _opening(settings: Settings) -> OpenSparrow:
    """Open each model and each search once: weights are large, and a search keeps its own rate limit."""
    from sparrow_lite.agent import Sparrow
    from sparrow_lite.models import open_model
    from sparrow_lite.search import open_search

    options = settings.options()
    model_of = cache(partial(open_model, options=options.model, prompts_dir=options.prompts_dir))
    search_of = cache(partial(open_search, options=options.search))

    def open_sparrow(model: str, search: str) -> SparrowLike:
        return Sparrow.open(model=model_of(model), search=search_of(search), options=options)

    return open_sparrow
