"""Reading and writing conversations, and who may see which.

A question is committed before its turn starts and a reply when the turn is finished, so that a crash loses
nothing acknowledged. The texts of pages are kept once each, so that an answer can be checked again later.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sparrow_lite.conversations.tables import (
    ConversationRow,
    ExchangeRow,
    PageRow,
    ReadingRow,
    open_engine,
)
from sparrow_lite.conversations.values import Conversation, ConversationLine, Exchange
from sparrow_lite.errors import StoreError
from sparrow_lite.reply import Reply

TITLE_CHARS = 80


class Conversations:
    """The store. Safe to call from several threads; for a person, other people's rows do not exist."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._replies = TypeAdapter(Reply)

    @classmethod
    def open(cls, path: Path) -> "Conversations":
        """Open the file, and make it when it is missing.

        Raises:
            StoreError: When it cannot be opened, or a newer version of this program wrote it.
        """
        return cls(open_engine(path))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def start(self, owner: str, *, title: str, model: str, search: str) -> str:
        """Make an empty conversation and return its id."""
        conversation_id, now = secrets.token_urlsafe(9), _now()
        row = ConversationRow(
            id=conversation_id,
            owner=owner,
            title=_one_line(title),
            model=model,
            search=search,
            started_at=now,
            touched_at=now,
        )
        with self._session() as session:
            session.add(row)
        return conversation_id

    def list(self, owner: str) -> tuple[ConversationLine, ...]:
        """Return the person's conversations, the latest touched first."""
        with self._session() as session:
            rows = session.scalars(
                select(ConversationRow)
                .where(ConversationRow.owner == owner)
                .order_by(ConversationRow.touched_at.desc(), ConversationRow.id)
            )
            return tuple(
                ConversationLine(id=row.id, title=row.title, touched_at=row.touched_at) for row in rows
            )

    def read(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation; None when this person has no such one.

        Raises:
            StoreError: Also when a stored reply cannot be read.
        """
        with self._session() as session:
            row = _owned(session, owner, conversation_id)
            if row is None:
                return None
            exchanges = session.scalars(
                select(ExchangeRow)
                .where(ExchangeRow.conversation == conversation_id)
                .order_by(ExchangeRow.id)
            )
            return Conversation(
                id=row.id,
                title=row.title,
                started_at=row.started_at,
                model=row.model,
                search=row.search,
                exchanges=tuple(self._exchange(session, exchange) for exchange in exchanges),
            )

    def ask(self, conversation_id: str, question: str, *, model: str, search: str) -> int:
        """Store a question durably, with the choices that it is asked with; return its exchange's id.

        Raises:
            StoreError: Also when there is no such conversation.
        """
        now = _now()
        with self._session() as session:
            row = session.get(ConversationRow, conversation_id)
            if row is None:
                raise StoreError("That conversation was deleted: start a new one.")
            row.model, row.search, row.touched_at = model, search, now
            exchange = ExchangeRow(conversation=conversation_id, question=question, asked_at=now)
            session.add(exchange)
            session.flush()
            return exchange.id

    def finish(self, exchange_id: int, reply: Reply) -> None:
        """Store the reply of a finished turn, in place of an earlier one.

        A conversation that was deleted meanwhile stays deleted.
        """
        plain = self._replies.dump_python(reply, mode="json")
        texts = {piece["page"]["sha256"]: piece["page"].pop("text") for piece in plain["evidence"]}
        with self._session() as session:
            row = session.get(ExchangeRow, exchange_id)
            if row is None:
                return
            row.reply, row.stopped = json.dumps(plain, ensure_ascii=False), ""
            session.execute(delete(ReadingRow).where(ReadingRow.exchange == exchange_id))
            for digest, text in texts.items():
                page = insert(PageRow).values(sha256=digest, text=text)
                session.execute(page.on_conflict_do_nothing())
                session.add(ReadingRow(exchange=exchange_id, sha256=digest))
            session.flush()
            _drop_unread_pages(session)

    def stop(self, exchange_id: int, why: str) -> None:
        """Note in one line why a turn gave no reply; an earlier reply stays."""
        with self._session() as session:
            session.execute(update(ExchangeRow).where(ExchangeRow.id == exchange_id).values(stopped=why))

    def choose(self, conversation_id: str, *, model: str, search: str) -> None:
        """Store the choices that the conversation goes on with."""
        chosen = {"model": model, "search": search, "touched_at": _now()}
        with self._session() as session:
            session.execute(
                update(ConversationRow).where(ConversationRow.id == conversation_id).values(chosen)
            )

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Rename it; False when this person has no such conversation or the title is empty."""
        with self._session() as session:
            row = _owned(session, owner, conversation_id)
            if row is None or not title.strip():
                return False
            row.title = _one_line(title)
            return True

    def delete(self, owner: str, conversation_id: str) -> bool:
        """Delete it and all that only it had read; False when this person has no such one."""
        with self._session() as session:
            row = _owned(session, owner, conversation_id)
            if row is None:
                return False
            session.delete(row)
            session.flush()
            _drop_unread_pages(session)
            return True

    def _exchange(self, session: Session, row: ExchangeRow) -> Exchange:
        reply = None
        if row.reply is not None:
            plain = json.loads(row.reply)
            _put_texts(plain, session)
            try:
                reply = self._replies.validate_python(plain)
            except ValidationError as error:
                raise StoreError(
                    f"The stored reply {row.id} has an unknown form: delete its conversation, or "
                    "open it with the version that wrote it."
                ) from error
        return Exchange(
            id=row.id,
            question=row.question,
            asked_at=row.asked_at,
            reply=reply,
            stopped=row.stopped,
        )

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise StoreError(
                f"The conversations cannot be read or written ({type(error).__name__}): check the "
                "disk and the rights of SPARROW_LITE_DATA_DIR."
            ) from error


def _owned(session: Session, owner: str, conversation_id: str) -> ConversationRow | None:
    row = session.get(ConversationRow, conversation_id)
    return row if row is not None and row.owner == owner else None


def _put_texts(plain: dict[str, Any], session: Session) -> None:
    for piece in plain["evidence"]:
        page = session.get(PageRow, piece["page"]["sha256"])
        piece["page"]["text"] = page.text if page is not None else ""


def _drop_unread_pages(session: Session) -> None:
    session.execute(delete(PageRow).where(PageRow.sha256.not_in(select(ReadingRow.sha256))))


def _one_line(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1].rstrip() + "…"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
