"""Replies in a terminal; the command's own tests drive it through its door."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from sparrow_lite.agent import Sparrow
from sparrow_lite.attempts import Opening
from sparrow_lite.events import CandidateDrafted, PageOpened, QueryWritten, ResultsFound, VerdictsReached
from sparrow_lite.reply import Candidate, Fate, Sentence
from sparrow_lite.terminal import describe, plain, print_reply


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (QueryWritten(queries=("bees",), why="x"), "Searching for bees"),
        (QueryWritten(queries=(), why="x"), "Thinking"),
        (
            ResultsFound(backend="wikipedia", attempts=(), titles=("a", "b")),
            "2 results from wikipedia: opening pages",
        ),
        (ResultsFound(backend=None, attempts=(), titles=()), "No search answered"),
        (PageOpened(opening=Opening(url="https://e.org/", title="Bees\x1b[31m")), "Read Bees[31m"),
        (
            CandidateDrafted(index=0, candidate=Candidate(draft="", text="", with_evidence=False)),
            "Judging candidate 1",
        ),
        (VerdictsReached(index=0, verdicts=()), None),
    ],
)
def test_each_event_says_what_the_turn_is_doing(event, line):
    assert describe(event) == line


@pytest.mark.parametrize(("length", "reason"), [(400, "the pages do not say it"), (400, "why " * 100)])
def test_a_long_sentence_that_was_dropped_is_cut_and_keeps_its_reason(length, reason):
    sparrow = Sparrow.open(search="none")
    reply = sparrow.ask("Hello!")
    dropped = Sentence(text="x" * length, fate=Fate.DROPPED, reason=reason)
    candidate = replace(reply.candidates[0], sentences=(dropped,))
    shown = {}
    for explain in (False, True):
        out = io.StringIO()
        console = Console(file=out, width=2000)
        print_reply(replace(reply, candidates=(candidate,)), sparrow.rules, console, explain=explain)
        shown[explain] = next(line for line in out.getvalue().split("\n") if line.startswith("Dropped"))
    assert len(shown[False]) <= 200
    assert f"({reason}"[:20] in shown[False]
    assert "x" * length in shown[True]


def test_control_characters_are_dropped_and_line_ends_kept():
    assert plain("a\x1b[2J\x07b\nc\u202e") == "a[2Jb\nc"


def test_a_reply_is_set_without_empty_lines_between_its_last_lines():
    sparrow = Sparrow.open(search="starter")
    out = io.StringIO()
    print_reply(
        sparrow.ask("How tall is Mount Everest?"), sparrow.rules, Console(file=out, width=90), explain=False
    )
    lines = out.getvalue().rstrip().split("\n")
    assert lines[-2].startswith("Rules: 23 of 23 kept")
    assert lines[-1].startswith("Searched How tall is Mount Everest?: answered by starter")
