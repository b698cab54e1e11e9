"""Who may come in: personal links of raters and sign-ins of accounts, signed, expiring, revocable.

Every refusal of a link says the same, so that a guess teaches nothing. Whoever holds a link is that rater, so
that links belong to one person each, and not into logs.
"""

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from sparrow_lite.errors import SparrowError, StoreError
from sparrow_lite.rating.accounts import Account
from sparrow_lite.rating.asked_often import rater_of_id
from sparrow_lite.rating.rows import rater_of
from sparrow_lite.rating.secret import read_secret
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tables import AccountRow, RaterRow
from sparrow_lite.rating.values import Rater, RaterState

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

__all__ = [
    "AccessDenied",
    "Pass",
    "open_link",
    "open_sign_in",
    "read_link",
    "read_secret",
    "revoke_links",
    "sign_link",
    "sign_sign_in",
]

_LINK, _SIGN_IN = "sparrow-lite rating link", "sparrow-lite rating sign-in"
_MOST_CHARS = 1000
# Clocks of two machines may differ; a pass from further ahead could outlive its revocation.
_AHEAD_SECONDS = 60.0
_BAD_LINK = "This link does not work (any more): ask the organiser for a new one."
_BAD_SIGN_IN = "You are not signed in (any more): sign in."


class AccessDenied(SparrowError):  # noqa: N818 (it is no fault)
    """Somebody who may not come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a signed token says.

    Attributes:
        subject: Id of the rater, or name of the account.
        signed_at: Seconds since 1970.
        expires_at: Seconds since 1970.
    """

    subject: str
    signed_at: float
    expires_at: float


def sign_link(secret: bytes, rater: str, expires_in: float) -> str:
    """Return the token of a rater's personal link, good for `expires_in` seconds; safe in addresses."""
    return _sign(secret, _LINK, rater, expires_in)


def read_link(secret: bytes, token: str) -> Pass:
    """Return what a link's token says. Whether it was revoked is `open_link`'s to ask.

    Raises:
        AccessDenied: For one that was not signed with this secret for this purpose, or is expired.
    """
    return _read(secret, _LINK, token, _BAD_LINK)


def open_link(store: RatingStore, secret: bytes, token: str) -> Rater:
    """Return whose link it is.

    Raises:
        AccessDenied: When it is not signed, expired, or revoked, or the rater was replaced.
        StoreError: When the database cannot be read.
    """
    found = read_link(secret, token)
    with store.database.reading() as connection:
        row = connection.execute(rater_of_id(), {"rater": found.subject}).first()
    if row is None or found.signed_at <= row.links_from or row.state == RaterState.REPLACED:
        raise AccessDenied(_BAD_LINK)
    return rater_of(row)


def revoke_links(store: RatingStore, rater: str) -> None:
    """End every link of the rater that was signed until now; one that is signed later is good.

    Raises:
        StoreError: When there is no such rater.
    """
    change = update(RaterRow).where(RaterRow.id == rater).values(links_from=time.time())
    with store.database.writing() as connection:
        if connection.execute(change).rowcount == 0:
            raise StoreError("There is no such rater.")


def sign_sign_in(secret: bytes, account: str, expires_in: float) -> str:
    """Return the token of a sign-in, for a cookie, good for `expires_in` seconds."""
    return _sign(secret, _SIGN_IN, account, expires_in)


def open_sign_in(store: RatingStore, secret: bytes, token: str) -> Account:
    """Return who is signed in.

    Raises:
        AccessDenied: When the token is not signed or expired, the account is disabled, or its sign-ins ended.
        StoreError: When the database cannot be read.
    """
    found = _read(secret, _SIGN_IN, token, _BAD_SIGN_IN)
    with store.database.reading() as connection:
        row = connection.execute(select(AccountRow).where(AccountRow.name == found.subject)).first()
    if row is None or row.disabled or found.signed_at <= row.passes_from:
        raise AccessDenied(_BAD_SIGN_IN)
    return Account.of(row)


def _sign(secret: bytes, purpose: str, subject: str, expires_in: float) -> str:
    now = time.time()
    return str(_signer(secret, purpose).dumps([subject, now, now + expires_in]))


def _read(secret: bytes, purpose: str, token: str, refusal: str) -> Pass:
    from itsdangerous import BadData

    try:
        if len(token) > _MOST_CHARS:
            raise AccessDenied(refusal)
        subject, signed_at, expires_at = _signer(secret, purpose).loads(token)
    except (BadData, UnicodeError) as error:
        raise AccessDenied(refusal) from error
    now = time.time()
    if not (signed_at <= now + _AHEAD_SECONDS and now < expires_at) or not math.isfinite(expires_at):
        raise AccessDenied(refusal)
    return Pass(subject=subject, signed_at=signed_at, expires_at=expires_at)


def _signer(secret: bytes, purpose: str) -> "URLSafeSerializer":
    import hashlib

    from itsdangerous import URLSafeSerializer

    # A purpose of its own for each kind, so that a link is never taken for a sign-in.
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(secret, salt=purpose, signer_kwargs=how)
