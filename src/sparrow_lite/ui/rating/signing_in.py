"""Signing in and out, and what an account may open."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.access import AccessDenied
from sparrow_lite.rating.accounts import Account, Role
from sparrow_lite.rating.values import RaterState
from sparrow_lite.ui.rating.asking import Asked, Told
from sparrow_lite.ui.rating.callers import account_of, no_cookie, organiser_of, seat_cookie
from sparrow_lite.ui.rating.parts import RatingParts


class _SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    password: str


class _NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    password: str


def sign_in(parts: RatingParts, asked: Asked) -> Any:
    """Sign an account in, and return what it may open."""
    if not asked.same_origin:
        raise AccessDenied("Sign in from the page of this app.")
    given = asked.read(_SignIn)
    account = parts.accounts.sign_in(given.name, given.password, asked.address)
    cookie = seat_cookie(parts, account, secure=asked.secure)
    return Told(body=_told(parts, account), headers={"set-cookie": cookie})


def sign_out(parts: RatingParts, asked: Asked) -> Any:
    """Sign the account out, on all devices."""
    account = account_of(parts, asked)
    parts.accounts.sign_out(account.name)
    parts.store.audit(account.name, "sign out", account.name)
    return Told(body={}, headers={"set-cookie": no_cookie(secure=asked.secure)})


def me(parts: RatingParts, asked: Asked) -> Any:
    """Return who is signed in, and what the account may open."""
    return _told(parts, account_of(parts, asked))


def anybody(parts: RatingParts, _asked: Asked) -> Any:
    """Return whether there is an organiser, so that the sign-in page can say how to make the first one."""
    return {"organisers": any(one.role is Role.ORGANISER for one in parts.accounts.all())}


def accounts(parts: RatingParts, asked: Asked) -> Any:
    """Return the raters' accounts, for the organiser to choose from."""
    organiser_of(parts, asked)
    return [one for one in parts.accounts.all() if one.role is Role.RATER]


def add_account(parts: RatingParts, asked: Asked) -> Any:
    """Make an account for a rater. Organisers are made by the command only."""
    organiser, given = organiser_of(parts, asked), asked.read(_NewAccount)
    made = parts.accounts.add(given.name, given.password, Role.RATER)
    parts.store.audit(organiser.name, "add rater", made.name)
    return made


def require_accounts(parts: RatingParts, names: list[str]) -> None:
    """Return when each name is an account that may sign in.

    Raises:
        ConfigError: With the first one that is not.
    """
    known = {one.name for one in parts.accounts.all() if not one.disabled}
    for name in names:
        if name not in known:
            raise ConfigError(f"There is no account {name!r}: make it first, or give the rater a link.")


def _told(parts: RatingParts, account: Account) -> dict[str, Any]:
    """What the page shows of an account: its name and role, and the sessions in which it rates."""
    mine = [one for one in parts.store.raters_of(account.name) if one.state is not RaterState.REPLACED]
    names = {one.id: one for one in parts.store.sessions()} if mine else {}
    return {
        "name": account.name,
        "role": account.role,
        "seats": [
            {
                "rater": one.id,
                "session": names[one.session].name,
                "session_state": names[one.session].state,
                "state": one.state,
            }
            for one in mine
        ],
    }
