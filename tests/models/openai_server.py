"""An OpenAI-compatible server on the loopback that fails as a test says; imported by conftest.py alone."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Served:
    """One answer.

    Attributes:
        text: What the model says, streamed word by word.
        status: HTTP status; not 200 sends `error` as an OpenAI error.
        error: Fields of the error.
        headers: Further headers.
        wait_seconds: Silence before the answer.
        cut_after: Words after which the connection is closed; None to finish.
        stall_after: Words after which the stream falls silent; None to go on.
        raw: Body sent as it is, instead of all else.
        chunks: JSON chunks sent as they are, followed by `[DONE]`.
        top_logprobs: Next-token log-probabilities of a whole (not streamed) answer.
    """

    text: str = "Paris is the capital of France [1]."
    status: int = 200
    error: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0
    cut_after: int | None = None
    stall_after: int | None = None
    raw: str | None = None
    chunks: tuple[dict[str, Any], ...] | None = None
    top_logprobs: dict[str, float] | None = None


class OpenAIServer:
    """Serves `/v1/chat/completions`: the answers in order, the last one for ever.

    `answer` may instead be a function from the request's JSON to its answer. `seen` holds every request's
    JSON with its headers, in lower case, under `headers` and its arrival, in seconds, under `at`.
    """

    def __init__(self) -> None:
        self.answers: list[Served] = [Served()]
        self.answer: Callable[[dict[str, Any]], Served] = self._next
        self.seen: list[dict[str, Any]] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()

    def take(self, asked: dict[str, Any]) -> Served:
        with self._lock:
            self.seen.append(asked)
            return self.answer(asked)

    def _next(self, _asked: dict[str, Any]) -> Served:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serve() -> Iterator[OpenAIServer]:
    server = OpenAIServer()
    try:
        yield server
    finally:
        server.stop()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a burst beyond it would wait a second for its connections
    owner: OpenAIServer

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked |= {
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "at": time.monotonic(),
        }
        served = self.server.owner.take(asked)
        self.server.owner.stopping.wait(served.wait_seconds)
        with suppress(OSError):
            if served.status != 200:
                self._whole({"error": {"message": "refused", **served.error}}, served)
            elif served.raw is not None:
                self._body(served.raw, served)
            elif asked.get("stream"):
                self._stream(served)
            else:
                self._whole(_completion(served), served)

    def _whole(self, content: dict[str, Any], served: Served) -> None:
        self._body(json.dumps(content), served)

    def _body(self, text: str, served: Served) -> None:
        body = text.encode()
        self.send_response(served.status)
        kind = "text/event-stream" if text.startswith(("data:", "event:")) else "application/json"
        for name, value in {"Content-Type": kind, **served.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, served: Served) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = served.chunks
        if pieces is None:
            words = served.text.split(" ")
            texts = [f"{word} " for word in words[:-1]] + words[-1:]
            pieces = (*map(_delta, texts), _delta(None))
        for number, piece in enumerate(pieces):
            if number == served.cut_after:
                self.close_connection = True
                return
            if number == served.stall_after:
                self.server.owner.stopping.wait(30)
            self._event(json.dumps(piece))
        self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _event(self, text: str) -> None:
        line = f"data: {text}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


def _delta(text: str | None) -> dict[str, Any]:
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": "stop" if text is None else None}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}


def _completion(served: Served) -> dict[str, Any]:
    message = {"role": "assistant", "content": served.text}
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": "stop"}
    if served.top_logprobs is not None:
        top = [{"token": token, "logprob": score} for token, score in served.top_logprobs.items()]
        choice["logprobs"] = {"content": [{**top[0], "top_logprobs": top}]}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
