"""Accounts of the rating pages: names, roles, and passwords, which are kept as Argon2id hashes only."""

import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from sparrow_lite.errors import ConfigError, SparrowError, StoreError
from sparrow_lite.rating.database import RowError
from sparrow_lite.rating.rows import AnyRow, now
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tables import AccountRow
from sparrow_lite.rating.throttle import SignInThrottle

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST_CHARS, MOST_CHARS = 10, 200
_MOST_NAME = 80
# Each hash takes 64 MiB and half a second of a core: a crowd that signs in waits in line.
_AT_ONCE = 2


class Role(StrEnum):
    """What an account may do."""

    ORGANISER = "organiser"
    RATER = "rater"


class SignInRefused(SparrowError):  # noqa: N818 (it is no fault)
    """A wrong name or password, or too many tries; `wait_seconds` is above 0.0 for the latter."""

    def __init__(self, message: str, *, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account, without its password."""

    name: str
    role: Role
    disabled: bool

    @classmethod
    def of(cls, row: AnyRow) -> "Account":
        """Return the account of a row."""
        return cls(name=row.name, role=Role(row.role), disabled=row.disabled)


class Accounts:
    """The accounts of one database. Safe to call from several threads."""

    def __init__(
        self,
        store: RatingStore,
        *,
        throttle: SignInThrottle | None = None,
        hasher: "PasswordHasher | None" = None,
    ) -> None:
        self._store = store
        self._throttle = throttle or SignInThrottle()
        self._given = hasher
        self._turns = BoundedSemaphore(_AT_ONCE)

    def add(self, name: str, password: str, role: Role) -> Account:
        """Make an account and return it.

        Raises:
            ConfigError: For a name or password that cannot be one, or a name that is taken.
        """
        name = clean_name(name)
        row = {
            "name": name,
            "role": role.value,
            "password_hash": self._hash(password),
            "disabled": False,
            "passes_from": 0.0,
            "created_at": now(),
        }
        try:
            with self._store.database.writing() as connection:
                connection.execute(insert(AccountRow), row)
        except RowError as error:
            raise ConfigError(f"There is an account {name!r} already.") from error
        return Account(name=name, role=role, disabled=False)

    def all(self) -> Sequence[Account]:
        """Return every account, by name."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(AccountRow).order_by(AccountRow.name)).all()
        return tuple(Account.of(row) for row in rows)

    def sign_in(self, name: str, password: str, address: str) -> Account:
        """Return the account whose password this is. Every try that is let through is audited.

        Args:
            name: As typed.
            password: As typed.
            address: Where the try comes from, for the throttle.

        Raises:
            SignInRefused: For a wrong name or password, which it does not tell apart, or too many tries.
        """
        wait = self._throttle.take(name[:_MOST_NAME], address)
        if wait > 0.0:
            raise SignInRefused("Too many tries: wait a little.", wait_seconds=wait)
        row = self._row(name)
        # An unknown name takes as long as a known one.
        right = self._matches(row.password_hash if row else self._unknown, password[: MOST_CHARS + 1])
        if row is None or not right or row.disabled:
            self._store.audit(name, "fail to sign in", address)
            raise SignInRefused("The name or the password is wrong.")
        self._throttle.succeed(name[:_MOST_NAME], address)
        self._hash_again(row, password)
        self._store.audit(row.name, "sign in", address)
        return Account.of(row)

    def set_password(self, name: str, password: str) -> None:
        """Give the account another password, and end its sign-ins.

        Raises:
            ConfigError: For a password that cannot be one.
            StoreError: When there is no such account.
        """
        self._change(name, password_hash=self._hash(password), passes_from=time.time())

    def set_disabled(self, name: str, disabled: bool) -> None:
        """Keep the account out, or let it in again. Its sign-ins end either way.

        Raises:
            StoreError: When there is no such account.
        """
        self._change(name, disabled=disabled, passes_from=time.time())

    def sign_out(self, name: str) -> None:
        """End every sign-in of the account, on all devices.

        Raises:
            StoreError: When there is no such account.
        """
        self._change(name, passes_from=time.time())

    def _change(self, name: str, **values: str | bool | float) -> None:
        change = update(AccountRow).where(AccountRow.name == name).values(**values)
        with self._store.database.writing() as connection:
            if connection.execute(change).rowcount == 0:
                raise StoreError("There is no such account.")

    def _row(self, name: str) -> AnyRow | None:
        try:
            name = clean_name(name)
        except ConfigError:
            return None
        with self._store.database.reading() as connection:
            return connection.execute(select(AccountRow).where(AccountRow.name == name)).first()

    def _hash(self, password: str) -> str:
        if not LEAST_CHARS <= len(password) <= MOST_CHARS:
            raise ConfigError(f"A password has {LEAST_CHARS} to {MOST_CHARS} characters.")
        with self._turns:
            return self._hasher.hash(_normal(password))

    def _hash_again(self, row: AnyRow, password: str) -> None:
        """Bring an old hash to the strength of today."""
        if not self._hasher.check_needs_rehash(row.password_hash):
            return
        with self._turns:
            stronger = self._hasher.hash(_normal(password))
        # Only in the place of the hash that was matched: the password may be another by now.
        change = update(AccountRow).where(
            AccountRow.name == row.name, AccountRow.password_hash == row.password_hash
        )
        with self._store.database.writing() as connection:
            connection.execute(change.values(password_hash=stronger))

    def _matches(self, known: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        with self._turns:
            try:
                return self._hasher.verify(known, _normal(password)) and len(password) <= MOST_CHARS
            except (VerificationError, InvalidHashError):
                return False

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        if self._given is not None:
            return self._given
        from argon2 import PasswordHasher

        return PasswordHasher()

    @cached_property
    def _unknown(self) -> str:
        return self._hasher.hash("no account has this one")


def clean_name(name: str) -> str:
    """Return the name of an account: letters in one form, single spaces.

    Raises:
        ConfigError: For one that is empty, too long, or has characters that are not printed.
    """
    found = " ".join(unicodedata.normalize("NFKC", name).split())
    if not found or len(found) > _MOST_NAME or not found.isprintable():
        raise ConfigError(f"The name of an account has 1 to {_MOST_NAME} printable characters.")
    return found


def _normal(password: str) -> bytes:
    # One form for what looks the same on every keyboard; a lone surrogate is no reason to fail.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
