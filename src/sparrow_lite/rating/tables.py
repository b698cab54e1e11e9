"""The form of the ratings' database: its tables. `migrations/` makes them, step by step, on either database.

What people type lies in JSON text of ASCII only, so that no character in it can be refused by a database.
"""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the tables; every constraint has a name, by which migrations find it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SessionRow(Base):
    """A session; `settings` is JSON."""

    __tablename__ = "sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    protocol: Mapped[str]
    state: Mapped[str]
    overlap: Mapped[int]
    checks: Mapped[float]
    seed: Mapped[int]
    pass_mark: Mapped[float]
    offensive: Mapped[bool]
    created_at: Mapped[str]
    settings: Mapped[str] = mapped_column(Text)


class ItemRow(Base):
    """An item, in the order in which it came; `body`, `origin` and `gold` are JSON."""

    __tablename__ = "items"
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    ordinal: Mapped[int]
    stage: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    gold: Mapped[str | None] = mapped_column(Text)
    explanation: Mapped[str] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("session", "ordinal"),)


class RaterRow(Base):
    """A rater of one session, in the order in which they came.

    Links signed before `links_from`, in seconds since 1970, are revoked.
    """

    __tablename__ = "raters"
    id: Mapped[str] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    ordinal: Mapped[int]
    name: Mapped[str]
    state: Mapped[str]
    account: Mapped[str | None] = mapped_column(index=True)
    replaces: Mapped[str | None]
    links_from: Mapped[float] = mapped_column(server_default="0")
    __table_args__ = (UniqueConstraint("session", "ordinal"), UniqueConstraint("session", "id"))


class AssignmentRow(Base):
    """An item at its place in a rater's order. The keys keep it within one session."""

    __tablename__ = "assignments"
    rater: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    session: Mapped[str]
    item: Mapped[str]
    __table_args__ = (
        UniqueConstraint("rater", "item"),
        ForeignKeyConstraint(["session", "rater"], ["raters.session", "raters.id"]),
        ForeignKeyConstraint(["session", "item"], ["items.session", "items.id"]),
        Index(None, "session"),
    )


class RatingRow(Base):
    """A rating, written once.

    `seat` is whose answer it is: the rater's id, and empty for the organiser's decisions, of which an item
    has one. `number` counts the rows of a seat for an item from 0, each replacing the one before; that it is
    unique makes them one line, whoever writes at once. `said` is JSON: answers, comment, skipped, dialogue.
    """

    __tablename__ = "ratings"
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    session: Mapped[str]
    seat: Mapped[str]
    item: Mapped[str]
    number: Mapped[int]
    rater: Mapped[str]
    replaces: Mapped[str | None] = mapped_column(ForeignKey("ratings.id"), unique=True)
    adjudicates: Mapped[bool]
    withdrawn: Mapped[bool]
    seconds: Mapped[float]
    made_at: Mapped[str]
    said: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("session", "seat", "item", "number"),
        ForeignKeyConstraint(["session", "item"], ["items.session", "items.id"]),
    )


class DraftRow(Base):
    """What a rater has begun and not yet given; JSON."""

    __tablename__ = "drafts"
    rater: Mapped[str] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[str]
    __table_args__ = (ForeignKeyConstraint(["rater", "item"], ["assignments.rater", "assignments.item"]),)


class AuditRow(Base):
    """Who did what to what; `session` is the one it belongs to, or empty."""

    __tablename__ = "audit"
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    session: Mapped[str] = mapped_column(index=True)
    at: Mapped[str]
    who: Mapped[str]
    what: Mapped[str]
    about: Mapped[str]


class AccountRow(Base):
    """Who signs in by name and password. Sign-ins from before `passes_from`, in seconds, are ended."""

    __tablename__ = "accounts"
    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    password_hash: Mapped[str]
    disabled: Mapped[bool]
    passes_from: Mapped[float]
    created_at: Mapped[str]
