"""What is shown of an exchange: plain values, cut and worded for people, that the templates only set.

Owns no HTML and no cleaning: `markup.py` does both to every value that it sets.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.conversations import Exchange
from sparrow_lite.export import reply_text
from sparrow_lite.reply import AbstainReason, Fate, Reply
from sparrow_lite.rules.base import Rule
from sparrow_lite.ui.sources import Source, shown_sources
from sparrow_lite.verdict import Outcome, SupportOutcome

_MARK = re.compile(r"\[(\d+(?:\s*,\s*\d+)*)\]")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_TIED_CHARS = 24
_ORDER = {Outcome.BROKEN: 0, Outcome.UNSCORED: 1, Outcome.KEPT: 2}

REASONS = {
    AbstainReason.NO_RESULTS: (
        "Nothing found",
        "The search worked, and nothing that it found bears on this. Other words may help.",
    ),
    AbstainReason.SEARCH_BLOCKED: (
        "The search was refused",
        "The search engine turned the request away, so nothing could be read. "
        "Wait a little, or pick another search below.",
    ),
    AbstainReason.SEARCH_UNREACHABLE: (
        "The search could not be reached",
        "No search answered in time. Check the connection, or pick another search below.",
    ),
    AbstainReason.FETCH_FAILED: (
        "The pages could not be opened",
        "There were results, but none of the pages could be read, and only what was read is cited.",
    ),
    AbstainReason.EVIDENCE_IRRELEVANT: (
        "Not enough to go on",
        "What was read does not answer this well enough to say it. A narrower question may help.",
    ),
    AbstainReason.EVIDENCE_CONFLICTS: (
        "The sources disagree",
        "What was read contradicts itself here, so no single answer would be honest.",
    ),
    AbstainReason.RULE_REFUSAL: (
        "Declined",
        "An answer would break one of the rules that every reply is held to.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text, or a mark when `source` is its evidence's number.

    `before` is the word that a mark must not part from at a line's end; empty for none.
    """

    text: str
    before: str = ""
    source: int | None = None
    verdict: SupportOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, or a list with one line of pieces for each item."""

    bullets: bool
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One rule's verdict with its words."""

    name: str
    text: str
    outcome: Outcome
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The verdicts on the shown text, the broken first, and how many there are of each outcome."""

    lines: tuple[RuleLine, ...]
    kept: int
    broken: int
    unscored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence that the evidence check dropped or softened."""

    text: str
    fate: Fate
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finished turn as it is shown; `title` and `advice` are empty unless it abstains."""

    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    title: str
    advice: str
    rules: Rules
    changes: tuple[Change, ...]
    unchecked: bool
    queries: tuple[str, ...]
    why: str
    backend: str | None
    attempts: tuple[Attempt, ...]
    openings: tuple[Opening, ...]
    candidates: tuple[tuple[str, str], ...]
    model: str
    seconds: float
    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An exchange as it is shown: `answer` is None while it runs, and when it gave none."""

    id: int
    question: str
    answer: Answer | None
    stopped: str
    running: bool
    last: bool


def show_exchange(exchange: Exchange, rules: Mapping[str, Rule], *, running: bool, last: bool) -> Shown:
    """Return what is shown of the exchange; a running one shows no earlier reply."""
    reply = None if running else exchange.reply
    return Shown(
        id=exchange.id,
        question=exchange.question,
        answer=show_reply(reply, rules) if reply is not None else None,
        stopped=exchange.stopped,
        running=running,
        last=last,
    )


def show_reply(reply: Reply, rules: Mapping[str, Rule]) -> Answer:
    """Return what is shown of the reply; a rule that is not known any more shows its id."""
    title, advice = REASONS[reply.abstained] if reply.abstained is not None else ("", "")
    return Answer(
        blocks=cut_blocks(reply.text, _worst_verdicts(reply)),
        sources=shown_sources(reply),
        title=title,
        advice=advice,
        rules=_show_rules(reply, rules),
        changes=_changes(reply),
        unchecked=reply.states_unchecked,
        queries=reply.search.queries,
        why=reply.search.why,
        backend=reply.search.backend,
        attempts=_attempts(reply.search.attempts),
        openings=reply.search.openings,
        candidates=_candidates(reply),
        model=reply.model,
        seconds=reply.seconds,
        copy=reply_text(reply),
    )


def _attempts(attempts: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """One line for each backend: a turn of two queries tries each twice."""
    by_backend: dict[str, Attempt] = {}
    for attempt in attempts:
        earlier = by_backend.get(attempt.backend)
        if earlier is None or earlier.outcome != "ok":
            by_backend[attempt.backend] = attempt if attempt.outcome == "ok" else earlier or attempt
        elif attempt.outcome == "ok":
            by_backend[attempt.backend] = replace(earlier, results=earlier.results + attempt.results)
    return tuple(by_backend.values())


def cut_blocks(text: str, verdicts: Mapping[int, SupportOutcome | None]) -> tuple[Block, ...]:
    """Cut the text into paragraphs and lists; `[n]` is a mark when `n` is one of `verdicts`."""
    blocks = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for bullets, lines in groupby(paragraph.split("\n"), key=_is_bullet):
            cut = (_BULLET.sub("", line) if bullets else line for line in lines)
            pieces = tuple(_cut_marks(line, verdicts) for line in cut if line.strip())
            if pieces:
                blocks.append(Block(bullets=bullets, lines=pieces))
    return tuple(blocks)


def _is_bullet(line: str) -> bool:
    return _BULLET.match(line) is not None


def _cut_marks(line: str, verdicts: Mapping[int, SupportOutcome | None]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for match in _MARK.finditer(line):
        ids = [int(number) for number in match[1].split(",")]
        if not all(number in verdicts for number in ids):
            continue
        text, before = _part_last_word(line[at : match.start()].rstrip())
        if text:
            pieces.append(Piece(text=text))
        for number in ids:
            pieces.append(Piece(text=str(number), source=number, verdict=verdicts[number], before=before))
            before = ""
        at = match.end()
    if at < len(line):
        pieces.append(Piece(text=line[at:]))
    return tuple(pieces)


def _part_last_word(text: str) -> tuple[str, str]:
    """The text and its last word, which stays with the text when it is too long for a line."""
    cut = text.rfind(" ") + 1
    return (text[:cut], text[cut:]) if len(text) - cut <= _TIED_CHARS else (text, "")


def _worst_verdicts(reply: Reply) -> dict[int, SupportOutcome | None]:
    worst: dict[int, SupportOutcome | None] = {}
    for outcome in (
        SupportOutcome.SUPPORTED,
        SupportOutcome.UNSCORED,
        SupportOutcome.NOT_SUPPORTED,
    ):
        for citation in reply.citations:
            if citation.verdict is outcome:
                worst[citation.id] = outcome
    return worst


def _show_rules(reply: Reply, rules: Mapping[str, Rule]) -> Rules:
    lines = []
    for verdict in sorted(reply.verdicts, key=lambda verdict: _ORDER[verdict.outcome]):
        rule = rules.get(verdict.rule)
        lines.append(
            RuleLine(
                name=rule.name if rule is not None else verdict.rule,
                text=rule.text if rule is not None else "",
                outcome=verdict.outcome,
                note=verdict.reason or "",
            )
        )
    count = Counter(line.outcome for line in lines)
    return Rules(
        lines=tuple(lines),
        kept=count[Outcome.KEPT],
        broken=count[Outcome.BROKEN],
        unscored=count[Outcome.UNSCORED],
    )


def _changes(reply: Reply) -> tuple[Change, ...]:
    return tuple(
        Change(text=sentence.text, fate=sentence.fate, reason=sentence.reason)
        for sentence in reply.candidates[reply.chosen].sentences
        if sentence.fate is not Fate.KEPT
    )


def _candidates(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Each candidate's words, and how it fared."""
    rows = []
    for index, candidate in enumerate(reply.candidates):
        fared = "shown" if index == reply.chosen else "not shown"
        if candidate.error is not None:
            fared = f"failed: {candidate.error}"
        elif candidate.score is not None:
            fared += f" · score {candidate.score.total:.2f}"
        broken = ", ".join(verdict.rule for verdict in candidate.broken)
        rows.append((candidate.text, fared + (f" · breaks {broken}" if broken else "")))
    return tuple(rows)
