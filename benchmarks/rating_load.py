"""Rating under load: 200 raters at once over real HTTP, on SQLite and on PostgreSQL.

Each rater opens their page by their link and rates plausibility and support at a quick pace: an item every
four seconds on average, its first click kept as a draft. What is timed is the saving of a rating, from the
request to the reply, which holds the next item. The whole app runs in a process of its own, the raters in
another; both share the machine. PostgreSQL is measured where a server, or SPARROW_LITE_TEST_POSTGRES, is
there. Every rating that was acknowledged is looked for in the database afterwards.
"""

import asyncio
import importlib.util
import json
import multiprocessing
import os
import random
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.comparison import Comparison, Figure

_RATERS, _SECONDS = 200, 60.0
_PAUSE_SECONDS = (2.0, 6.0)
_OVERLAP = 4
_SECRET = "a secret that signs the links of this benchmark"


def measure(scale: float) -> Comparison:
    """Return how long saving takes, and how many ratings a second were saved."""
    raters, seconds = max(8, int(_RATERS * min(1.0, 2 * scale))), max(8.0, _SECONDS * scale)
    found = {name: _measured(url, raters, seconds) for name, url in _databases()}
    figures = (("p95 of saving a rating", "ms"), ("median", "ms"), ("slowest", "ms"), ("saved", "1/s"))
    return Comparison(
        title=f"Rating: {raters} raters at once for {seconds:.0f} s, an item in 4 s each",
        chosen=next(iter(found)),
        figures=tuple(
            Figure(
                name=name,
                unit=unit,
                values={database: values[place] for database, values in found.items()},
                higher_is_better=unit == "1/s",
            )
            for place, (name, unit) in enumerate(figures)
        ),
    )


def _databases() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", f"sqlite:///{folder}/ratings.sqlite"
    path = Path(__file__).parent.parent / "tests" / "postgres.py"
    spec = importlib.util.spec_from_file_location("postgres", path)
    assert spec is not None
    assert spec.loader is not None
    postgres = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(postgres)
    given, binaries = os.environ.get(postgres.NAME), postgres.server_binaries()
    if given:
        with _schema(given) as url:
            yield "PostgreSQL", url
    elif binaries:
        with postgres.running_server(binaries) as url:
            yield "PostgreSQL", url


@contextmanager
def _schema(url: str) -> Iterator[str]:
    import sqlalchemy

    name = f"bench_{secrets.token_hex(6)}"
    server = sqlalchemy.create_engine(url)
    with server.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    own = sqlalchemy.make_url(url).update_query_dict({"options": f"-csearch_path={name}"})
    yield own.render_as_string(hide_password=False)
    with server.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    server.dispose()


def _measured(url: str, raters: int, seconds: float) -> tuple[float, ...]:
    """Return p95, median and slowest in milliseconds, and the ratings saved a second."""
    tokens, session = _study(url, raters)
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    context = multiprocessing.get_context("fork")
    server = context.Process(target=_serve, args=(url, listener), daemon=True)
    server.start()
    try:
        _wait(listener.getsockname()[1])
        saved, took = asyncio.run(_rate_all(listener.getsockname()[1], tokens, seconds))
    finally:
        server.terminate()
        server.join()
        listener.close()
    _check(url, session, saved)
    times = [1000 * one for one in saved.values()]
    return quantiles(times, n=20)[-1], median(times), max(times), len(times) / took


def _study(url: str, raters: int) -> tuple[list[str], str]:
    from sparrow_lite.rating.access import sign_link
    from sparrow_lite.rating.sessions import RatingSessions
    from sparrow_lite.rating.store import RatingStore
    from sparrow_lite.rating.tasks import NewSession

    words = "The canal was dug between 1788 and 1794, and the first boats passed its locks in that year. "
    rows = [
        {
            "key": f"case {number}",
            "question": f"When was canal {number} dug, and by whom?",
            "reply": f"{words * 3}[1] [2]",
            "citations": [{"id": at, "title": "Canals of the valley", "quote": words * 3} for at in (1, 2)],
        }
        for number in range(raters * 40 // _OVERLAP)
    ]
    names = tuple(f"Rater {number}" for number in range(raters))
    new = NewSession(
        name="Load", protocol="plausible_supported", raters=names, overlap=_OVERLAP, qualification=False
    )
    store = RatingStore.open(url)
    made = RatingSessions(store).create(new, rows)
    store.close()
    return [sign_link(_SECRET.encode(), rater.id, 3600) for rater in made.raters], made.session.id


def _serve(url: str, listener: socket.socket) -> None:
    import uvicorn

    from sparrow_lite.config import Settings
    from sparrow_lite.ui.launch import build_app

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=folder, cache_dir=folder, ratings_url=url, rating_secret=_SECRET)
        app = build_app(settings, lambda _model, _search: None)  # type: ignore[arg-type,return-value]
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            asyncio.run(_Rater(port, "").ask("/anybody"))
            return
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError("The app did not start.")


async def _rate_all(port: int, tokens: list[str], seconds: float) -> tuple[dict[str, float], float]:
    until = time.perf_counter() + seconds
    found: dict[str, float] = {}
    started = time.perf_counter()
    await asyncio.gather(*(_Rater(port, token).rate(until, found) for token in tokens))
    return found, time.perf_counter() - started


class _Rater:
    """One rater's page: one connection, kept open, and one request at a time."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def rate(self, until: float, found: dict[str, float]) -> None:
        await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS[1]))
        task = await self.ask("/open", {})
        while task["shown"] is not None and time.perf_counter() < until:
            shown = task["shown"]
            answers = {one["id"]: random.choice(one["choices"])["id"] for one in shown["questions"]}
            pause = random.uniform(*_PAUSE_SECONDS) / 2
            await asyncio.sleep(pause)
            first = dict(list(answers.items())[:1])
            await self.ask("/draft", {"item": shown["item"], "answers": first})
            await asyncio.sleep(pause)
            answer = {"id": secrets.token_hex(12), "item": shown["item"], "answers": answers}
            started = time.perf_counter()
            came = await self.ask("/answer", {**answer, "replaces": shown["replaces"], "seconds": pause})
            found[answer["id"]] = time.perf_counter() - started
            task = came["task"]

    async def ask(self, path: str, body: Any = None) -> Any:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        sent = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{'GET' if body is None else 'POST'} /rate/api{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self._token}\r\nContent-Length: {len(sent)}\r\n\r\n"
        )
        writer.write(head.encode() + sent)
        told = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(told.split("content-length:")[1].split("\r\n")[0])
        came = json.loads(await reader.readexactly(length))
        assert told.split()[1] == "200", came
        return came


def _check(url: str, session: str, saved: dict[str, float]) -> None:
    from sparrow_lite.rating.store import RatingStore

    store = RatingStore.open(url)
    kept = [one.id for one in store.history(session)]
    store.close()
    assert sorted(kept) == sorted(saved)
