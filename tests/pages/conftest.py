"""A web server on loopback whose answers each test writes, and a fetcher that may reach it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sparrow_lite.options import FetchOptions
from sparrow_lite.pages.fetch import Fetcher

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A running server: `answers` maps a path to what answers it; `asked` records the requests."""

    server: ThreadingHTTPServer
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(self, path: str, body: bytes = b"<p>A page.</p>", *, status: int = 200, **headers: str) -> None:
        """Answer `path` with this; header names are written with `_` for `-`."""
        sent = {"content_type": "text/html"} | headers

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in sent.items():
                handler.send_header(name.replace("_", "-"), value)
            if "content_length" not in sent:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.page(path, b"", status=status, location=to)

    def fetcher(self, **options: Any) -> Fetcher:
        """Return a fetcher that may reach loopback addresses, and this server's port."""
        limits = FetchOptions(**({"ports": (80, 443, self.port)} | options))
        return Fetcher(limits, allow=lambda address: address.is_loopback)


def start_site(host: str = "127.0.0.1", port: int = 0) -> Site:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers.items())))
            answer = site.answers.get(self.path)
            if answer is None:
                self.send_error(404)
                return
            try:
                answer(self)
            except OSError:  # the fetcher hung up, as it should on a page that is too long
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    site = Site(server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return site


@pytest.fixture
def site() -> Iterator[Site]:
    site = start_site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def second_site() -> Iterator[Callable[[str, int], Site]]:
    """Starts a server on another loopback address; the test is skipped where there is none."""
    sites: list[Site] = []

    def start(host: str, port: int) -> Site:
        try:
            sites.append(start_site(host, port))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        return sites[-1]

    yield start
    for site in sites:
        site.server.shutdown()
        site.server.server_close()
