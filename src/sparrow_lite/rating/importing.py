"""Ratings that were given in another tool, as a closed session here: counted, exported and reported alike.

Fields of the other tool become a row of this one, and its answers the choices of a protocol. What cannot be
told from names is said by the user: which field, which question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.creating import now
from sparrow_lite.rating.foreign import ForeignAnswer, ForeignRecord, read_foreign
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.protocols.preference import LETTERS
from sparrow_lite.rating.protocols.rows import digest
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import (
    Assignment,
    Choice,
    Item,
    Question,
    Rater,
    RaterState,
    Rating,
    Session,
    SessionState,
    Stage,
)

_COLUMNS = {
    "question": ("question", "prompt", "instruction", "user", "input"),
    "reply": ("reply", "response", "answer", "completion", "generation", "output"),
    "evidence": ("evidence", "context", "quote", "passage"),
}
_SAME = {"true": "yes", "false": "no", "not_sure": "unsure", "left": "a", "right": "b"}
_IMPORTER = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What is imported, and how.

    Attributes:
        form: `argilla` or `label_studio`.
        protocol: Name of the protocol that the questions are of.
        name: Of the session.
        columns: The other tool's field by column of a row (`question`, `reply`, `evidence`, `rule`, `key`,
            ...); for `candidates` several fields with commas between.
        questions: The other tool's question by id of the protocol's.
        settings: Of the protocol.
    """

    form: str
    protocol: str
    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of it: the session, its items and ratings, and how many answers had no meaning here."""

    session: Session
    items: int
    ratings: int
    left_out: int


def import_ratings(store: RatingStore, path: Path, wanted: Import) -> Imported:
    """Make a closed session of an export; nothing is kept when it cannot be read.

    An answer that is none of a question's choices is left out, and counted; a record that nobody answered is
    an item without ratings. A ground truth is the organiser's decision.

    Raises:
        ConfigError: For a file that is not such an export, or records that the protocol cannot use.
        StoreError: When the database does not take it.
    """
    records = read_foreign(path, wanted.form)
    protocol = open_protocol(wanted.protocol, wanted.settings)
    session = _session(wanted, protocol, records)
    items = list(_items(session, protocol, records, wanted))
    if not items:
        raise ConfigError(f"{path} holds nothing that {protocol.name} can use.")
    who = dict.fromkeys(one.rater for _, record in items for one in record.answers if not one.decides)
    raters = {name: _rater(session, number) for number, name in enumerate(who, start=1)}
    given = list(_ratings(session, protocol, items, (raters, wanted)))
    assigned = [
        Assignment(rater=rater.id, item=item, place=place)
        for rater in raters.values()
        for place, item in enumerate(dict.fromkeys(r.item for r, _ in given if r.rater == rater.id))
    ]
    store.add_session(session, [item for item, _ in items], list(raters.values()), assigned)
    for rating, _ in given:
        store.save(rating)
    for rater in raters.values():
        store.set_rater_state(rater.id, RaterState.DONE)
    store.set_state(session.id, SessionState.CLOSED)
    store.audit(_IMPORTER, "create", session.id)
    left_out = sum(missed for _, missed in given) + _unread(protocol, items, wanted)
    closed = replace(session, state=SessionState.CLOSED)
    return Imported(session=closed, items=len(items), ratings=len(given), left_out=left_out)


def _session(wanted: Import, protocol: RatingProtocol, records: Sequence[ForeignRecord]) -> Session:
    overlap = max((sum(not one.decides for one in record.answers) for record in records), default=1)
    imported = {"imported_from": wanted.form, "guide_version": protocol.version, "qualification": False}
    return Session(
        id=token_urlsafe(9),
        name=wanted.name,
        protocol=protocol.name,
        state=SessionState.OPEN,
        overlap=max(1, overlap),
        checks=0.0,
        seed=0,
        pass_mark=0.0,
        offensive=True,
        created_at=now(),
        settings={**wanted.settings, **imported},
    )


def _rater(session: Session, number: int) -> Rater:
    """Under a number: whoever rated elsewhere is not known here."""
    name = f"Rater {number}"
    return Rater(id=token_urlsafe(12), session=session.id, name=name, state=RaterState.WORKING)


def _items(
    session: Session, protocol: RatingProtocol, records: Sequence[ForeignRecord], wanted: Import
) -> Iterator[tuple[Item, ForeignRecord]]:
    for record in records:
        for item in protocol.items([_row(record, wanted.columns)], seed=0):
            own = replace(item, id=digest(session.id, item.id), stage=Stage.WORK, gold=None)
            yield own, record


def _row(record: ForeignRecord, columns: Mapping[str, str]) -> dict[str, Any]:
    """A row of this project, with the names of its own that the fields bear."""
    row = {"key": record.id, **record.fields}
    for column, usual in _COLUMNS.items():
        named = next((name for name in (columns.get(column), *usual) if name in record.fields), None)
        if named is not None:
            row[column] = record.fields[named]
    for column, named in columns.items():
        if column == "candidates":
            row[column] = [{"text": record.fields[one], "arm": one} for one in named.split(",")]
        elif column not in _COLUMNS and named in record.fields:
            row[column] = record.fields[named]
    if "citations" not in row and row.get("evidence"):
        quotes = row["evidence"] if isinstance(row["evidence"], list) else [row["evidence"]]
        row["citations"] = [{"title": "", "quote": str(one)} for one in quotes]
    return {name: value for name, value in row.items() if name not in {"gold", "failure"}}


def _ratings(
    session: Session,
    protocol: RatingProtocol,
    items: Sequence[tuple[Item, ForeignRecord]],
    known: tuple[Mapping[str, Rater], Import],
) -> Iterator[tuple[Rating, int]]:
    """Each rating with how many of its answers had no meaning."""
    raters, wanted = known
    for item, record in items:
        questions = protocol.questions(item)
        said: dict[str, ForeignAnswer] = {}
        for one in record.answers:
            said["" if one.decides else one.rater] = one
        for one in said.values():
            answers = dict(_answers(questions, item, one, wanted))
            if answers or one.skipped:
                rater = _IMPORTER if one.decides else raters[one.rater].id
                rating = Rating(
                    id=token_urlsafe(12),
                    session=session.id,
                    rater=rater,
                    item=item.id,
                    answers={} if one.skipped else answers,
                    skipped="Skipped where it was rated." if one.skipped else None,
                    adjudicates=one.decides,
                    seconds=one.seconds,
                    made_at=one.made_at or session.created_at,
                )
                yield rating, 0 if one.skipped else len(questions) - len(answers)


def _answers(
    questions: Sequence[Question], item: Item, given: ForeignAnswer, wanted: Import
) -> Iterator[tuple[str, str]]:
    fields = wanted.columns.get("candidates", "").split(",")
    for question in questions:
        named = wanted.questions.get(question.id, question.id)
        if named not in given.answers and len(questions) == len(given.answers) == 1:
            named = next(iter(given.answers))
        choice = _choice(question, item, given.answers.get(named), fields)
        if choice is not None:
            yield question.id, choice


def _choice(question: Question, item: Item, value: Any, fields: Sequence[str]) -> str | None:
    """The choice that a value of the other tool means; None for none."""
    if isinstance(value, list):
        value = _best(value)
    if isinstance(value, bool):
        value = str(value)
    if isinstance(value, int | float):
        place = int(value) - 1
        return question.choices[place].id if question.ordinal and 0 <= place < len(question.choices) else None
    if not isinstance(value, str):
        return None
    plain = "_".join(value.lower().split())
    plain = _SAME.get(plain, plain)
    return next((one.id for one in question.choices if plain in _names(one, item, fields)), None)


def _names(choice: Choice, item: Item, fields: Sequence[str]) -> set[str]:
    """What the other tool may call a choice; of a candidate its field, or its place among the fields.

    The letters of candidates are drawn here, so that they are not those of the other tool.
    """
    arms: Mapping[str, str] = item.origin.get("candidates") or {}
    if choice.id not in arms:
        return {choice.id.lower(), "_".join(choice.words.lower().split())}
    place = fields.index(arms[choice.id])
    return {arms[choice.id].lower(), LETTERS[place].lower(), str(place + 1)}


def _best(values: Sequence[Any]) -> Any:
    """The only value, or of a ranking the one that is first alone."""
    if values and all(isinstance(one, Mapping) and "rank" in one for one in values):
        first = [one["value"] for one in values if one["rank"] == 1]
        return first[0] if len(first) == 1 else "tie_good"
    return values[0] if len(values) == 1 else None


def _unread(protocol: RatingProtocol, items: Sequence[tuple[Item, ForeignRecord]], wanted: Import) -> int:
    """How many answers were left out whole, since none of them had a meaning."""
    return sum(
        len(protocol.questions(item))
        for item, record in items
        for one in record.answers
        if not one.skipped and not dict(_answers(protocol.questions(item), item, one, wanted))
    )
