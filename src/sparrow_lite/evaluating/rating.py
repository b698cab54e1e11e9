"""The commands `rate ...`: rating sessions, in which people judge replies."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sparrow_lite.rating.sessions import RatingSessions

_FILE = click.Path(exists=True, path_type=Path)
_from = click.option("--from", "source", type=_FILE, help="Folder of a run, or a file of JSON lines.")
_judge = click.option("--judge", "judge_name", metavar="NAME", help="Whose verdicts rows of a run hold.")
_names = click.option("--rater", "names", multiple=True, metavar="NAME", help="A rater; may be repeated.")
_accounts = click.option(
    "--account", "accounts", multiple=True, metavar="NAME", help="A rater who signs in; may be repeated."
)
_count = click.option("--raters", type=click.IntRange(0, 10_000), default=0, help="So many raters by number.")
_limit = click.option("--limit", type=click.IntRange(1), help="Most work items, drawn by the seed.")
_next = click.option(
    "--next-for",
    metavar="MEASURE",
    help="Only the run's cases that narrow the interval most: violations or supported_and_plausible.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def rate() -> None:
    """Rating sessions: people judge plausibility, support, rules and preference."""


@rate.command("create")
@_from
@click.option(
    "--protocol",
    required=True,
    metavar="NAME",
    help="plausible_supported, preference, probing or rule_rating.",
)
@click.option("--name", help="Of the session; the protocol and the day by default.")
@_count
@_names
@_accounts
@click.option(
    "--overlap", type=click.IntRange(1, 100), default=2, show_default=True, help="Raters of each item."
)
@click.option(
    "--checks",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    show_default=True,
    help="Share of items with a known answer, mixed in.",
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.option(
    "--pass-mark",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    help="Share of qualification answers that must be right.",
)
@click.option("--no-qualification", is_flag=True, help="Raters begin at once.")
@click.option("--inoffensive", is_flag=True, help="Do not warn raters that texts may offend.")
@_limit
@_judge
@_next
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Rules to rate or probe.")
@click.option("--arm", "arms", multiple=True, metavar="NAME", help="What raters talk with; see `eval --arm`.")
@click.option(
    "--rounds", type=click.IntRange(1, 20), help="Rounds of a preference dialogue, which the arms continue."
)
@click.option("--dialogues", type=click.IntRange(1, 1000), help="Probing dialogues for each rule.")
@click.option("--prompts", "prompts_dir", type=click.Path(path_type=Path), help="Folder of your own rules.")
@_json
def create_command(as_json: bool, **flags: Any) -> None:
    """Make a session of a run or of a file, with a balanced assignment.

    The same rows, raters and seed give the same assignment.
    """
    from sparrow_lite.evaluating.studies import create_session, show_created

    click.echo(show_created(create_session(_open(), flags), as_json=as_json))


@rate.command("list")
@_json
def list_command(as_json: bool) -> None:
    """List the sessions."""
    from sparrow_lite.evaluating.studies import show_sessions

    click.echo(show_sessions(_open(), as_json=as_json))


@rate.command("status")
@click.argument("session")
@_json
def status_command(session: str, as_json: bool) -> None:
    """Show progress, time an item and checks of each rater."""
    from sparrow_lite.evaluating.studies import show_progress

    click.echo(show_progress(_open(), session, as_json=as_json))


@rate.command("links")
@click.argument("session")
@click.option(
    "--address", default="http://127.0.0.1:7860", show_default=True, help="Where raters reach the app."
)
@click.option("--days", type=click.FloatRange(0, 3650, min_open=True), default=30, show_default=True)
@click.option("--rater", "name", help="Of this rater only, by name or id.")
@click.option("--revoke", is_flag=True, help="End the links that were made before, and make none.")
def links_command(session: str, address: str, days: float, *, name: str | None, revoke: bool) -> None:
    """Make a personal, signed link that expires for each rater, or revoke links."""
    from sparrow_lite.evaluating.raters import make_links, revoke_links, some_raters

    sessions = _open()
    raters = some_raters(sessions, session, name)
    lines = (
        revoke_links(sessions, raters) if revoke else make_links(sessions, raters, address=address, days=days)
    )
    for line in lines:
        click.echo(line)


def _state_command(verb: str, told: str) -> None:
    """Register the command that sets a session's state."""

    @rate.command(verb, help=told)
    @click.argument("session")
    def command(session: str) -> None:
        act: Callable[[str], None] = getattr(_open(), verb)
        act(session)
        click.echo(f"{session}: {verb}d" if verb.endswith("e") else f"{session}: {verb}ed")


_state_command("pause", "Take no ratings until the session is resumed.")
_state_command("resume", "Take ratings again.")
_state_command("close", "Take no ratings any more, for good.")


@rate.command("extend")
@click.argument("session")
@_from
@_count
@_names
@_accounts
@click.option(
    "--overlap",
    type=click.IntRange(0, 100),
    default=0,
    show_default=True,
    help="Further raters of each item.",
)
@_limit
@_judge
@_next
def extend_command(session: str, **flags: Any) -> None:
    """Give a session new items, new raters, or further raters of each item."""
    from sparrow_lite.evaluating.studies import extend_session, show_created

    click.echo(show_created(extend_session(_open(), session, flags), as_json=False))


@rate.command("replace")
@click.argument("session")
@click.argument("rater")
@click.option("--by", "name", required=True, help="Name of the new rater.")
@click.option("--again", is_flag=True, help="Take back what was rated; the new rater rates all of it.")
def replace_command(session: str, rater: str, *, name: str, again: bool) -> None:
    """Put a new rater in the place of RATER, given by name or id."""
    from sparrow_lite.evaluating.raters import find_rater

    sessions = _open()
    made = sessions.replace_rater(find_rater(sessions, session, rater).id, name, again=again)
    click.echo(f"{made.name} takes over; for the link: sparrow-lite rate links {session} --rater {made.id}")


@rate.command("adjudicate")
@click.argument("session")
@click.argument("item", required=False)
@click.option(
    "--answer", "answers", multiple=True, metavar="QUESTION=CHOICE", help="The decision; one a question."
)
@click.option("--comment", default="", help="Why.")
@click.option("--as", "organiser", default="organiser", show_default=True, help="Who decides.")
def adjudicate_command(
    session: str, item: str | None, answers: tuple[str, ...], *, comment: str, organiser: str
) -> None:
    """List the items that raters differ on, or decide ITEM."""
    from sparrow_lite.evaluating.studies import decide, show_disagreements

    if item is None:
        click.echo(show_disagreements(_open(), session))
    else:
        click.echo(decide(_open(), session, (item, answers, comment), by=organiser))


@rate.command("export")
@click.argument("session")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "trl", "train"]),
    default="jsonl",
    show_default=True,
    help="Everything, a table, preferences for TRL, or rows for `sparrow-lite train`.",
)
@click.option("--names", "named", is_flag=True, help="Name raters, accounts and times; numbered otherwise.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="File; for train, a folder of rows."
)
def export_command(session: str, form: str, *, named: bool, out: Path) -> None:
    """Write a session's ratings, anonymous unless names are asked for."""
    from sparrow_lite.evaluating.handover import export_session

    click.echo(export_session(_open(), session, form, named=named, out=out))


@rate.command("labels")
@click.argument("session")
@click.argument("run_dir", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def labels_command(session: str, run_dir: Path | None) -> None:
    """Write what raters say into the run that they rated, for its report and its corrected rates."""
    from sparrow_lite.evaluating.handover import put_labels

    click.echo(put_labels(_open(), session, run_dir))


@rate.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["argilla", "label_studio"]), required=True)
@click.option("--protocol", required=True, metavar="NAME", help="Whose questions were asked.")
@click.option("--name", help="Of the session; the file's by default.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="As reply=model_output.")
@click.option("--question", "questions", multiple=True, metavar="OURS=THEIRS", help="As plausible=sensible.")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="The rule that was rated.")
def import_command(file: Path, **flags: Any) -> None:
    """Make a session of ratings that were given in Argilla or Label Studio."""
    from sparrow_lite.evaluating.handover import import_session

    click.echo(import_session(_open(), file, flags))


@rate.command("account")
@click.argument("name", required=False)
@click.option("--organiser", is_flag=True, help="Who makes and leads sessions; else a rater who signs in.")
@click.option(
    "--disable/--enable", "disabled", default=None, help="Keep the account out, or let it in again."
)
def account_command(name: str | None, *, organiser: bool, disabled: bool | None) -> None:
    """List the accounts, or make NAME one; asks for the password, also to set another one."""
    from sparrow_lite.evaluating.raters import add_account, list_accounts, shut_account

    sessions = _open()
    if name is None:
        click.echo(list_accounts(sessions))
    elif disabled is not None:
        click.echo(shut_account(sessions, name, disabled=disabled))
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        click.echo(add_account(sessions, name, password, organiser=organiser))


def _open() -> "RatingSessions":
    """The sessions of the database that the settings name; closed when the command ends."""
    from sparrow_lite.config import read_settings
    from sparrow_lite.evaluating.studies import open_sessions

    sessions = open_sessions(read_settings())
    click.get_current_context().call_on_close(sessions.store.close)
    return sessions
