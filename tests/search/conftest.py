"""A web server on the loopback that answers as a test says."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass(frozen=True, kw_only=True)
class Answer:
    body: str | dict = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0
    drip_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Seen:
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


class Web:
    """Answers every request with `answer`, which may be a function of the request."""

    def __init__(self) -> None:
        self.answer: Answer | Callable[[Seen], Answer] = Answer()
        self.seen: list[Seen] = []
        self.stopping = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length", 0))
                form = self.rfile.read(length).decode()
                fields = {name: values[0] for name, values in parse_qs(parts.query or form).items()}
                seen = Seen(path=parts.path, fields=fields, headers=dict(self.headers))
                web.seen.append(seen)
                answer = web.answer if isinstance(web.answer, Answer) else web.answer(seen)
                web.stopping.wait(answer.wait_seconds)
                try:
                    self.send(answer)
                except OSError:
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815 (the name that http.server looks for)

            def send(self, answer: Answer) -> None:
                text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                body = text.encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                step = 1 if answer.drip_seconds else len(body) or 1
                for start in range(0, len(body), step):
                    self.wfile.write(body[start : start + step])
                    self.wfile.flush()
                    if web.stopping.wait(answer.drip_seconds):
                        return

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "DDGS_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    server = Web()
    yield server
    server.stop()


@pytest.fixture
def make_answer() -> type[Answer]:
    """The class, for test files cannot import a conftest."""
    return Answer


@pytest.fixture
def closed_url() -> str:
    """An address on the loopback where nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        port = server.server_port
    return f"http://127.0.0.1:{port}"
