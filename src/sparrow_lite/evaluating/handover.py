"""Ratings that leave or come in by the commands `rate ...`: exports, labels for a run's report, imports."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.evaluating.raters import pairs
from sparrow_lite.rating.exporting import export_csv, export_jsonl
from sparrow_lite.rating.importing import Import, import_ratings
from sparrow_lite.rating.labels import run_folders, write_labels
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.training_rows import export_training, export_trl

FORMS = ("jsonl", "csv", "trl", "train")
_COMMAND = "command"


def export_session(sessions: RatingSessions, session: str, form: str, *, named: bool, out: Path) -> str:
    """Write a session's ratings; return what was written, in a few words.

    Args:
        sessions: Of the database.
        session: Id of the session.
        form: One of `FORMS`.
        named: Whether raters, organisers and times are told as they are; of JSON lines and CSV only.
        out: The file; for `train` a folder.

    Raises:
        ConfigError: For names in a form that has none.
        StoreError: When there is no such session, or the disk does not take the file.
    """
    if named and form in ("trl", "train"):
        raise ConfigError(f"The form {form} has no raters: leave out --names.")
    store = sessions.store
    writers: Mapping[str, Callable[[], int]] = {
        "jsonl": partial(export_jsonl, store, session, out, named=named),
        "csv": partial(export_csv, store, session, out, named=named),
        "trl": partial(export_trl, store, session, out),
        "train": partial(export_training, store, session, out),
    }
    count = writers[form]()
    store.audit(_COMMAND, f"export {form}{' with names' if named else ''}", session)
    after = f" Train with: sparrow-lite train rules --data {out}" if form == "train" else ""
    return f"{count} rows in {out}.{after}"


def put_labels(sessions: RatingSessions, session: str, run_dir: Path | None) -> str:
    """Write what raters say into the runs that were rated; return a line for each.

    Args:
        sessions: Of the database.
        session: Id of the session.
        run_dir: Folder of the run; None for those that the session was made of.

    Raises:
        ConfigError: When the session was made of no run and none is given.
        StoreError: When there is no such session or run, or the disk does not take the labels.
    """
    found = sessions.store.session(session)
    rated = rated_items(sessions.store, found, open_protocol(found.protocol, found.settings))
    folders = [run_dir] if run_dir is not None else run_folders(rated)
    if not folders:
        raise ConfigError("The session was made of no run: give the folder of the run that it is about.")
    lines = []
    for folder in folders:
        count = write_labels(sessions.store, session, folder)
        sessions.store.audit(_COMMAND, "write labels", session)
        lines.append(f"{count} labels in {folder}. Show them with: sparrow-lite report {folder}")
    return "\n".join(lines)


def import_session(sessions: RatingSessions, path: Path, flags: Mapping[str, Any]) -> str:
    """Make a session of another tool's export; return what came of it, in a line.

    Raises:
        ConfigError: For a file that is not such an export, or records that the protocol cannot use.
        StoreError: When the database does not take it.
    """
    made = import_ratings(
        sessions.store,
        path,
        Import(
            form=flags["form"],
            protocol=flags["protocol"],
            name=flags["name"] or path.stem,
            columns=pairs(flags["columns"]),
            questions=pairs(flags["questions"]),
            settings={"rules": list(flags["rules"])} if flags["rules"] else {},
        ),
    )
    sessions.store.audit(_COMMAND, f"import {flags['form']}", made.session.id)
    left = f"; {made.left_out} answers had no meaning here" if made.left_out else ""
    return f"{made.session.id}  {made.session.name}: {made.items} items, {made.ratings} ratings{left}."
