"""Replies set for a terminal: the answer, its numbered sources with quotes and verdicts, the rules line.

Owns the look of `sparrow-lite ask` and `chat`; every word of a page is printed as plain text, never as
markup, and without control characters.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sparrow_lite.events import (
    CandidateDrafted,
    Event,
    PageOpened,
    QueryWritten,
    ReplyFinished,
    ResultsFound,
)
from sparrow_lite.reply import Candidate, Fate, Reply
from sparrow_lite.rules.base import Rule
from sparrow_lite.verdict import Citation, Outcome, SupportOutcome, Verdict

if TYPE_CHECKING:
    from sparrow_lite.agent import Sparrow
    from sparrow_lite.transcript import Transcript

_MARKS = {
    SupportOutcome.SUPPORTED: ("✓ supported", "green"),
    SupportOutcome.NOT_SUPPORTED: ("✗ not supported", "red"),
    SupportOutcome.UNSCORED: ("? unscored", "yellow"),
}
_QUIET = "dim"
_FATE_CHARS = 160
_LEAST_CHARS = 40


def open_console(*, err: bool = False) -> Console:
    """Return a console on standard output, or on standard error."""
    return Console(stderr=err, highlight=False)


def show_turn(sparrow: "Sparrow", transcript: "Transcript", *, case_id: str | None, explain: bool) -> Reply:
    """Show what the turn is doing, then the reply, which is returned.

    Raises:
        ModelError: When the model gave no usable text for any candidate.
    """
    with open_console(err=True).status("Thinking", spinner="dots") as status:
        for event in sparrow.stream(transcript, case_id=case_id):
            if isinstance(event, ReplyFinished):
                reply = event.reply
            elif line := describe(event):
                status.update(line.replace("[", r"\["))
    print_reply(reply, sparrow.rules, open_console(), explain=explain)
    return reply


def print_reply(reply: Reply, rules: Sequence[Rule], console: Console, *, explain: bool) -> None:
    """Print a reply; with `explain` also every candidate, page and verdict."""
    console.print()
    console.print(_answer(reply))
    for renderable in _sources(reply):
        console.print(renderable)
    console.print()
    for line in (*_fates(reply, whole=explain), _rules_line(reply.verdicts, rules), _search_line(reply)):
        console.print(line)
    if explain:
        _explain(reply, rules, console)
    console.print()


def describe(event: Event) -> str | None:
    """Return one line that says what a turn is doing now; None for events that change nothing to see."""
    if isinstance(event, QueryWritten):
        return f"Searching for {plain(event.queries[0])}" if event.queries else "Thinking"
    if isinstance(event, ResultsFound):
        found = f"{len(event.titles)} results from {event.backend}" if event.backend else "No search answered"
        return f"{found}: opening pages" if event.backend else found
    if isinstance(event, PageOpened):
        return f"Read {plain(event.opening.title or event.opening.url)[:70]}"
    if isinstance(event, CandidateDrafted):
        return f"Judging candidate {event.index + 1}"
    return None


def plain(text: str) -> str:
    """Return the text without control characters, which could drive a terminal."""
    return "".join(char for char in text if char.isprintable() or char == "\n")


def _answer(reply: Reply) -> RenderableType:
    text = Text(plain(reply.text), style="" if reply.abstained is None else "italic")
    text.highlight_regex(r"\[\d+\]", style="bold cyan")
    if reply.abstained is None:
        return text
    return Group(Text(f"No answer ({reply.abstained.replace('_', ' ')})", style="bold yellow"), text)


def _sources(reply: Reply) -> Iterator[RenderableType]:
    if reply.citations:
        yield Text("\nSources", style="bold")
    ordered = sorted(reply.citations, key=lambda citation: citation.id)
    for number, group in groupby(ordered, key=lambda citation: citation.id):
        citations = list(group)
        head = Text.assemble((f"[{number}] ", "bold cyan"), (plain(citations[0].title), "bold"))
        head.append(f"  {plain(citations[0].url)}", style=_QUIET)
        yield head
        yield from (Padding(_quote(citation), (0, 0, 0, 4)) for citation in citations)


def _quote(citation: Citation) -> Text:
    mark, style = _MARKS[citation.verdict]
    line = Text.assemble((f"“{plain(citation.quote)}” ", "italic"), (mark, style))
    if citation.support is not None:
        line.append(f" {citation.support:.2f}", style=_QUIET)
    return line


def _fates(reply: Reply, *, whole: bool) -> list[Text]:
    """What was softened or dropped; a long line is cut unless the whole is wanted."""
    changed = [one for one in reply.candidates[reply.chosen].sentences if one.fate is not Fate.KEPT]
    return [
        Text(
            plain(_fate(one.fate, one.text, one.reason, chars=None if whole else _FATE_CHARS)), style="yellow"
        )
        for one in changed
    ]


def _fate(fate: Fate, text: str, reason: str | None, *, chars: int | None) -> str:
    head, tail = f"{fate.value.capitalize()}: ", f" ({reason})" if reason else ""
    if chars is None:
        return f"{head}{text}{tail}"
    room = max(_LEAST_CHARS, chars - len(head) - len(tail))
    return _cut(f"{head}{_cut(text, room)}{tail}", chars + _LEAST_CHARS)


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1].rstrip()}…"


def _rules_line(verdicts: Sequence[Verdict], rules: Sequence[Rule]) -> Text:
    """How many rules were kept, which broke with their text, how many are unscored."""
    counts = {outcome: [one for one in verdicts if one.outcome is outcome] for outcome in Outcome}
    line = Text(f"Rules: {len(counts[Outcome.KEPT])} of {len(verdicts)} kept", style=_QUIET)
    if counts[Outcome.UNSCORED]:
        line.append(f", {len(counts[Outcome.UNSCORED])} unscored", style="yellow")
    texts = {rule.id: rule.text for rule in rules}
    for verdict in counts[Outcome.BROKEN]:
        line.append(f"\n  broken: {verdict.rule}: {texts.get(verdict.rule, '')}", style="red")
    return line


def _search_line(reply: Reply) -> Text:
    search = reply.search
    if search.attempts and all(one.backend == "none" for one in search.attempts):
        return Text(
            plain(f"Not searched: search is off. {reply.seconds:.2f} s, {reply.model}."), style=_QUIET
        )
    if not search.queries:
        unchecked = ", so nothing it states was checked" if reply.states_unchecked else ""
        line = f"Not searched{unchecked}: {search.why}. {reply.seconds:.2f} s, {reply.model}."
        return Text(plain(line), style="yellow" if unchecked else _QUIET)
    answered = f"answered by {search.backend}" if search.backend else "nothing answered"
    line = f"Searched {' | '.join(search.queries)}: {answered}"
    answered_by = {one.backend for one in search.attempts if one.outcome == "ok"}
    failed = {one.backend: one.outcome for one in search.attempts if one.backend not in answered_by}
    if failed:
        told = "; ".join(f"{name}: {why.replace('_', ' ')}" for name, why in failed.items())
        line += f" ({told})"
    return Text(plain(f"{line}. {reply.seconds:.2f} s, {reply.model}."), style=_QUIET)


def _explain(reply: Reply, rules: Sequence[Rule], console: Console) -> None:
    console.print(Text("\nCandidates", style="bold"))
    for index, candidate in enumerate(reply.candidates):
        console.print(_candidate(index, candidate, chosen=index == reply.chosen))
    pages = Table("page", "outcome", title="Pages", title_justify="left", box=None)
    for opening in reply.search.openings:
        outcome = plain(f"{opening.reason or 'opened'} {opening.detail}").strip()
        pages.add_row(Text(plain(opening.url)), Text(outcome))
    searches = Table(
        "backend", "outcome", "results", "seconds", title="Searches", title_justify="left", box=None
    )
    for one in reply.search.attempts:
        outcome = plain(f"{one.outcome} {one.detail}{' (cached)' if one.cached else ''}")
        searches.add_row(one.backend, Text(outcome), str(one.results), f"{one.seconds:.2f}")
    verdicts = Table("rule", "outcome", "P(broken)", "reason", title="Rules", title_justify="left", box=None)
    names = {rule.id: f"{rule.number} {rule.name}" for rule in rules}
    for verdict in reply.verdicts:
        probability = "" if verdict.probability is None else f"{verdict.probability:.2f}"
        name = names.get(verdict.rule, verdict.rule)
        verdicts.add_row(name, verdict.outcome, probability, Text(plain(verdict.reason or "")))
    console.print(searches, pages, verdicts, sep="\n")


def _candidate(index: int, candidate: Candidate, *, chosen: bool) -> RenderableType:
    head = f"{index + 1}. {'with' if candidate.with_evidence else 'without'} evidence"
    if candidate.revises is not None:
        head += f", revises {candidate.revises + 1}"
    if candidate.score is not None:
        score = candidate.score
        parts = {"preference": score.preference, "evidence": score.evidence, "rules": score.rules}
        shown = ", ".join(f"{name} {'-' if part is None else f'{part:.2f}'}" for name, part in parts.items())
        head += f"; {shown}; total {score.total:.3f}"
    title = Text(head + (" (shown)" if chosen else ""), style="cyan" if chosen else "")
    body = Text(plain(candidate.error or candidate.draft), style=_QUIET)
    fates = [
        f"{one.fate}: {one.text} {one.reason}" for one in candidate.sentences if one.fate is not Fate.KEPT
    ]
    return Group(
        title, Padding(Group(body, *(Text(plain(line), style="yellow") for line in fates)), (0, 0, 0, 3))
    )
