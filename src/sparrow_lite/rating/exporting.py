"""A session out of the database: everything as JSON lines, a table as CSV; anonymous unless named.

Anonymous means: raters are numbered, accounts and organisers are not named, of times only the day stands, and
of folders only the last part. Free words of raters are exported as they wrote them.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.rated import anonymous_names
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Item, Rating, Session

FORMAT, VERSION = "sparrow-lite-ratings", 1
COLUMNS = (
    "session",
    "protocol",
    "item",
    "stage",
    "case",
    "suite",
    "probe",
    "arm",
    "rule",
    "rater",
    "question",
    "answer",
    "chosen_arm",
    "gold",
    "decides",
    "skipped",
    "comment",
    "seconds",
    "made_at",
)
_ORGANISER = "organiser"
_DAY = 10
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A session as it leaves: who is called what.

    Attributes:
        session: The session.
        protocol: Its protocol.
        names: What to call each rater, by id; None to export names, accounts, times and folders as they are.
    """

    session: Session
    protocol: RatingProtocol
    names: Mapping[str, str] | None

    @classmethod
    def open(cls, store: RatingStore, session: str, *, named: bool) -> "Exported":
        """Return the session of this id.

        Raises:
            StoreError: When there is none.
        """
        found = store.session(session)
        names = None if named else anonymous_names(one.id for one in store.raters(session))
        return cls(session=found, protocol=open_protocol(found.protocol, found.settings), names=names)

    def rater(self, rater: str) -> str:
        """Return what a rater, or an organiser, is called."""
        return rater if self.names is None else self.names.get(rater, _ORGANISER)

    def time(self, moment: str) -> str:
        """Return when something was."""
        return moment if self.names is None else moment[:_DAY]

    def origin(self, item: Item) -> dict[str, Any]:
        """Return where an item comes from."""
        return _without_folders(item.origin) if self.names is not None else dict(item.origin)


def export_jsonl(store: RatingStore, session: str, path: Path, *, named: bool = False) -> int:
    """Write everything as JSON lines, each with its `kind`, and return how many there are.

    First the session, then raters, items with their questions, assignments, and every rating that was ever
    given, in order of time: `current` tells which ones count.

    Args:
        store: With the session.
        session: Its id.
        path: The file; one that is there is replaced once the new one is whole.
        named: Whether raters are named.

    Raises:
        StoreError: When there is no such session, or the disk does not take the file.
    """
    told = Exported.open(store, session, named=named)
    count = 0
    with written(path) as file:
        for line in _lines(store, told):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def export_csv(store: RatingStore, session: str, path: Path, *, named: bool = False) -> int:
    """Write a row for each answer that counts, with the columns `COLUMNS`, and return how many there are.

    A skip is a row without a question. Text that a spreadsheet would take for a formula has an apostrophe
    before it.

    Raises:
        StoreError: When there is no such session, or the disk does not take the file.
    """
    told = Exported.open(store, session, named=named)
    items = {item.id: item for item in store.items(session)}
    count = 0
    with written(path) as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for rating in store.current(session):
            for row in _csv_rows(told, items[rating.item], rating):
                writer.writerow({name: _plain(value) for name, value in row.items()})
                count += 1
    return count


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """Open a file that takes its place once it is whole.

    Raises:
        StoreError: When the disk does not take it.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)


def _lines(store: RatingStore, told: Exported) -> Iterator[dict[str, Any]]:
    session = told.session
    settings = dict(session.settings) if told.names is None else _without_folders(session.settings)
    head = {"kind": "session", "format": FORMAT, "version": VERSION, **asdict(session), "settings": settings}
    yield {**head, "created_at": told.time(session.created_at)}
    for rater in store.raters(session.id):
        replaced = told.rater(rater.replaces) if rater.replaces else None
        known = {"name": rater.name, "account": rater.account} if told.names is None else {}
        line = {"kind": "rater", "id": told.rater(rater.id), "state": rater.state, "replaces": replaced}
        yield {**line, **known}
    for item in store.items(session.id):
        asked = [asdict(one) for one in told.protocol.questions(item)]
        yield {"kind": "item", **asdict(item), "origin": told.origin(item), "questions": asked}
    for one in store.all_assignments(session.id):
        yield {"kind": "assignment", "rater": told.rater(one.rater), "item": one.item, "place": one.place}
    current = {one.id for one in store.current(session.id)}
    for rating in store.history(session.id):
        line = {**asdict(rating), "rater": told.rater(rating.rater), "made_at": told.time(rating.made_at)}
        yield {"kind": "rating", **line, "current": rating.id in current}


def _csv_rows(told: Exported, item: Item, rating: Rating) -> Iterator[dict[str, Any]]:
    arms: Mapping[str, str] = item.origin.get("candidates") or {}
    shared = {
        "session": told.session.name,
        "protocol": told.session.protocol,
        "item": item.id,
        "stage": item.stage.value,
        **{name: item.origin.get(name, "") for name in ("case", "suite", "probe", "arm", "rule")},
        "rater": told.rater(rating.rater),
        "decides": rating.adjudicates,
        "skipped": rating.skipped or "",
        "comment": rating.comment,
        "seconds": rating.seconds,
        "made_at": told.time(rating.made_at),
    }
    if rating.skipped is not None:
        yield shared
    for question, answer in rating.answers.items():
        gold = (item.gold or {}).get(question, "")
        chosen = arms.get(answer, "")
        yield {**shared, "question": question, "answer": answer, "chosen_arm": chosen, "gold": gold}


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _without_folders(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the last part of every path."""
    return {
        name: Path(value).name if name in {"run", "prompts_dir"} and isinstance(value, str) else value
        for name, value in values.items()
    }


def json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows as JSON lines and return how many there are.

    Raises:
        StoreError: When the disk does not take the file.
    """
    count = 0
    with written(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count
