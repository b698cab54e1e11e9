"""What leaves a session: files for reading and for training, and labels for the reports of its runs."""

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.exporting import export_csv, export_jsonl
from sparrow_lite.rating.labels import run_folders, write_labels
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.training_rows import export_training, export_trl
from sparrow_lite.rating.values import Session
from sparrow_lite.ui.rating.asking import Asked, Told
from sparrow_lite.ui.rating.callers import session_of
from sparrow_lite.ui.rating.parts import RatingParts

# Each form's ending and media type, and whether raters can be named in it.
_FORMS = {
    "jsonl": ("jsonl", "application/jsonl", True),
    "csv": ("csv", "text/csv; charset=utf-8", True),
    "trl": ("trl.jsonl", "application/jsonl", False),
    "train": ("train.zip", "application/zip", False),
}


def export(parts: RatingParts, asked: Asked) -> Any:
    """Return a file of the session's ratings, anonymous unless names are asked for; it is audited."""
    account, session = session_of(parts, asked)
    form, named = asked.query.get("form", ""), asked.query.get("names") == "1"
    if form not in _FORMS:
        raise ConfigError(f"There is no form {form!r} of export. Known are: {', '.join(_FORMS)}.")
    ending, kind, may_name = _FORMS[form]
    if named and not may_name:
        raise ConfigError(f"The form {form} has no raters to name.")
    with tempfile.TemporaryDirectory() as folder:
        content = _writer(form, named=named)(parts.store, session.id, Path(folder))
    parts.store.audit(account.name, f"export {form}{' with names' if named else ''}", session.id)
    headers = {
        "content-type": kind,
        "content-disposition": f'attachment; filename="{session.id}.{ending}"',
    }
    return Told(body=content, headers=headers)


def write_into_runs(parts: RatingParts, asked: Asked) -> Any:
    """Write the session's labels into the runs that it was made of, whose reports then show them."""
    account, session = session_of(parts, asked)
    folders = _folders(parts, session)
    if not folders:
        raise ConfigError(
            "The session was made of a file, or its run is gone: there is no report to write to."
        )
    told = []
    for folder in folders:
        count = write_labels(parts.store, session.id, folder)
        parts.store.audit(account.name, "write labels", session.id)
        told.append({"run": folder.name, "labels": count})
    return told


def listed_runs(parts: RatingParts, session: Session) -> list[str]:
    """Return the names of the runs that the session was made of and that the Results pages list."""
    return [one.name for one in _folders(parts, session)]


def _folders(parts: RatingParts, session: Session) -> list[Path]:
    rated = rated_items(parts.store, session, open_protocol(session.protocol, session.settings))
    found = []
    for folder in run_folders(rated):
        listed = parts.run_dir(folder.name)
        if listed is not None and listed.resolve() == folder.resolve():
            found.append(listed)
    return found


def _writer(form: str, *, named: bool) -> Callable[[RatingStore, str, Path], bytes]:
    def write(store: RatingStore, session: str, folder: Path) -> bytes:
        path = folder / "ratings"
        if form == "jsonl":
            export_jsonl(store, session, path, named=named)
        elif form == "csv":
            export_csv(store, session, path, named=named)
        elif form == "trl":
            export_trl(store, session, path)
        else:
            export_training(store, session, path)
            return _zipped(path)
        return path.read_bytes()

    return write


def _zipped(folder: Path) -> bytes:
    zipped = folder.with_suffix(".zip")
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return zipped.read_bytes()
