"""Every case of a run as blocks of compressed text that the page's script opens one by one.

Owns their form: some hundred conversations a block as JSON, in which a passage stands once; then one block
with the probes and one with the cases, a JSON line each, by which the list is filtered. A case's place among
the cases tells the block that its conversation is in.
"""

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sparrow_lite.harness.conversation import Conversation, Passage, Shown
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.results import Result, Run, is_question
from sparrow_lite.verdict import Citation, Outcome

CASES_A_BLOCK = 300
_GZIP = 31
_LEVEL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Compressed text as base64; `kind` is `conversations`, `probes` or `cases`."""

    kind: str
    text: str


def case_blocks(run: Run, judge: str | None, counted: Collection[str] | None = None) -> Iterator[Block]:
    """Yield all blocks: the conversations in the order of the plan, then the probes and the cases.

    Args:
        run: The run.
        judge: Whose grades; None for the first ones.
        counted: The rules that count as any rule where none is probed, as in the figures; None for all.

    Raises:
        StoreError: When the run's files are not whole.
    """
    probes, cases = _Lines(), _Lines()
    places: dict[tuple[str, str], int] = {}
    rows = run.results(judge)
    while results := list(islice(rows, CASES_A_BLOCK)):
        for result in results:
            place = places.setdefault((result.probe.suite, result.probe.id), len(places))
            if place == probes.count:
                probes.add(_probe_line(result))
            cases.add(_case_line(result, place, counted))
        yield Block(kind="conversations", text=_conversations(run, results))
    yield Block(kind="probes", text=probes.finished())
    yield Block(kind="cases", text=cases.finished())


class _Lines:
    """JSON lines that are compressed as they come, so that a long run's stay small."""

    def __init__(self) -> None:
        self.count = 0
        self._press = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._parts: list[bytes] = []

    def add(self, line: Sequence[object]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._parts.append(self._press.compress(text.encode("utf-8", "replace")))
        self.count += 1

    def finished(self) -> str:
        return base64.b64encode(b"".join([*self._parts, self._press.flush()])).decode()


def _probe_line(result: Result) -> list[object]:
    probe = result.probe
    return [probe.id, probe.suite, probe.kind.value, probe.rule or "", probe.attack or "", probe.user_text]


def _case_line(result: Result, place: int, counted: Collection[str] | None) -> list[object]:
    rules = result.graded.rules if result.graded else ()
    broken = [one.rule for one in rules if one.outcome is Outcome.BROKEN]
    refused = bool(result.graded and result.graded.refused)
    return [
        result.key,
        place,
        result.arm,
        result.sample,
        _outcome(result, counted),
        _answer(result),
        result.abstained or "",
        int(refused),
        broken,
    ]


def _outcome(result: Result, counted: Collection[str] | None) -> str:
    """What the list says of the rules: of the probed one, or of all that count where none is probed."""
    if result.failure is not None:
        return "failed"
    if result.graded is None or not result.graded.rules:
        return Outcome.UNSCORED
    if result.probe.rule is not None:
        return result.outcome(result.probe.rule)
    found = {one.outcome for one in result.graded.rules if counted is None or one.rule in counted}
    if Outcome.BROKEN in found:
        return Outcome.BROKEN
    return Outcome.KEPT if found == {Outcome.KEPT} else Outcome.UNSCORED


def _answer(result: Result) -> str:
    if not is_question(result) or result.failure is not None:
        return ""
    words = {
        (True, True): "both",
        (True, False): "plausible",
        (False, True): "supported",
        (False, False): "neither",
    }
    pair = (result.plausible, result.supported)
    return "unscored" if None in pair else words[bool(pair[0]), bool(pair[1])]


def _conversations(run: Run, results: Sequence[Result]) -> str:
    found = run.conversations(results)
    passages: dict[Passage, int] = {}
    cases = [_case(result, found.get(result.key), passages) for result in results]
    shared = [[one.url, one.title, one.text] for one in passages]
    content = {"passages": shared, "cases": cases}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    press = zlib.compressobj(_LEVEL, wbits=_GZIP)
    whole = press.compress(text.encode("utf-8", "replace")) + press.flush()
    return base64.b64encode(whole).decode()


def _case(result: Result, said: Conversation | None, passages: dict[Passage, int]) -> dict[str, object]:
    probe = result.probe
    case: dict[str, object] = {"key": result.key, "failure": result.failure}
    if probe.answers:
        case["answers"] = probe.answers
    if probe.answerable is not None:
        case["answerable"] = probe.answerable
    if said is not None:
        case["turns"] = [[turn.role, turn.text] for turn in said.turns]
        case["replies"] = [[place, _reply(shown, passages)] for place, shown in said.replies]
        case["usage"] = [said.usage.requests, said.usage.input_tokens, said.usage.output_tokens]
        case["seconds"] = round(said.seconds, 3)
    if result.graded is not None:
        case["grade"] = _grade(result.graded)
    return case


def _reply(shown: Shown, passages: dict[Passage, int]) -> dict[str, object]:
    record = shown.record
    return {
        "text": shown.text,
        "citations": [_citation(one) for one in shown.citations],
        "evidence": [
            [one.id, passages.setdefault(_unnumbered(one), len(passages))] for one in shown.evidence
        ],
        "abstained": shown.abstained,
        "seconds": round(shown.seconds, 3),
        "model": _model(record),
        "search": _chosen(record.get("search"), ("queries", "backend", "why")),
        "candidates": [_candidate(one) for one in _objects(record.get("candidates"))],
        "chosen": record.get("chosen"),
    }


def _model(record: Mapping[str, Any]) -> str | None:
    """The model's name, and the commit of its weights where that is known."""
    name, revision = record.get("model"), record.get("model_revision")
    return f"{name} at {str(revision)[:12]}" if name and revision else name


def _unnumbered(passage: Passage) -> Passage:
    return Passage(id=0, url=passage.url, title=passage.title, text=passage.text)


def _citation(one: Citation) -> dict[str, object]:
    return {
        "id": one.id,
        "sentence": one.sentence,
        "url": one.url,
        "title": one.title,
        "quote": one.quote,
        "verdict": one.verdict,
        "support": one.support,
        "missing": one.missing,
    }


def _candidate(one: dict[str, Any]) -> dict[str, object]:
    plain = _chosen(one, ("text", "abstained", "error", "revises", "score", "support"))
    if one.get("draft") != one.get("text"):
        plain["draft"] = one.get("draft")
    changed = [each for each in _objects(one.get("sentences")) if each.get("fate") != "kept"]
    plain["changed"] = [[each.get("fate"), each.get("text"), each.get("reason")] for each in changed]
    verdicts = [each for each in _objects(one.get("verdicts")) if each.get("outcome") != Outcome.KEPT]
    plain["not_kept"] = [
        [each.get("rule"), each.get("outcome"), each.get("probability")] for each in verdicts
    ]
    return plain


def _grade(graded: Graded) -> dict[str, object]:
    return {
        "plausible": graded.plausible,
        "by": graded.plausible_by,
        "supported": graded.supported,
        "support": graded.support,
        "refused": graded.refused,
        "published": graded.published,
        "rules": [[one.rule, one.outcome, one.probability, one.at, one.reason] for one in graded.rules],
    }


def _chosen(row: object, names: Iterable[str]) -> dict[str, object]:
    return {name: row.get(name) for name in names} if isinstance(row, dict) else {}


def _objects(rows: object) -> list[dict[str, Any]]:
    """The rows that are JSON objects: a record is whatever an arm tells, and may hold anything."""
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
