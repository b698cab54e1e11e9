"""What many tests share: an agent of known parts, without network and without the user's own settings."""

import dataclasses
import importlib.util
import json
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy

from sparrow_lite.agent import Sparrow
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import Options, SearchMode, TurnOptions
from sparrow_lite.turn.parts import Parts, open_parts

# Read now: each test is run without the settings of the machine.
_GIVEN_POSTGRES = os.environ.get("SPARROW_LITE_TEST_POSTGRES")


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings, caches and keys of the machine out of the tests."""
    for name in list(os.environ):
        if name.startswith(("SPARROW_LITE_", "OPENAI_", "ANTHROPIC_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SPARROW_LITE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SPARROW_LITE_DATA_DIR", str(tmp_path / "data"))
    config = tmp_path / "empty.toml"
    config.touch()
    monkeypatch.setenv("SPARROW_LITE_CONFIG", str(config))


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let Ctrl-C interrupt: a shell starts commands in the background with the signal ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: the one that the environment names, or one that is started here."""
    spec = importlib.util.spec_from_file_location("postgres", Path(__file__).with_name("postgres.py"))
    postgres = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(postgres)
    if _GIVEN_POSTGRES:
        yield _GIVEN_POSTGRES
    elif binaries := postgres.server_binaries():
        with postgres.running_server(binaries) as url:
            yield url
    else:
        pytest.skip("There is no PostgreSQL server here: apt-get install postgresql, or set a URL.")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of PostgreSQL with an empty schema, which is dropped afterwards."""
    with _schema(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of PostgreSQL with a schema that tests share, as making one takes half a second."""
    with _schema(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def rating_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database for rating sessions without any, on each kind of database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/ratings.sqlite"
        return
    url = request.getfixturevalue("shared_postgres_url")
    yield url
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        # Without the keys between tables, so that they may be emptied in any order.
        connection.exec_driver_sql("SET session_replication_role = replica")
        for table in sqlalchemy.inspect(connection).get_table_names():
            if table != "alembic_version":
                connection.execute(sqlalchemy.delete(sqlalchemy.table(table)))
    engine.dispose()


@contextmanager
def _schema(server_url: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(8)}"
    # A connection for each use: a test may end the server's processes.
    server = sqlalchemy.create_engine(server_url, poolclass=sqlalchemy.NullPool)
    with server.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    url = sqlalchemy.make_url(server_url).update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    with server.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    server.dispose()


@pytest.fixture
def write_replay(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a replay file: `write_replay({"query": [(url, title, text), ...]})`."""

    def write(searches: dict[str, list[tuple[str, str, str]]]) -> Path:
        path = tmp_path / "replay.jsonl"
        lines = [
            {
                "query": query,
                "searched_at": "2026-01-02T03:04:05+00:00",
                "results": [
                    {"url": url, "title": title, "snippet": None, "text": text}
                    for url, title, text in results
                ],
            }
            for query, results in searches.items()
        ]
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return path

    return write


@pytest.fixture
def open_scripted_sparrow() -> Callable[..., tuple[Sparrow, ScriptedModel, Parts]]:
    """A function that opens an agent on a scripted model: `open(replies, search="none", **parts)`."""

    def open_one(
        replies: object, *, search: str = "none", mode: str = "auto", candidates: int = 1, **changes: object
    ) -> tuple[Sparrow, ScriptedModel, Parts]:
        options = Options(turn=TurnOptions(mode=SearchMode(mode), candidates=candidates))
        model = ScriptedModel(replies, cycled=True)
        parts = open_parts(model="embedded", search=search, options=options)
        parts = dataclasses.replace(parts, model=model, **changes)
        return Sparrow(parts), model, parts

    return open_one


@pytest.fixture(scope="session")
def openai_server() -> ModuleType:
    """The module `models/openai_server.py`: `serve()` yields a server, `Served(...)` is one answer of it."""
    path = Path(__file__).parent / "models" / "openai_server.py"
    spec = importlib.util.spec_from_file_location("openai_server", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def server(openai_server: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running OpenAI-compatible server, and an environment without keys, proxies and tracing."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with openai_server.serve() as running:
        yield running
