"""Runs as flat rows, one a case, in JSON lines or Parquet, with the same typed columns in both.

`ROW` says what the columns are. Written case by case, so that a run of any size fits into memory.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness.conversation import Conversation, Shown
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.results import Result, Run
from sparrow_lite.transcript import Turn
from sparrow_lite.verdict import Outcome

_GROUP_ROWS = 1000

TURN = {"role": "string", "text": "string"}
CITATION = {
    "id": "int64",
    "sentence": "string",
    "url": "string",
    "title": "string",
    "quote": "string",
    "verdict": "string",
    "support": "double",
}
RULE = {"rule": "string", "outcome": "string", "probability": "double"}
ROW: dict[str, Any] = {
    "key": "string",
    "suite": "string",
    "probe": "string",
    "kind": "string",
    "rule": "string",
    "attack": "string",
    "arm": "string",
    "sample": "int64",
    "question": "string",
    "turns": [TURN],
    "reply": "string",
    "citations": [CITATION],
    "evidence_shown": "bool",
    "abstained": "string",
    "judge": "string",
    "plausible": "bool",
    "plausible_by": "string",
    "supported": "bool",
    "support": ["double"],
    "refused": "bool",
    "broken": ["string"],
    "rules": [RULE],
    "seconds": "double",
    "requests": "int64",
    "input_tokens": "int64",
    "output_tokens": "int64",
    "failure": "string",
}
"""Column by type. A list holds what its one element says; null stands for unknown, unscored or not there.

`question` is the user's last turn, `turns` the whole dialogue with its replies, `reply` the last one as it
was shown. `broken` holds the ids of the broken rules, `rules` every rule with its outcome and P(broken),
`support` the best support of each claim. What judges say is null in each row that they have not judged.
"""


def rows(run: Run, judge: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield a row for every case, in the order of the plan, with the columns of `ROW`.

    Args:
        run: The run.
        judge: The set of judges; None for the first one of the run.

    Raises:
        ConfigError: For judges that have not judged this run.
        StoreError: When the run's files are not whole.
    """
    for result in run.results(judge):
        said = run.conversation(result) if result.text is not None else None
        yield {**_asked(result, said), **_shown(said), **_judged(result.graded), **_cost(result)}


def export_jsonl(run: Run, path: Path, judge: str | None = None) -> int:
    """Write the rows as JSON lines and return how many there are; see `rows`.

    Raises:
        ConfigError: For judges that have not judged this run.
        StoreError: When the run's files are not whole, or the disk does not take the file.
    """
    part, count = _part(path), 0
    try:
        with part.open("w", encoding="utf-8") as file:
            for row in rows(run, judge):
                file.write(json.dumps({name: row[name] for name in ROW}, ensure_ascii=False) + "\n")
                count += 1
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def export_parquet(run: Run, path: Path, judge: str | None = None) -> int:
    """Write the rows as Parquet, 1,000 a row group, and return how many there are; see `rows`.

    Raises:
        ConfigError: For judges that have not judged this run, or when pyarrow is not installed.
        StoreError: When the run's files are not whole, or the disk does not take the file.
    """
    columns = schema()
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetWriter

    part, count = _part(path), 0
    try:
        with ParquetWriter(part, columns) as writer:
            for group in _groups(rows(run, judge)):
                writer.write_batch(RecordBatch.from_pylist(group, schema=columns))
                count += len(group)
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def schema() -> Any:
    """Return the columns as an Arrow schema.

    `datasets` guesses the types of JSON lines from their first 10 MB, where a column may still be null
    throughout: give it `features=Features.from_arrow_schema(schema())`, or read Parquet, which knows them.

    Raises:
        ConfigError: When pyarrow is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise ConfigError("Parquet needs pyarrow: pip install 'sparrow-lite[parquet]'.") from error
    return pyarrow.schema([(name, _type(kind)) for name, kind in ROW.items()])


def _type(kind: Any) -> Any:
    import pyarrow

    if isinstance(kind, list):
        return pyarrow.list_(_type(kind[0]))
    if isinstance(kind, dict):
        return pyarrow.struct([(name, _type(held)) for name, held in kind.items()])
    return pyarrow.type_for_alias(kind)


def _groups(found: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(found)
    while group := list(islice(rest, _GROUP_ROWS)):
        yield group


def _part(path: Path) -> Path:
    """The name under which a file is written until it is whole.

    Raises:
        StoreError: When its folder cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be made: {error.strerror}.") from error
    return path.with_name(f"{path.name}.part")


def _asked(result: Result, said: Conversation | None) -> dict[str, Any]:
    probe = result.probe
    return {
        "key": result.key,
        "suite": probe.suite,
        "probe": probe.id,
        "kind": probe.kind.value,
        "rule": probe.rule,
        "attack": probe.attack,
        "arm": result.arm,
        "sample": result.sample,
        "question": probe.turns[-1].text,
        "turns": _turns(said.turns if said else probe.turns),
        "evidence_shown": result.evidence_shown,
        "abstained": result.abstained,
    }


def _turns(turns: Iterable[Turn]) -> list[dict[str, str]]:
    return [{"role": turn.role.value, "text": turn.text} for turn in turns]


def _shown(said: Conversation | None) -> dict[str, Any]:
    last: Shown | None = said.last if said else None
    return {
        "reply": last.text if last else None,
        "citations": [
            {name: getattr(one, name) for name in CITATION} | {"verdict": one.verdict.value}
            for one in (last.citations if last else ())
        ],
    }


def _judged(graded: Graded | None) -> dict[str, Any]:
    if graded is None:
        names = ("judge", "plausible", "plausible_by", "supported", "support", "refused", "broken", "rules")
        return dict.fromkeys(names)
    return {
        "judge": graded.judge,
        "plausible": graded.plausible,
        "plausible_by": graded.plausible_by,
        "supported": graded.supported,
        "support": list(graded.support),
        "refused": graded.refused,
        "broken": [one.rule for one in graded.rules if one.outcome is Outcome.BROKEN],
        "rules": [
            {"rule": one.rule, "outcome": one.outcome.value, "probability": one.probability}
            for one in graded.rules
        ],
    }


def _cost(result: Result) -> dict[str, Any]:
    return {
        "seconds": result.seconds,
        "requests": result.requests,
        "input_tokens": result.input_tokens,
        "output_tokens": result.output_tokens,
        "failure": result.failure,
    }
