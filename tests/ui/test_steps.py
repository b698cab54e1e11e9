"""The steps of a running turn, from its events."""

from collections.abc import Sequence

import pytest

from sparrow_lite.attempts import Attempt, Opening
from sparrow_lite.events import Event, PageOpened, QueryWritten, ResultsFound, VerdictsReached
from sparrow_lite.ui.steps import label_search, show_steps

QUERY = QueryWritten(queries=("sky blue", "why is the sky blue"), why="a question of fact")
BLOCKED = Attempt(backend="duckduckgo", outcome="search_blocked")
OPENED = PageOpened(opening=Opening(url="u", title="t"))
CLOSED = PageOpened(opening=Opening(url="u", title="t", reason="timeout"))


@pytest.mark.parametrize(
    ("events", "last", "note"),
    [
        ([], "Thinking with m", ""),
        ([QueryWritten(queries=(), why="a greeting")], "No search needed", "a greeting"),
        ([QUERY], "Searching for “sky blue”", "“why is the sky blue”"),
        (
            [QUERY, ResultsFound(backend="wikipedia", attempts=(BLOCKED,), titles=("a", "b"))],
            "2 results from Wikipedia",
            "DuckDuckGo: blocked",
        ),
        (
            [QUERY, ResultsFound(backend=None, attempts=(BLOCKED,), titles=())],
            "No search answered",
            "DuckDuckGo: blocked",
        ),
        ([QUERY, OPENED, OPENED, CLOSED], "Read 2 pages", "1 could not be opened"),
        ([QUERY, OPENED, VerdictsReached(index=0, verdicts=())], "Judging 23 rules", "1 candidate judged"),
    ],
)
def test_the_last_step_is_what_goes_on(events: Sequence[Event], last: str, note: str) -> None:
    steps = show_steps(events, model="m", rules=23)
    assert (steps[-1].text, steps[-1].note) == (last, note)
    assert [step.active for step in steps] == [False] * (len(steps) - 1) + [True]


@pytest.mark.parametrize(
    ("name", "label"),
    [("auto", "Auto"), ("corpus:/home/me/notes/", "Files: notes"), ("searxng:http://x", "searxng:http://x")],
)
def test_a_search_has_a_name_for_people(name: str, label: str) -> None:
    assert label_search(name) == label
