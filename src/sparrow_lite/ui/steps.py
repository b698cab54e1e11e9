"""What is shown of a turn while it runs: its steps, from its events."""

from collections.abc import Sequence
from dataclasses import dataclass

from sparrow_lite.events import (
    CandidateDrafted,
    Event,
    PageOpened,
    QueryWritten,
    ResultsFound,
    VerdictsReached,
)

_SEARCH_LABELS = {
    "auto": "Auto",
    "duckduckgo": "DuckDuckGo",
    "wikipedia": "Wikipedia",
    "starter": "Starter corpus",
    "none": "No search",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of progress; `active` while it goes on."""

    text: str
    note: str = ""
    active: bool = False


def show_steps(events: Sequence[Event], *, model: str, rules: int) -> tuple[Step, ...]:
    """Return the steps so far, the last one active."""
    steps = [*_search_steps(events), *_draft_steps(events, rules)]
    if not events:
        steps.append(Step(text=f"Thinking with {model}"))
    last = steps[-1]
    return (*steps[:-1], Step(text=last.text, note=last.note, active=True))


def _search_steps(events: Sequence[Event]) -> list[Step]:
    steps = []
    for event in events:
        if isinstance(event, QueryWritten):
            steps.append(_query_step(event))
        elif isinstance(event, ResultsFound):
            steps.append(_results_step(event))
    openings = [event.opening for event in events if isinstance(event, PageOpened)]
    if openings:
        read = sum(opening.reason is None for opening in openings)
        failed = len(openings) - read
        note = f"{failed} could not be opened" if failed else ""
        steps.append(Step(text=f"Read {_count(read, 'page')}", note=note))
    return steps


def _query_step(event: QueryWritten) -> Step:
    if not event.queries:
        return Step(text="No search needed", note=event.why)
    quoted = [f"“{query}”" for query in event.queries]
    return Step(text=f"Searching for {quoted[0]}", note=", ".join(quoted[1:]))


def _results_step(event: ResultsFound) -> Step:
    failed = [attempt for attempt in event.attempts if attempt.outcome != "ok"]
    note = ", ".join(
        f"{label_search(attempt.backend)}: {show_outcome(attempt.outcome)}" for attempt in failed
    )
    if event.backend is None:
        return Step(text="No search answered", note=note)
    return Step(text=f"{_count(len(event.titles), 'result')} from {label_search(event.backend)}", note=note)


def _draft_steps(events: Sequence[Event], rules: int) -> list[Step]:
    drafted = sum(isinstance(event, CandidateDrafted) for event in events)
    judged = sum(isinstance(event, VerdictsReached) for event in events)
    steps = []
    if drafted:
        steps.append(Step(text="Checking quotes", note=f"{_count(drafted, 'candidate')} drafted"))
    if judged:
        steps.append(Step(text=f"Judging {rules} rules", note=f"{_count(judged, 'candidate')} judged"))
    return steps


def label_search(name: str) -> str:
    """Return what a search is called on the page."""
    kind, _, rest = name.partition(":")
    if kind == "corpus" and rest:
        return f"Files: {rest.rstrip('/').rpartition('/')[2] or rest}"
    return _SEARCH_LABELS.get(name, name)


def show_outcome(outcome: str) -> str:
    """Return the words for an attempt's outcome or an opening's reason."""
    return outcome.removeprefix("search_").replace("_", " ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
