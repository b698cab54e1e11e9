"""The form of a run's ledger: its tables, its version, and how the file is opened."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sparrow_lite.errors import StoreError

SCHEMA_VERSION = 1


class Base(DeclarativeBase):
    """Base of the tables."""


class ManifestRow(Base):
    """What the run is of, as JSON, in one row."""

    __tablename__ = "manifest"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str]


class CaseRow(Base):
    """A case that is finished. `ordinal` is its place in the plan; `text` names its frozen conversation."""

    __tablename__ = "cases"
    key: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(index=True)
    suite: Mapped[str]
    probe: Mapped[str]
    arm: Mapped[str]
    sample: Mapped[int]
    status: Mapped[str]
    reason: Mapped[str | None]
    tries: Mapped[int]
    text: Mapped[str | None]
    replies: Mapped[int]
    evidence_shown: Mapped[bool]
    abstained: Mapped[str | None]
    seconds: Mapped[float]
    requests: Mapped[int]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    finished_at: Mapped[str]


class GradeRow(Base):
    """What one set of judges says of a case, as JSON."""

    __tablename__ = "grades"
    case: Mapped[str] = mapped_column(primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]


class TextBase(DeclarativeBase):
    """Base of the frozen texts, which lie in a file beside the ledger so that it stays small."""


class TextRow(TextBase):
    """A conversation as compressed JSON, named by the SHA-256 of what it held before."""

    __tablename__ = "texts"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]


def open_engine(path: Path, base: type[DeclarativeBase]) -> Engine:
    """Return the engine of a file, with its tables made.

    Raises:
        StoreError: When it cannot be opened, or a newer version of this program wrote it.
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up)
    try:
        with engine.begin() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > SCHEMA_VERSION:
                raise StoreError(f"{path} was written by a newer sparrow-lite: upgrade to read it.")
            # A file that is whole is not touched, so that one process can read while another one writes.
            if version < SCHEMA_VERSION:
                base.metadata.create_all(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except (SQLAlchemyError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(f"{path} cannot be opened as a run's ledger: {error.__cause__ or error}.") from error
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # A commit is on the disk before the next one begins: a case never outlives its text, even without power.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
