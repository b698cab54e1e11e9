"""Judging anybody's outputs in bulk: JSON lines in, the same lines with verdicts out.

The work behind `sparrow-lite judge`. A line that is malformed comes out unscored with what is wrong, and the
rest goes on, so that one bad row does not cost a night's run.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sparrow_lite.errors import JudgeError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.reply import Candidate, SearchRecord
from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.rules.check import check_turn
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.assess import Setting, assess_evidence, judge_rules
from sparrow_lite.turn.draft import Draft
from sparrow_lite.turn.gather import Gathered
from sparrow_lite.turn.parts import Parts
from sparrow_lite.turn.rank import best_first, score_candidates
from sparrow_lite.verdict import Outcome, SupportOutcome

Kind = Literal["support", "rules", "rank"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLine:
    """One line that came out.

    Attributes:
        row: What is written: the line's own fields and the verdicts.
        fault: What was wrong with the line, with its number; None when nothing was.
    """

    row: dict[str, Any]
    fault: str | None = None


def judge_lines(kind: Kind, lines: Iterable[str], parts: Parts) -> Iterator[JudgedLine]:
    """Yield one judged line for each line that is not blank, in order.

    Args:
        kind: `support` for claims against evidence, `rules` for replies against rules, `rank` for candidates
            against each other.
        lines: JSON objects, one a line; the form of each kind is in `docs/judging.md`.
        parts: Gives the judges and the rules.
    """
    judge = {"support": _judge_support, "rules": _judge_rules, "rank": _judge_rank}[kind]
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _judge_line(judge, line, parts, kind=kind, number=number)


Judge = Callable[[dict[str, Any], Parts], dict[str, Any]]


def _judge_line(judge: Judge, line: str, parts: Parts, *, kind: Kind, number: int) -> JudgedLine:
    row: dict[str, Any] = {}
    try:
        found = json.loads(line)
        if not isinstance(found, dict):
            raise ValueError("it is not a JSON object")
        row = found
        return JudgedLine(row={**row, **judge(row, parts)})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        fault = f"line {number}: {where}: {first['msg']}"
    except ValueError as error:
        fault = f"line {number}: {error}"
    return JudgedLine(row={**row, **_UNSCORED[kind], "error": fault}, fault=fault)


_UNSCORED: dict[Kind, dict[str, Any]] = {
    "support": {"support": None, "outcome": SupportOutcome.UNSCORED},
    "rules": {"rules": [], "broken": [], "outcome": Outcome.UNSCORED},
    "rank": {"order": [], "scores": [], "outcome": Outcome.UNSCORED},
}


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    role: Literal["user", "sparrow"]
    text: str


class _SupportLine(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    claim: str = Field(min_length=1)
    evidence: str | list[str]


class _RulesLine(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    turns: list[_Turn] = Field(min_length=1)
    rules: list[str] | None = None


class _RankLine(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    turns: list[_Turn]
    candidates: list[str] = Field(min_length=1)
    evidence: list[list[str]] | None = None


def _judge_support(row: dict[str, Any], parts: Parts) -> dict[str, Any]:
    """The best passage decides; several are also read together, since a claim may join two of them."""
    line = _SupportLine.model_validate(row)
    passages = [line.evidence] if isinstance(line.evidence, str) else line.evidence
    joined = ["\n".join(passages)] if len(passages) > 1 else []
    try:
        scores = parts.support.score(line.claim, [*passages, *joined]) if passages else [0.0]
    except JudgeError as error:
        return {**_UNSCORED["support"], "error": str(error)}
    known = [score for score in scores if score is not None]
    if not known:
        return _UNSCORED["support"]
    best = max(known)
    outcome = SupportOutcome.SUPPORTED if best >= parts.support.supported_at else SupportOutcome.NOT_SUPPORTED
    return {"support": round(best, 4), "outcome": outcome}


def _judge_rules(row: dict[str, Any], parts: Parts) -> dict[str, Any]:
    line = _RulesLine.model_validate(row)
    if line.turns[-1].role != "sparrow":
        raise ValueError("turns: the last turn must be of the role 'sparrow', which is the one judged")
    turn = JudgedTurn(transcript=_transcript(line.turns))
    verdicts = check_turn(turn, _wanted(line.rules, parts.rules), parts.judge)
    return {
        "rules": [
            {"rule": one.rule, "probability": one.probability, "outcome": one.outcome} for one in verdicts
        ],
        "broken": [one.rule for one in verdicts if one.outcome is Outcome.BROKEN],
    }


def _judge_rank(row: dict[str, Any], parts: Parts) -> dict[str, Any]:
    line = _RankLine.model_validate(row)
    evidence = line.evidence if line.evidence is not None else [[] for _ in line.candidates]
    if len(evidence) != len(line.candidates):
        raise ValueError(f"evidence: {len(evidence)} lists for {len(line.candidates)} candidates")
    candidates = [
        _assessed(text, passages, _transcript(line.turns), parts)
        for text, passages in zip(line.candidates, evidence, strict=True)
    ]
    scored = score_candidates(candidates, parts.combine)
    return {
        "order": best_first(scored, parts.rules),
        "scores": [round(one.score.total, 4) if one.score else None for one in scored],
    }


def _assessed(text: str, passages: list[str], transcript: Transcript, parts: Parts) -> Candidate:
    pages = [
        Page.of(url=f"evidence:{number}", title="", text=passage, opened_at="")
        for number, passage in enumerate(passages, start=1)
    ]
    evidence = tuple(
        Evidence(id=number, page=page, start=0, end=len(page.text))
        for number, page in enumerate(pages, start=1)
    )
    setting = Setting(
        transcript=transcript,
        gathered=Gathered(evidence=evidence, record=SearchRecord(), failure=None),
        checks_claims=bool(evidence),
        declines=False,
    )
    draft = Draft(text=text, with_evidence=bool(evidence))
    # The rules are judged on the words as they were given, whatever the evidence check would show of them.
    assessed = replace(assess_evidence(draft, setting, parts), text=text)
    return judge_rules(assessed, setting, parts)


def _transcript(turns: list[_Turn]) -> Transcript:
    return Transcript.of([turn.model_dump() for turn in turns])


def _wanted(ids: list[str] | None, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    if ids is None:
        return rules
    by_id = {rule.id: rule for rule in rules}
    unknown = [wanted for wanted in ids if wanted not in by_id]
    if unknown:
        raise ValueError(f"rules: there is no rule {unknown[0]!r}; `sparrow-lite rules` lists them")
    return tuple(by_id[wanted] for wanted in ids)
