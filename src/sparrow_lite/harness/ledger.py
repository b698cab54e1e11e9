"""The ledger of a run: every finished case once, its grades, and its frozen conversation.

A text is committed before the case that names it, so that a process killed at any moment leaves no case
without its text; a text without a case is written again to the same name. Only the driver writes.
"""

import json
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.case import Finished, Status
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.lock import FolderLock
from sparrow_lite.harness.rows import case_values, freeze, grade_values, thaw
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
    """A run's folder, open. One process at a time may write; any may read beside it."""

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
        self._lock: FolderLock | None = None
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

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder while the body writes. May be nested.

        Raises:
            StoreError: When another process holds it. One that died does not.
        """
        if self._lock is not None:
            yield
            return
        self._lock = FolderLock(self.folder)
        try:
            yield
        finally:
            self._lock.release()
            self._lock = None

    def manifest(self) -> dict[str, Any] | None:
        """Return what the run is of; None when nothing has been written yet."""
        with self._reading(self._cases) as connection:
            body = connection.execute(select(ManifestRow.body)).scalar()
        return json.loads(body) if body is not None else None

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Write or replace what the run is of; arms and suites keep their order.

        Raises:
            StoreError: When the disk does not take it, or another process writes.
        """
        values = {"id": 1, "body": json.dumps(manifest)}
        statement = insert(ManifestRow).values(values)
        with self._changing(self._cases) as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def done(self) -> dict[str, int]:
        """Return the key of every case that stands in the ledger, failed ones too, with its place."""
        with self._reading(self._cases) as connection:
            rows = connection.execute(select(CaseRow.key, CaseRow.ordinal))
            return {key: ordinal for key, ordinal in rows}  # noqa: C416  # a row is no pair to mypy

    def arms(self) -> frozenset[str]:
        """Return the names of the arms that have cases in the ledger."""
        with self._reading(self._cases) as connection:
            return frozenset(connection.execute(select(CaseRow.arm).distinct()).scalars())

    def count(self) -> tuple[int, int]:
        """Return how many cases are done and how many failed."""
        statement = select(CaseRow.status, func.count()).group_by(CaseRow.status)
        with self._reading(self._cases) as connection:
            counts = {str(status): int(count) for status, count in connection.execute(statement)}
        return counts.get(Status.DONE, 0), counts.get(Status.FAILED, 0)

    def reasons(self, most: int) -> tuple[str, ...]:
        """Return why cases failed: at most this many reasons, the most frequent first."""
        failed = select(CaseRow.reason).where(CaseRow.status == Status.FAILED).group_by(CaseRow.reason)
        statement = failed.order_by(func.count().desc(), func.min(CaseRow.ordinal)).limit(most)
        with self._reading(self._cases) as connection:
            return tuple(str(reason) for reason in connection.execute(statement).scalars())

    def forget_failed(self, keys: Container[str]) -> int:
        """Take out the failed cases of these keys, so that they are tried again; return how many.

        Raises:
            StoreError: When the disk does not take it, or another process writes.
        """
        with self._reading(self._cases) as connection:
            failed = connection.execute(select(CaseRow.key).where(CaseRow.status == Status.FAILED)).scalars()
            values = [{"of": key} for key in failed if key in keys]
        if values:
            with self._changing(self._cases) as connection:
                connection.execute(delete(CaseRow).where(CaseRow.key == bindparam("of")), values)
        return len(values)

    def renumber(self, ordinals: Mapping[str, int]) -> None:
        """Give cases, by key, another place in the plan.

        Raises:
            StoreError: When the disk does not take it, or another process writes.
        """
        values = [{"of": key, "to": ordinal} for key, ordinal in ordinals.items()]
        if values:
            changed = update(CaseRow).where(CaseRow.key == bindparam("of"))
            with self._changing(self._cases) as connection:
                connection.execute(changed.values(ordinal=bindparam("to")), values)

    def write(self, finished: Sequence[Finished]) -> None:
        """Write finished cases with their texts and grades; a case that is there already stays as it is.

        Raises:
            StoreError: When the disk does not take them, or another process writes; none of them is then in
                the ledger.
        """
        if not finished:
            return
        frozen = [freeze(one.conversation) if one.conversation else None for one in finished]
        texts = [{"sha256": text[0], "body": text[1]} for text in frozen if text is not None]
        cases = [case_values(one, text) for one, text in zip(finished, frozen, strict=True)]
        grades = [grade_values(one.case.key, grade) for one in finished for grade in one.grades]
        if texts:
            with self._changing(self._texts) as connection:
                connection.execute(insert(TextRow).on_conflict_do_nothing(), texts)
        with self._changing(self._cases) as connection:
            connection.execute(insert(CaseRow).on_conflict_do_nothing(), cases)
            if grades:
                connection.execute(insert(GradeRow).on_conflict_do_nothing(), grades)

    def write_grades(self, grades: Iterable[tuple[str, Graded]]) -> None:
        """Write what judges say of cases by key, in the place of what the same judges said before.

        Raises:
            StoreError: When the disk does not take them, or another process writes.
        """
        values = [grade_values(key, grade) for key, grade in grades]
        if values:
            statement = insert(GradeRow)
            changed = {"body": statement.excluded.body}
            statement = statement.on_conflict_do_update(index_elements=["case", "judge"], set_=changed)
            with self._changing(self._cases) as connection:
                connection.execute(statement, values)

    def cases(self) -> Iterator[CaseRow]:
        """Yield every case in the order of the plan, detached from the database."""
        columns = CaseRow.__table__.columns
        with self._reading(self._cases) as connection:
            for row in connection.execute(select(*columns).order_by(CaseRow.ordinal, CaseRow.key)):
                yield CaseRow(**row._mapping)

    def graded_cases(self, judge: str) -> Iterator[tuple[Row[*tuple[Any, ...]], Graded | None]]:
        """Yield every case in the order of the plan with what these judges say of it, one at a time.

        The row has the columns of a case by name; the grades are None where these judges said nothing.
        """
        its_grade = and_(GradeRow.case == CaseRow.key, GradeRow.judge == judge)
        statement = select(*CaseRow.__table__.columns, GradeRow.body).outerjoin(GradeRow, its_grade)
        ordered = statement.order_by(CaseRow.ordinal, CaseRow.key).execution_options(yield_per=_READ_CASES)
        with self._reading(self._cases) as connection:
            for row in connection.execute(ordered):
                yield row, Graded.of(json.loads(row.body)) if row.body is not None else None

    def grades(self, judge: str) -> Iterator[tuple[str, Graded]]:
        """Yield the key of each case and what these judges say of it."""
        statement = select(GradeRow.case, GradeRow.body).where(GradeRow.judge == judge)
        with self._reading(self._cases) as connection:
            for key, body in connection.execute(statement):
                yield key, Graded.of(json.loads(body))

    def judges(self) -> tuple[str, ...]:
        """Return the names of all sets of judges that have graded something, sorted."""
        statement = select(GradeRow.judge).distinct().order_by(GradeRow.judge)
        with self._reading(self._cases) as connection:
            return tuple(connection.execute(statement).scalars())

    def conversation(self, text: str) -> Conversation:
        """Return the frozen conversation of this name.

        Raises:
            StoreError: When it is missing or damaged.
        """
        with self._reading(self._texts) as connection:
            body = connection.execute(select(TextRow.body).where(TextRow.sha256 == text)).scalar()
        if body is None:
            raise StoreError(f"{self.folder / TEXTS} lacks the text {text}: the run's files are not whole.")
        return self._thaw(text, body)

    def conversations(self, texts: Sequence[str]) -> dict[str, Conversation]:
        """Return the frozen conversations of these names, at most some hundreds, in one reading.

        Raises:
            StoreError: When one is missing or damaged.
        """
        statement = select(TextRow.sha256, TextRow.body).where(TextRow.sha256.in_(texts))
        with self._reading(self._texts) as connection:
            found = {str(name): self._thaw(name, body) for name, body in connection.execute(statement)}
        if len(found) < len(set(texts)):
            raise StoreError(f"{self.folder / TEXTS} lacks texts: the run's files are not whole.")
        return found

    def _thaw(self, text: str, body: bytes) -> Conversation:
        try:
            return thaw(body)
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self.folder / TEXTS}: the text {text} is damaged: {error}.") from error

    @contextmanager
    def _changing(self, engine: Engine) -> Iterator[Connection]:
        """One change: whole or not at all, and on the disk when the body has ended."""
        with self.writing():
            try:
                with engine.begin() as connection:
                    yield connection
            except SQLAlchemyError as error:
                said = error.__cause__ or error
                raise StoreError(f"{self.folder} does not take what the run writes: {said}.") from error

    @contextmanager
    def _reading(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"{self.folder} cannot be read: {error.__cause__ or error}.") from error
