"""The form of the conversations' file: its tables, its version, and how it is opened."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ForeignKey, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from sparrow_lite.errors import StoreError

SCHEMA_VERSION = 1


class Base(DeclarativeBase):
    """Base of the tables."""


class ConversationRow(Base):
    """A conversation, its owner, and the choices of model and search made last."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    model: Mapped[str]
    search: Mapped[str]
    started_at: Mapped[str]
    touched_at: Mapped[str]


class ExchangeRow(Base):
    """A question, and its reply as JSON without the texts of the pages."""

    __tablename__ = "exchanges"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    question: Mapped[str]
    asked_at: Mapped[str]
    reply: Mapped[str | None]
    stopped: Mapped[str] = mapped_column(default="")


class PageRow(Base):
    """The text of a page, once, however often it was read."""

    __tablename__ = "pages"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class ReadingRow(Base):
    """Which exchange read which page, so that a page goes when nothing needs it any more."""

    __tablename__ = "readings"
    exchange: Mapped[int] = mapped_column(ForeignKey("exchanges.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("pages.sha256"), primary_key=True, index=True)


def open_engine(path: Path) -> Engine:
    """Open the file, and make it and its tables when they are missing.

    Raises:
        StoreError: When it cannot be opened, or a newer version of this program wrote it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(f"sqlite:///{path}")
        event.listen(engine, "connect", _prepare)
        with engine.begin() as connection:
            version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            if version > SCHEMA_VERSION:
                raise StoreError(
                    f"{path} was written by a newer version of sparrow-lite: upgrade it, or set "
                    "another SPARROW_LITE_DATA_DIR."
                )
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(
            f"{path} cannot be opened as a database: check the rights of its folder, or set "
            "another SPARROW_LITE_DATA_DIR."
        ) from error
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # FULL, not NORMAL: in WAL mode NORMAL may lose the last commits when the power fails.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")
