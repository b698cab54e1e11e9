"""Values of rating sessions as rows of the database, and back."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from sparrow_lite.rating.values import (
    Assignment,
    AuditLine,
    Item,
    Rater,
    RaterState,
    Rating,
    Session,
    SessionState,
    Stage,
)

AnyRow = Row[*tuple[Any, ...]]


def now() -> str:
    """Return the time as rows have it: ISO 8601, UTC, microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def pack(value: Any) -> str:
    """Return JSON text of ASCII only, which every database takes, whatever a rater typed."""
    return json.dumps(value, separators=(",", ":"))


def name_text(text: str, most: int = 200) -> str:
    """Return text of ASCII only, at most `most` characters, for a column that holds what anyone may send."""
    return text.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")[:most]


def session_values(session: Session) -> dict[str, Any]:
    """Return the row of a session."""
    return {
        "id": session.id,
        "name": session.name,
        "protocol": session.protocol,
        "state": session.state.value,
        "overlap": session.overlap,
        "checks": session.checks,
        "seed": session.seed,
        "pass_mark": session.pass_mark,
        "offensive": session.offensive,
        "created_at": session.created_at,
        "settings": pack(dict(session.settings)),
    }


def session_of(row: AnyRow) -> Session:
    """Return the session of a row."""
    return Session(
        id=row.id,
        name=row.name,
        protocol=row.protocol,
        state=SessionState(row.state),
        overlap=row.overlap,
        checks=row.checks,
        seed=row.seed,
        pass_mark=row.pass_mark,
        offensive=row.offensive,
        created_at=row.created_at,
        settings=json.loads(row.settings),
    )


def item_values(session: str, items: Iterable[Item], first: int) -> list[dict[str, Any]]:
    """Return the rows of a session's items, numbered from `first`."""
    return [
        {
            "session": session,
            "id": item.id,
            "ordinal": ordinal,
            "stage": item.stage.value,
            "body": pack(dict(item.body)),
            "origin": pack(dict(item.origin)),
            "gold": pack(dict(item.gold)) if item.gold is not None else None,
            "explanation": pack(item.explanation),
        }
        for ordinal, item in enumerate(items, first)
    ]


def item_of(row: AnyRow) -> Item:
    """Return the item of a row."""
    return Item(
        id=row.id,
        stage=Stage(row.stage),
        body=json.loads(row.body),
        origin=json.loads(row.origin),
        gold=json.loads(row.gold) if row.gold is not None else None,
        explanation=json.loads(row.explanation),
    )


def rater_values(raters: Iterable[Rater], first: int) -> list[dict[str, Any]]:
    """Return the rows of raters, numbered from `first`."""
    return [
        {
            "id": rater.id,
            "session": rater.session,
            "ordinal": ordinal,
            "name": rater.name,
            "state": rater.state.value,
            "account": rater.account,
            "replaces": rater.replaces,
        }
        for ordinal, rater in enumerate(raters, first)
    ]


def rater_of(row: AnyRow) -> Rater:
    """Return the rater of a row."""
    return Rater(
        id=row.id,
        session=row.session,
        name=row.name,
        state=RaterState(row.state),
        account=row.account,
        replaces=row.replaces,
    )


def assignment_values(session: str, assignments: Sequence[Assignment]) -> list[dict[str, Any]]:
    """Return the rows of a session's assignments."""
    return [
        {"rater": one.rater, "place": one.place, "session": session, "item": one.item} for one in assignments
    ]


def rating_values(rating: Rating, number: int) -> dict[str, Any]:
    """Return the row of a rating that is the `number`th of its seat and item."""
    said = {
        "answers": dict(rating.answers),
        "comment": rating.comment,
        "skipped": rating.skipped,
        "dialogue": [dict(turn) for turn in rating.dialogue],
    }
    return {
        "id": rating.id,
        "session": rating.session,
        "seat": seat(rating),
        "item": rating.item,
        "number": number,
        "rater": rating.rater,
        "replaces": rating.replaces,
        "adjudicates": rating.adjudicates,
        "withdrawn": rating.withdrawn,
        "seconds": rating.seconds,
        "made_at": rating.made_at or now(),
        "said": pack(said),
    }


def seat(rating: Rating) -> str:
    """Return whose answer a rating is: its rater's, or, for decisions, the one that an item has."""
    return "" if rating.adjudicates else rating.rater


def rating_of(row: AnyRow) -> Rating:
    """Return the rating of a row."""
    said = json.loads(row.said)
    return Rating(
        id=row.id,
        session=row.session,
        rater=row.rater,
        item=row.item,
        answers=said["answers"],
        comment=said["comment"],
        skipped=said["skipped"],
        withdrawn=row.withdrawn,
        replaces=row.replaces,
        adjudicates=row.adjudicates,
        seconds=row.seconds,
        made_at=row.made_at,
        dialogue=tuple(said["dialogue"]),
    )


def audit_of(row: AnyRow) -> AuditLine:
    """Return the line of the audit of a row."""
    return AuditLine(at=row.at, who=row.who, what=row.what, about=row.about)
