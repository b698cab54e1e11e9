"""Rating sessions about a run, as they lie in its folder: how far raters agree, and their own rates.

`ratings.json` holds each session's summary by its id; `rating/labels.py` writes it beside the labels.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.human_values import HumanFigures, StudySummary
from sparrow_lite.harness.metrics.preferences import preference_figures, read_preferences

STUDIES = "ratings.json"


def read_studies(folder: Path) -> Mapping[str, StudySummary]:
    """Return the summaries of the sessions about a run, by id; nothing when there are none.

    Raises:
        StoreError: When the file cannot be read.
    """
    path = folder / STUDIES
    if not path.is_file():
        return {}
    try:
        return TypeAdapter(dict[str, StudySummary]).validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise StoreError(f"{path}: {where}: {first['msg']}.") from error


def studies_json(studies: Mapping[str, StudySummary]) -> bytes:
    """Return the form that `read_studies` reads."""
    return TypeAdapter(dict[str, StudySummary]).dump_json(dict(studies), indent=1)


def human_figures(folder: Path) -> HumanFigures:
    """Return what people say of a run besides labels.

    Raises:
        StoreError: When the files in its folder cannot be read.
    """
    return HumanFigures(
        preferences=preference_figures(read_preferences(folder)),
        studies=tuple(read_studies(folder).values()),
    )
