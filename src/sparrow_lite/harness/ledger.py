"""The ledger of a run: every finished case once, its grades, and its frozen conversation.

A text is committed before the case that names it, so that a process killed at any moment leaves no case
without its text; a text without a case is written again to the same name. Only the driver writes.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.case import Finished, Status
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.tables import (
    Base,
    CaseRow,
    GradeRow,
    ManifestRow,
    TextBase,
    TextRow,
    open_engine,
)

LEDGER, TEXTS = "ledger.sqlite", "texts.sqlite"
# Read at once, so that a run of any size is reported in little memory.
_READ_CASES = 500


class Ledger:
    """A run's folder, open. One process at a time may write."""

    def __init__(self, folder: Path) -> None:
        """Open the files in `folder`, making what is missing.

        Raises:
            StoreError: When they cannot be opened.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder} cannot be made: {error.strerror}.") from error
        self.folder = folder
        self._cases = open_engine(folder / LEDGER, Base)
        self._texts = open_engine(folder / TEXTS, TextBase)

    @classmethod
    def of(cls, folder: Path) -> "Ledger":
        """Open the ledger of a run that exists.

        Raises:
            StoreError: When the folder holds none.
        """
        if not (folder / LEDGER).is_file():
            raise StoreError(f"{folder} holds no run: `sparrow-lite eval SUITE --out {folder}` makes one.")
        return cls(folder)

    def close(self) -> None:
        """Close the files."""
        self._cases.dispose()
        self._texts.dispose()

    def manifest(self) -> dict[str, Any] | None:
        """Return what the run is of; None when nothing has been written yet."""
        with self._cases.connect() as connection:
            body = connection.execute(select(ManifestRow.body)).scalar()
        return json.loads(body) if body is not None else None

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write or replace what the run is of; arms and suites keep their order."""
        values = {"id": 1, "body": json.dumps(manifest)}
        statement = insert(ManifestRow).values(values)
        with self._cases.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def done(self) -> set[str]:
        """Return the keys of all cases that stand in the ledger, failed ones too."""
        with self._cases.connect() as connection:
            return set(connection.execute(select(CaseRow.key)).scalars())

    def count(self) -> tuple[int, int]:
        """Return how many cases are done and how many failed."""
        statement = select(CaseRow.status, func.count()).group_by(CaseRow.status)
        with self._cases.connect() as connection:
            counts = {str(status): int(count) for status, count in connection.execute(statement)}
        return counts.get(Status.DONE, 0), counts.get(Status.FAILED, 0)

    def forget_failed(self) -> int:
        """Take out the failed cases, so that they are tried again; return how many."""
        with self._cases.begin() as connection:
            return connection.execute(delete(CaseRow).where(CaseRow.status == Status.FAILED)).rowcount

    def write(self, finished: Sequence[Finished]) -> None:
        """Write finished cases with their texts and grades; a case that is there already stays as it is.

        Raises:
            StoreError: When the disk does not take them; nothing of them is then in the ledger.
        """
        frozen = [_freeze(one.conversation) if one.conversation else None for one in finished]
        texts = [{"sha256": text[0], "body": text[1]} for text in frozen if text is not None]
        cases = [_case_values(one, text) for one, text in zip(finished, frozen, strict=True)]
        grades = [_grade_values(one.case.key, grade) for one in finished for grade in one.grades]
        try:
            if texts:
                with self._texts.begin() as connection:
                    connection.execute(insert(TextRow).on_conflict_do_nothing(), texts)
            with self._cases.begin() as connection:
                connection.execute(insert(CaseRow).on_conflict_do_nothing(), cases)
                _write_grades(connection, grades)
        except SQLAlchemyError as error:
            raise StoreError(f"{self.folder} does not take the results: {error.__cause__}.") from error

    def write_grades(self, grades: Iterable[tuple[str, Graded]]) -> None:
        """Write what judges say of cases by key, in the place of what the same judges said before."""
        values = [_grade_values(key, grade) for key, grade in grades]
        with self._cases.begin() as connection:
            _write_grades(connection, values)

    def cases(self) -> Iterator[CaseRow]:
        """Yield every case in the order of the plan, detached from the database."""
        columns = CaseRow.__table__.columns
        with self._cases.connect() as connection:
            for row in connection.execute(select(*columns).order_by(CaseRow.ordinal, CaseRow.key)):
                yield CaseRow(**row._mapping)

    def graded_cases(self, judge: str) -> Iterator[tuple[Row[*tuple[Any, ...]], Graded | None]]:
        """Yield every case in the order of the plan with what these judges say of it, one at a time.

        The row has the columns of a case by name; the grades are None where these judges said nothing.
        """
        its_grade = and_(GradeRow.case == CaseRow.key, GradeRow.judge == judge)
        statement = select(*CaseRow.__table__.columns, GradeRow.body).outerjoin(GradeRow, its_grade)
        ordered = statement.order_by(CaseRow.ordinal, CaseRow.key).execution_options(yield_per=_READ_CASES)
        with self._cases.connect() as connection:
            for row in connection.execute(ordered):
                yield row, Graded.of(json.loads(row.body)) if row.body is not None else None

    def grades(self, judge: str) -> Iterator[tuple[str, Graded]]:
        """Yield the key of each case and what these judges say of it."""
        statement = select(GradeRow.case, GradeRow.body).where(GradeRow.judge == judge)
        with self._cases.connect() as connection:
            for key, body in connection.execute(statement):
                yield key, Graded.of(json.loads(body))

    def judges(self) -> tuple[str, ...]:
        """Return the names of all sets of judges that have graded something, the first one first."""
        statement = select(GradeRow.judge, func.min(GradeRow.__table__.c.case)).group_by(GradeRow.judge)
        with self._cases.connect() as connection:
            return tuple(sorted(str(judge) for judge, _ in connection.execute(statement)))

    def conversation(self, text: str) -> Conversation:
        """Return the frozen conversation of this name.

        Raises:
            StoreError: When it is missing or damaged.
        """
        with self._texts.connect() as connection:
            body = connection.execute(select(TextRow.body).where(TextRow.sha256 == text)).scalar()
        if body is None:
            raise StoreError(f"{self.folder / TEXTS} lacks the text {text}: the run's files are not whole.")
        return _thaw(body)

    def conversations(self, texts: Sequence[str]) -> dict[str, Conversation]:
        """Return the frozen conversations of these names, at most some hundreds, in one reading.

        Raises:
            StoreError: When one is missing or damaged.
        """
        statement = select(TextRow.sha256, TextRow.body).where(TextRow.sha256.in_(texts))
        with self._texts.connect() as connection:
            found = {str(name): _thaw(body) for name, body in connection.execute(statement)}
        if len(found) < len(set(texts)):
            raise StoreError(f"{self.folder / TEXTS} lacks texts: the run's files are not whole.")
        return found


def _thaw(body: bytes) -> Conversation:
    return Conversation.of(json.loads(zlib.decompress(body)))


def _freeze(conversation: Conversation) -> tuple[str, bytes]:
    plain = json.dumps(conversation.to_dict(), ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(plain).hexdigest(), zlib.compress(plain, level=1)


def _case_values(one: Finished, text: tuple[str, bytes] | None) -> dict[str, Any]:
    case, said = one.case, one.conversation
    usage = said.usage if said else None
    return {
        "key": case.key,
        "ordinal": case.ordinal,
        "suite": case.probe.suite,
        "probe": case.probe.id,
        "arm": case.arm,
        "sample": case.sample,
        "status": one.status.value,
        "reason": one.reason,
        "tries": one.tries,
        "text": text[0] if text else None,
        "replies": len(said.replies) if said else 0,
        "evidence_shown": bool(said and said.last.citations),
        "abstained": said.last.abstained if said else None,
        "seconds": said.seconds if said else 0.0,
        "requests": usage.requests if usage else 0,
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _grade_values(key: str, grade: Graded) -> dict[str, str]:
    return {
        "case": key,
        "judge": grade.judge,
        "body": json.dumps(grade.to_dict(), ensure_ascii=False),
    }


def _write_grades(connection: Connection, values: list[dict[str, str]]) -> None:
    if values:
        statement = insert(GradeRow)
        changed = {"body": statement.excluded.body}
        keys = ["case", "judge"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), values)
