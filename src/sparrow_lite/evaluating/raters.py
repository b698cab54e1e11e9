"""Raters of sessions, as the commands `rate ...` name them: by name, link or account; and flags of pairs."""

from collections.abc import Iterator, Sequence

from sparrow_lite.config import read_settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.rating import access
from sparrow_lite.rating.accounts import Accounts, Role
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.values import Rater

_DAY_SECONDS = 86_400.0
_COMMAND = "command"


def rater_names(
    names: Sequence[str], count: int, taken: set[str] | frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the given names and as many numbered ones, none of them taken.

    Raises:
        ConfigError: For a given name that is taken.
    """
    if clash := taken & set(names):
        raise ConfigError(f"There is a rater {min(clash)!r} in this session already.")
    numbered = (f"Rater {number}" for number in range(1, count + len(taken) + len(names) + 1))
    free = [one for one in numbered if one not in taken and one not in names]
    return (*names, *free[:count])


def find_rater(sessions: RatingSessions, session: str, name: str) -> Rater:
    """Return the rater of this name or id.

    Raises:
        ConfigError: When there is none, or several of the name.
    """
    found = [one for one in sessions.store.raters(session) if name in (one.id, one.name)]
    if len(found) != 1:
        told = ", ".join(f"{one.name} ({one.id})" for one in sessions.store.raters(session))
        raise ConfigError(f"{name!r} is not one rater of the session. Its raters: {told}.")
    return found[0]


def some_raters(sessions: RatingSessions, session: str, name: str | None) -> Sequence[Rater]:
    """Return the rater of this name or id, or every rater of the session for None.

    Raises:
        ConfigError: When no rater, or several, have the name.
    """
    return [find_rater(sessions, session, name)] if name else sessions.store.raters(session)


def make_links(
    sessions: RatingSessions, raters: Sequence[Rater], *, address: str, days: float
) -> Iterator[str]:
    """Yield a line with the name and a new personal link for each rater."""
    settings = read_settings()
    given = settings.rating_secret.get_secret_value() if settings.rating_secret else None
    secret = access.read_secret(settings.data_dir, given)
    for rater in raters:
        sessions.store.audit(_COMMAND, "make a link", rater.id)
        token = access.sign_link(secret, rater.id, expires_in=days * _DAY_SECONDS)
        yield f"{rater.name}\t{address.rstrip('/')}/rate/{token}"


def revoke_links(sessions: RatingSessions, raters: Sequence[Rater]) -> Iterator[str]:
    """End all links of these raters that were made before; yield a line for each."""
    for rater in raters:
        sessions.store.audit(_COMMAND, "revoke links", rater.id)
        access.revoke_links(sessions.store, rater.id)
        yield f"{rater.name}\trevoked"


def add_account(sessions: RatingSessions, name: str, password: str, *, organiser: bool) -> str:
    """Make an account, or give it another password when there is one; return a line about it.

    Raises:
        ConfigError: For a name or password that cannot be one, or a role that the account does not have.
    """
    accounts = Accounts(sessions.store)
    role = Role.ORGANISER if organiser else Role.RATER
    there = next((one for one in accounts.all() if one.name == name), None)
    if there is None:
        made = accounts.add(name, password, role)
        sessions.store.audit(_COMMAND, f"add {role.value}", made.name)
        return f"{made.name}: {role.value}"
    if there.role is not role:
        raise ConfigError(f"There is an account {name!r} already, of role {there.role.value}.")
    accounts.set_password(name, password)
    sessions.store.audit(_COMMAND, "set the password", name)
    return f"{name}: another password; signed out everywhere"


def list_accounts(sessions: RatingSessions) -> str:
    """Return the accounts, one a line."""
    found = Accounts(sessions.store).all()
    lines = [f"{one.name}  {one.role.value}{'  disabled' if one.disabled else ''}" for one in found]
    return "\n".join(lines) or "There are no accounts: sparrow-lite rate account NAME --organiser"


def shut_account(sessions: RatingSessions, name: str, *, disabled: bool) -> str:
    """Keep an account out, or let it in again; return a line about it.

    Raises:
        StoreError: When there is no such account.
    """
    Accounts(sessions.store).set_disabled(name, disabled)
    sessions.store.audit(_COMMAND, "disable" if disabled else "enable", name)
    return f"{name}: {'disabled' if disabled else 'enabled'}"


def pairs(given: Sequence[str]) -> dict[str, str]:
    """Return `NAME=VALUE` flags as a mapping.

    Raises:
        ConfigError: For one without a sign of equality.
    """
    parts = [one.partition("=") for one in given]
    if not all(name and mark for name, mark, _ in parts):
        raise ConfigError("Such a flag is written as NAME=VALUE, such as --answer plausible=yes.")
    return {name: value for name, _, value in parts}
