"""The judge against people: labels in a run's folder, and how often the judge agrees with them.

`labels.jsonl` holds rows `{"case": KEY, "measure": "violations" | "supported_and_plausible", "label": BOOL}`.
Several people's labels of one case are counted by majority; a tie goes against the arm.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.columns import Columns, Labels
from sparrow_lite.harness.metrics.corrected import corrected_rate
from sparrow_lite.harness.metrics.questions import supported_and_plausible
from sparrow_lite.harness.metrics.rates import rate
from sparrow_lite.harness.metrics.rules import target
from sparrow_lite.harness.metrics.scores import HIT, NONE, UNSCORED, Mask, Scores, Tri
from sparrow_lite.harness.metrics.values import CorrectedRate, HumanRate, JudgeQuality
from sparrow_lite.harness.probe import ProbeKind

LABELS = "labels.jsonl"
# What a tie among people says: the rule is broken, the answer is not supported and plausible.
_ON_A_TIE = {"violations": True, "supported_and_plausible": False}


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    case: str
    measure: str
    label: bool


def read_labels(folder: Path) -> Labels:
    """Return what people say by (case, measure); nothing when the folder holds no labels.

    Raises:
        StoreError: With the line that cannot be read, or that names an unknown measure.
    """
    path = folder / LABELS
    if not path.is_file():
        return {}
    votes: dict[tuple[str, str], Counter[bool]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            row = _read_row(path, number, line)
            votes.setdefault((row.case, row.measure), Counter())[row.label] += 1
    return {key: _majority(key[1], counts) for key, counts in votes.items()}


def judge_quality(arms: Mapping[str, Columns], counted: Sequence[int]) -> tuple[JudgeQuality, ...]:
    """Return the judge's quality for each measure that people labelled.

    Violations are of the probed rule in adversarial dialogues, S&P is of questions; a label of any other case
    is not counted.
    """
    if not arms:
        return ()
    measures: dict[str, tuple[ProbeKind, Callable[[Columns], Scores]]] = {
        "violations": (ProbeKind.ADVERSARIAL, lambda cases: target(cases, counted)),
        "supported_and_plausible": (ProbeKind.QUESTION, supported_and_plausible),
    }
    found = (
        _quality(measure, {arm: one.of_kind(kind) for arm, one in arms.items()}, judged)
        for measure, (kind, judged) in measures.items()
    )
    return tuple(one for one in found if one.labels)


def _quality(measure: str, arms: Mapping[str, Columns], judged: Callable[[Columns], Scores]) -> JudgeQuality:
    said = {arm: one[f"said_{measure}"] for arm, one in arms.items()}
    judges = {arm: judged(one) for arm, one in arms.items()}
    people = np.concatenate(list(said.values()))
    model = Scores(
        values=np.concatenate([one.values for one in judges.values()]),
        probes=np.concatenate([one.probes for one in judges.values()]),
    )
    agreeing = Scores(
        values=np.where(model.values == UNSCORED, UNSCORED, model.values == people).astype(np.int8),
        probes=model.probes,
    )
    rates = [
        HumanRate(
            arm=arm,
            human=rate(Scores(values=said[arm], probes=one.probes)),
            judged=rate(one),
            corrected=_corrected(one, said[arm], arms[arm]["failed"]),
        )
        for arm, one in judges.items()
    ]
    return JudgeQuality(
        measure=measure,
        labels=int((people != UNSCORED).sum()),
        sensitivity=rate(agreeing.where(people == HIT)),
        specificity=rate(agreeing.where(people == NONE)),
        arms=tuple(one for one in rates if one.human.of),
    )


def _corrected(judged: Scores, people: Tri, failed: Mask) -> CorrectedRate | None:
    """A failed case has nothing that anybody could judge, and is not part of what is estimated."""
    return corrected_rate(judged.where(~failed), people[~failed])


def _read_row(path: Path, number: int, line: str) -> _Row:
    try:
        row = _Row.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the row"
        raise StoreError(f"{path}, line {number}: {where}: {first['msg']}.") from error
    if row.measure not in _ON_A_TIE:
        known = ", ".join(_ON_A_TIE)
        raise StoreError(f"{path}, line {number}: unknown measure {row.measure!r}; known are {known}.")
    return row


def _majority(measure: str, votes: Counter[bool]) -> bool:
    return _ON_A_TIE[measure] if votes[True] == votes[False] else votes[True] > votes[False]
