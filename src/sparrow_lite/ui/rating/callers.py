"""Who asks: a rater by a personal link or an account, an organiser by an account.

A link is sent with each request as a bearer token, so that no other site can make a browser send it. A
sign-in is a cookie that scripts cannot read and other sites cannot send; what changes something must come
from a page of this app besides.
"""

from sparrow_lite.rating.access import AccessDenied, open_link, open_sign_in, sign_sign_in
from sparrow_lite.rating.accounts import Account, Role
from sparrow_lite.rating.values import Rater, RaterState, Session
from sparrow_lite.ui.rating.asking import Asked, Missing, TooFast
from sparrow_lite.ui.rating.parts import RatingParts

COOKIE = "sparrow-lite-rating"
SIGN_IN_SECONDS = 12 * 3600
_REFUSED = "You may not see this."


def rater_of(parts: RatingParts, asked: Asked) -> Rater:
    """Return the rater who asks.

    Raises:
        AccessDenied: When the link or the sign-in does not work, or the rater is not theirs.
        TooFast: When the rater asks too often.
    """
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    rater = _by_link(parts, asked, token) if scheme.lower() == "bearer" else _by_account(parts, asked)
    wait = parts.asking.take(rater.id)
    if wait > 0.0:
        raise TooFast(wait)
    return rater


def account_of(parts: RatingParts, asked: Asked) -> Account:
    """Return the account that is signed in.

    Raises:
        AccessDenied: When nobody is, or the request comes from a page of another site.
    """
    if not asked.same_origin:
        raise AccessDenied(_REFUSED)
    return open_sign_in(parts.store, parts.secret, asked.cookies.get(COOKIE, ""))


def organiser_of(parts: RatingParts, asked: Asked) -> Account:
    """Return the organiser who is signed in.

    Raises:
        AccessDenied: When none is.
    """
    account = account_of(parts, asked)
    if account.role is not Role.ORGANISER:
        raise AccessDenied("This is for organisers: sign in with the account of one.")
    return account


def session_of(parts: RatingParts, asked: Asked) -> tuple[Account, Session]:
    """Return the organiser who asks, and the session of the address.

    Raises:
        AccessDenied: When no organiser is signed in.
        Missing: When there is no such session.
    """
    account = organiser_of(parts, asked)
    found = [one for one in parts.store.sessions() if one.id == asked.path.get("session")]
    if not found:
        raise Missing("There is no such session.")
    return account, found[0]


def seat_cookie(parts: RatingParts, account: Account, *, secure: bool) -> str:
    """Return the `set-cookie` header of a new sign-in."""
    token = sign_sign_in(parts.secret, account.name, SIGN_IN_SECONDS)
    return _cookie(token, SIGN_IN_SECONDS, secure=secure)


def no_cookie(*, secure: bool) -> str:
    """Return the `set-cookie` header that takes a sign-in away."""
    return _cookie("", 0, secure=secure)


def _cookie(value: str, seconds: int, *, secure: bool) -> str:
    kept = f"{COOKIE}={value}; Path=/rate; Max-Age={seconds}; HttpOnly; SameSite=Strict"
    return f"{kept}; Secure" if secure else kept


def _by_link(parts: RatingParts, asked: Asked, token: str) -> Rater:
    try:
        return open_link(parts.store, parts.secret, token)
    except AccessDenied:
        # What is let through is audited, so that a flood of guesses does not fill the disk.
        wait = parts.guessing.take(asked.address)
        if wait > 0.0:
            raise TooFast(wait) from None
        parts.store.audit("somebody", "be refused a link", asked.address)
        raise


def _by_account(parts: RatingParts, asked: Asked) -> Rater:
    account = account_of(parts, asked)
    for rater in parts.store.raters_of(account.name):
        if rater.id == asked.headers.get("x-rater") and rater.state is not RaterState.REPLACED:
            return rater
    raise AccessDenied(_REFUSED)
