"""The addresses of the rating pages: documents, their pieces, and the JSON that they ask for.

Documents are the same for everybody and hold nothing of a session, so that an address that somebody guesses
tells nothing. What is behind them is imported and opened when the first page asks for something.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from sparrow_lite.config import Settings
from sparrow_lite.errors import SparrowError
from sparrow_lite.ui.rating.documents import PAGES, send_page, send_piece

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from sparrow_lite.ui.rating.parts import OpenTalkers

_AsgiApp = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


def add_rating(app: "Starlette", settings: Settings, open_talkers: "OpenTalkers | None" = None) -> None:
    """Add the rating pages to the app.

    Args:
        app: The app that serves them.
        settings: What is set.
        open_talkers: The agents of a session by their arms' names; None for the arms that it names.
    """
    app.mount("/rate/api", _Opening(settings, open_talkers))
    app.add_route("/rate/assets/{name}", send_piece)
    for path, name in PAGES:
        app.add_route(path, partial(send_page, name))


class _Opening:
    """The JSON side, opened by its first request."""

    def __init__(self, settings: Settings, open_talkers: "OpenTalkers | None") -> None:
        self._settings = settings
        self._open_talkers = open_talkers
        self._app: _AsgiApp | None = None
        self._lock = Lock()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Serve one request."""
        from anyio.to_thread import run_sync

        app = self._app
        if app is None:
            try:
                app = await run_sync(self._open)
            except SparrowError as error:
                from sparrow_lite.ui.rating.asking import Told, tell

                app = tell(Told(body={"fault": str(error)}, status=503))
        await app(scope, receive, send)

    def _open(self) -> _AsgiApp:
        """Open it once; whoever comes meanwhile waits."""
        with self._lock:
            if self._app is None:
                from sparrow_lite.ui.rating.doors import open_doors
                from sparrow_lite.ui.rating.parts import RatingParts

                self._app = open_doors(RatingParts(self._settings, self._open_talkers))
            return self._app
