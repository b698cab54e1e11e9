"""The ratings' database, SQLite or PostgreSQL: brought to the newest form, read, and written.

What a `writing` block did is on the disk when the block has ended, or none of it is.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError

from sparrow_lite.errors import StoreError

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number, the same for every process: who holds it may change the tables.
_MIGRATION_LOCK = 7_205_759_403
_POOL = {"pool_size": 16, "max_overflow": 16, "pool_timeout": 30}


class RowError(StoreError):
    """Rows that do not fit what the database holds, such as those that another writer wrote first."""


class Database:
    """An engine and its two ways in. Safe to call from several threads and processes."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self._writer = engine.execution_options(writes=True)
        # SQLite has one writer at a time and polls for its turn; threads of one process queue instead.
        self._turn: AbstractContextManager[Any] = Lock() if _is_sqlite(engine.url) else nullcontext()

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open the database of this URL, make a missing file, and bring it to the newest form.

        Args:
            url: `sqlite:///PATH` or `postgresql+psycopg://USER:PASSWORD@HOST/NAME`.

        Raises:
            StoreError: When it cannot be opened, or a newer version of this program wrote it.
        """
        parsed = _parse(url)
        name = parsed.render_as_string(hide_password=True)
        try:
            database = cls(_open_sqlite(parsed) if _is_sqlite(parsed) else _open_postgresql(parsed), name)
            with database.reading() as connection:
                newest = _is_newest(connection)
            if not newest:
                with database.writing() as connection:
                    migrate(connection)
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(f"{name} cannot be opened: {_said(error)}.") from error
        return database

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database.

        Raises:
            StoreError: When it cannot be read.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, UnicodeError) as error:
            raise StoreError(f"{self.name} cannot be read: {_said(error)}.") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection; what is done with it is committed whole when the block ends.

        Raises:
            RowError: When it does not fit what the database holds; nothing was written.
            StoreError: When it was not written. Only where the connection broke in the very moment of the
                commit may it stand nevertheless, which is why writing the same thing again must be harmless.
        """
        try:
            with self._turn, self._writer.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise RowError(f"{self.name} holds other rows already, or lacks some: {_said(error)}.") from error
        except (SQLAlchemyError, UnicodeError) as error:
            raise StoreError(f"{self.name} does not take what is written: {_said(error)}.") from error


def steps() -> tuple[str, ...]:
    """Return the names of all steps of `migrations/`, in their order; a step's file is named after it."""
    return tuple(sorted(path.name[1:5] for path in (_MIGRATIONS / "versions").glob("r[0-9]*_*.py")))


def migrate(connection: Connection, step: str = "head") -> None:
    """Run the steps up to this one that the database lacks, in the connection's transaction.

    Raises:
        StoreError: When the database has steps that this program does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    # Again, now that nobody else changes it.
    if _is_newest(connection):
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, step)


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    known = steps()
    if version is not None and version not in known:
        raise StoreError(
            "The ratings' database was written by a newer version of sparrow-lite: upgrade sparrow-lite, or "
            "name another database."
        )
    return version == known[-1]


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("The ratings' database is not a URL, such as sqlite:///ratings.sqlite.") from error
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreError(
            f"The ratings' database cannot be of the kind {parsed.drivername!r}: known are sqlite and "
            "postgresql+psycopg."
        )
    if not parsed.database:
        raise StoreError("The URL of the ratings' database names no file or database.")
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _open_sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30}, **_POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions late, and only for some statements; `_begin_sqlite` does.
    connection.isolation_level = None
    # FULL, not NORMAL: in WAL mode NORMAL may lose the last commits when the power fails.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads and then writes must be the writer from its start, or it can fail half way.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, **_POOL)
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs the extra `postgres`: pip install 'sparrow-lite[postgres]'."
        ) from error
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # A server may be set to acknowledge commits that are not on its disk yet.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()


def _said(error: BaseException) -> str:
    """What the database said, without the statement and its values."""
    said = getattr(error, "orig", None) or error
    return " ".join(str(said).split()).rstrip(".")
