"""What each open page did last, so that a stream it has turned away from writes to it no more."""

import threading


class Views:
    """The latest ticket of each page; safe to call from several threads.

    A page numbers what it does. Gradio can cancel a stream too, but not one whose id the page has not been
    told yet, and a quick reader is quicker than that.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: dict[str, int] = {}

    def turn(self, page: str, ticket: int) -> None:
        """Note that the page turned to this."""
        with self._lock:
            self._latest[page] = max(ticket, self._latest.get(page, 0))

    def holds(self, page: str, ticket: int) -> bool:
        """Return whether the page has turned to nothing newer."""
        with self._lock:
            return ticket >= self._latest.get(page, 0)

    def forget(self, page: str) -> None:
        """Forget a page that was closed."""
        with self._lock:
            self._latest.pop(page, None)
