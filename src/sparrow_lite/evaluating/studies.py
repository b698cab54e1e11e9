"""What the commands `rate ...` do, and what they print."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sparrow_lite.config import Settings, read_settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.evaluating.raters import pairs, rater_names
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.metrics.next_labels import NEXT
from sparrow_lite.rating.next_items import Wanted, next_rows
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.sources import read_rows
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.talkers import read_talkers
from sparrow_lite.rating.tasks import Answer, Created, More, NewSession, RaterProgress

_LONGEST_SHOWN = 72


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
        raters=rater_names([*flags["names"], *flags["accounts"]], flags["raters"]),
        accounts=_accounts(flags),
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
    names = rater_names([*flags["names"], *flags["accounts"]], flags["raters"], there)
    accounts = _accounts(flags)
    more = More(raters=names, overlap=flags["overlap"], limit=flags["limit"], accounts=accounts)
    return sessions.extend(session, more, _rows(flags))


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
    said = pairs(answers)
    rating = sessions.adjudicate(
        session, Answer(id=token_hex(12), item=item, answers=said, comment=comment), by=by
    )
    return f"{item}  decided: {_told(rating.answers)}"


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


def _accounts(flags: Mapping[str, Any]) -> dict[str, str]:
    """Account by rater's name, which is the same."""
    return {name: name for name in flags["accounts"]}


def _rows(flags: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    source, judge = flags["source"], flags["judge_name"]
    if flags["next_for"] is None:
        return read_rows(source, judge) if source is not None else iter(())
    if source is None or not source.is_dir():
        raise ConfigError("Give --from the folder of a run, out of which --next-for chooses.")
    return next_rows(source, Wanted(measure=flags["next_for"], count=flags["limit"] or NEXT, judge=judge))


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
