"""A session's ratings into the folder of the run that they are about, where its report finds them.

Writes three files beside the run's own: `labels.jsonl`, `preferences.jsonl` and `ratings.json`. What other
sessions, or people by hand, have left there stays; what the same session wrote before is replaced. Nobody's
name is written.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.human_values import StudySummary
from sparrow_lite.harness.metrics.labelled import LABELLED
from sparrow_lite.harness.metrics.preferences import PREFERENCES
from sparrow_lite.harness.metrics.quality import BY_VERDICT, LABELS
from sparrow_lite.harness.metrics.studies import STUDIES, read_studies, studies_json
from sparrow_lite.harness.results import Run
from sparrow_lite.rating.agreement import agreements
from sparrow_lite.rating.outcomes import human_outcomes
from sparrow_lite.rating.preferences import choices
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.protocols.base import RatingProtocol
from sparrow_lite.rating.rated import RatedItem, anonymous_names, rated_items
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.values import Session

_Row = Mapping[str, Any]


def write_labels(store: RatingStore, session: str, run_dir: Path) -> int:
    """Write what a session's raters say into the run's folder; return how many labels and choices.

    An item that the organiser decided has one label; any other one has a label of each rater who was sure.

    Args:
        store: With the session.
        session: Its id.
        run_dir: Folder of the run. Of cases that it lacks nothing is written but the session's own rates.

    Raises:
        StoreError: When there is no such session or run, or the disk does not take the files.
    """
    found = store.session(session)
    protocol = open_protocol(found.protocol, found.settings)
    rated = rated_items(store, found, protocol)
    run = Run.open(run_dir)
    cases = {result.key for result in run.results()}
    run.close()
    names = anonymous_names(one.id for one in store.raters(session))
    labels = list(_labels(rated, protocol, cases))
    chosen = list(_choices(rated, cases, names))
    try:
        _replace(run_dir / LABELS, session, labels)
        _replace(run_dir / PREFERENCES, session, chosen)
        summary = summarise(found, rated, protocol, names)
        _write(run_dir / STUDIES, studies_json({**read_studies(run_dir), session: summary}))
    except OSError as error:
        raise StoreError(f"{run_dir}: the labels cannot be written: {error.strerror}.") from error
    return len(labels) + len(chosen)


def run_folders(rated: Iterable[RatedItem]) -> tuple[Path, ...]:
    """Return the folders of the runs that items come from, in order of first sight."""
    return tuple(
        Path(one)
        for one in dict.fromkeys(str(r.item.origin["run"]) for r in rated if r.item.origin.get("run"))
    )


def summarise(
    session: Session, rated: tuple[RatedItem, ...], protocol: RatingProtocol, names: Mapping[str, str]
) -> StudySummary:
    """Return what a session comes to.

    Args:
        session: The session.
        rated: Its work items.
        protocol: Its protocol.
        names: What to call each rater, by id.
    """
    given = [rating for one in rated for rating in one.ratings]
    return StudySummary(
        name=session.name,
        protocol=protocol.name,
        items=sum(bool(one.ratings) for one in rated),
        ratings=len(given),
        raters=len({rating.rater for rating in given}),
        by_verdict=any(one.item.origin.get("drawn") == BY_VERDICT for one in rated),
        agreement=agreements(rated, names),
        rates=human_outcomes(rated, protocol),
    )


def _labels(rated: Iterable[RatedItem], protocol: RatingProtocol, cases: set[str]) -> Iterator[_Row]:
    for one in rated:
        case, drawn = one.item.origin.get("case"), one.item.origin.get("drawn")
        if case not in cases or one.item.body.get("talk"):
            continue
        for rating in one.deciding:
            for measure, said in protocol.outcomes(one.item, rating).items():
                if measure in LABELLED and said is not None:
                    row = {"case": case, "measure": measure, "label": said}
                    yield {**row, "drawn": drawn} if drawn else row


def _choices(rated: Iterable[RatedItem], cases: set[str], names: Mapping[str, str]) -> Iterator[_Row]:
    own = [one for one in rated if cases.intersection((one.item.origin.get("cases") or {}).values())]
    for rating, choice in choices(own):
        yield {**choice.model_dump(), "rater": names.get(rating.rater, "organiser")}


def _replace(path: Path, session: str, rows: Iterable[_Row]) -> None:
    """Write the rows of this session, and keep those of others."""
    before = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [line for line in before if line.strip() and not _is_of(line, session)]
    made = [json.dumps({**row, "session": session}, ensure_ascii=False) for row in rows]
    if kept or made or before:
        _write(path, "".join(f"{line}\n" for line in (*kept, *made)).encode())


def _is_of(line: str, session: str) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False  # what cannot be read is not ours to drop: the report will tell of it
    return isinstance(row, Mapping) and row.get("session") == session


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
