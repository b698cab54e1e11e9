"""What the commands `rate ...` do, and what they print."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

from sparrow_lite.config import Settings, read_settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.rating import access
from sparrow_lite.rating.accounts import Accounts, Role
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.sources import read_rows
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.talkers import read_talkers
from sparrow_lite.rating.tasks import Answer, Created, More, NewSession, RaterProgress
from sparrow_lite.rating.values import Rater

_LONGEST_SHOWN = 72
_DAY_SECONDS = 86_400.0
_COMMAND = "command"


def open_sessions(settings: Settings) -> RatingSessions:
    """Return the sessions of the settings' database.

    Raises:
        StoreError: When it cannot be opened.
    """
    return RatingSessions(RatingStore.open(settings.ratings_database))


def create_session(sessions: RatingSessions, flags: Mapping[str, Any]) -> Created:
    """Make the session that the flags ask for.

    Raises:
        ConfigError: For flags, rows or a protocol that cannot be used.
        StoreError: When the run cannot be read or the database does not take it.
    """
    settings = _protocol_settings(flags)
    day = datetime.now(UTC).date().isoformat()
    new = NewSession(
        name=flags["name"] or f"{flags['protocol']} {day}",
        protocol=flags["protocol"],
        raters=rater_names(flags["names"], flags["raters"]),
        overlap=flags["overlap"],
        checks=flags["checks"],
        seed=flags["seed"],
        pass_mark=flags["pass_mark"],
        qualification=not flags["no_qualification"],
        offensive=not flags["inoffensive"],
        limit=flags["limit"],
        settings=settings,
    )
    if flags["source"] is None and flags["protocol"] != "probing":
        raise ConfigError("Give --from: the folder of a run, or a file of JSON lines.")
    return sessions.create(new, _rows(flags))


def extend_session(sessions: RatingSessions, session: str, flags: Mapping[str, Any]) -> Created:
    """Extend the session as the flags ask.

    Raises:
        ConfigError: When there is nothing to add, or there are too few raters.
        StoreError: When there is no such session, or the run cannot be read.
    """
    there = {rater.name for rater in sessions.store.raters(session)}
    names = rater_names(flags["names"], flags["raters"], there)
    more = More(raters=names, overlap=flags["overlap"], limit=flags["limit"])
    return sessions.extend(session, more, _rows(flags))


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


def show_created(created: Created, *, as_json: bool) -> str:
    """Return what was made, in lines or as JSON."""
    session = created.session
    if as_json:
        raters = [{"id": one.id, "name": one.name} for one in created.raters]
        made = {"session": session.id, "items": created.items, "raters": raters, "notes": created.notes}
        return json.dumps(made, ensure_ascii=False)
    counted = f"{created.items} items, {len(created.raters)} new raters"
    after = f"Links for the raters: sparrow-lite rate links {session.id}"
    return "\n".join([f"{session.id}  {session.name}: {counted}.", *created.notes, after])


def show_sessions(sessions: RatingSessions, *, as_json: bool) -> str:
    """Return the sessions, one a line, or as JSON."""
    found = tuple(sessions.store.sessions())
    if as_json:
        return json.dumps([asdict(one) for one in found], ensure_ascii=False)
    lines = [
        f"{one.id}  {one.state.value:7}  {one.protocol:20} {one.created_at[:16]}  {one.name}" for one in found
    ]
    return "\n".join(lines) or "There are no sessions: sparrow-lite rate create --from RUN_DIR ..."


def show_progress(sessions: RatingSessions, session: str, *, as_json: bool) -> str:
    """Return how the session does, a line for each rater, or as JSON.

    Raises:
        StoreError: When there is no such session.
    """
    found = sessions.progress(session)
    if as_json:
        return json.dumps(asdict(found), ensure_ascii=False, default=str)
    lines = [
        f"{found.session.name} ({found.session.protocol}, {found.session.state.value})",
        f"{found.finished} of {found.items} items have {found.session.overlap} ratings; "
        f"{found.ratings} ratings; {found.disagreements} to decide.",
        *map(_rater_line, found.raters),
    ]
    return "\n".join(lines)


def show_disagreements(sessions: RatingSessions, session: str) -> str:
    """Return the items that raters differ on, with their answers and the decisions.

    Raises:
        StoreError: When there is no such session.
    """
    names = {one.id: one.name for one in sessions.store.raters(session)}
    lines = []
    for one in sessions.disagreements(session):
        said = "; ".join(f"{names.get(by.rater, by.rater)}: {_told(by.answers)}" for by in one.ratings)
        decided = f"  decided: {_told(one.decision.answers)}" if one.decision else ""
        lines.append(f"{one.item.id}  {_first_words(one.item.body)}\n    {said}{decided}")
    return "\n".join(lines) or "Nobody differs."


def decide(
    sessions: RatingSessions, session: str, decision: tuple[str, Sequence[str], str], *, by: str
) -> str:
    """Keep the organiser's decision on an item; return it in a line.

    Args:
        sessions: Of the database.
        session: Id of the session.
        decision: Id of the item, `question=choice` for each question, and a comment.
        by: Who decides.

    Raises:
        ConfigError: For answers that are not asked for.
        StoreError: When there is no such session or item.
    """
    item, answers, comment = decision
    pairs = [one.partition("=") for one in answers]
    if not all(mark for _, mark, _ in pairs):
        raise ConfigError("A decision is written as QUESTION=CHOICE, such as --answer plausible=yes.")
    said = {question: choice for question, _, choice in pairs}
    rating = sessions.adjudicate(
        session, Answer(id=token_urlsafe(12), item=item, answers=said, comment=comment), by=by
    )
    return f"{item}  decided: {_told(rating.answers)}"


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


def _protocol_settings(flags: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: flags[name] for name in ("rounds", "dialogues") if flags[name] is not None}
    named |= {name: list(flags[name]) for name in ("rules", "arms") if flags[name]}
    if flags["prompts_dir"] is not None:
        named["prompts_dir"] = str(flags["prompts_dir"].resolve())
    settings = read_settings()
    base = ArmSpec(
        name="", model=settings.model_name, search=settings.search_name, options=settings.options()
    )
    read_talkers(named, base)
    return named


def _rows(flags: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return read_rows(flags["source"], flags["judge_name"]) if flags["source"] is not None else iter(())


def _rater_line(one: RaterProgress) -> str:
    qualified = "-" if one.qualification is None else f"{one.qualification:.0%}"
    seconds = "-" if one.seconds is None else f"{one.seconds:.0f} s"
    return (
        f"{one.rater.id}  {one.rater.name:16} {one.rater.state.value:10} {one.done:>4} of {one.total:<4} "
        f"qualified {qualified:>4}  checks {one.checks_right} of {one.checks_done}  {seconds:>6} an item  "
        f"{one.skipped} skipped"
    )


def _told(answers: Mapping[str, str]) -> str:
    return ", ".join(f"{question}={choice}" for question, choice in answers.items())


def _first_words(body: Mapping[str, Any]) -> str:
    turns = body.get("turns") or [{"text": ""}]
    text = " ".join(str(turns[-1]["text"]).split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
