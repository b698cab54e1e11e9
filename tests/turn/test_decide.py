import json

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import Task
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.decide import decide

WORDS = "When was it built?"
EARLIER = Transcript().user("How tall is the Eiffel Tower?").sparrow("330 metres.")


def decided(open_scripted_sparrow, written, *, mode="auto", text=WORDS):
    _, model, parts = open_scripted_sparrow({Task.DECIDE: [written]}, mode=mode)
    return decide(EARLIER.user(text), parts), model


def form(**values):
    return json.dumps({"search": True, "query": "Eiffel Tower construction date", "why": "a fact", **values})


def test_the_standalone_query_comes_first_and_the_users_words_second(open_scripted_sparrow):
    decision, model = decided(open_scripted_sparrow, f"Sure! {form()} Anything else?")
    assert decision.queries == ("Eiffel Tower construction date", WORDS)
    assert "How tall is the Eiffel Tower?" in model.requests[0].instruction


@pytest.mark.parametrize("query", [WORDS, "when was it built", "", None, 7, ["x"]])
def test_the_users_words_stand_alone_when_the_query_adds_nothing(open_scripted_sparrow, query):
    decision, _ = decided(open_scripted_sparrow, form(query=query))
    assert decision.queries == (WORDS,)


def test_a_request_that_must_be_declined_is_not_searched(open_scripted_sparrow):
    decision, _ = decided(open_scripted_sparrow, form(decline=True))
    assert (decision.search, decision.declines, decision.queries) == (False, True, ())


def test_a_query_is_one_printable_line_of_bounded_length(open_scripted_sparrow):
    decision, _ = decided(open_scripted_sparrow, form(query="bridges\x00\n" + "x " * 500))
    assert "\n" not in decision.queries[0]
    assert len(decision.queries[0]) <= 300


def test_a_model_that_fails_costs_only_the_standalone_query(open_scripted_sparrow):
    def fail(request):
        raise ModelError("down", retryable=True)

    _, _, parts = open_scripted_sparrow(fail)
    decision = decide(Transcript().user(WORDS), parts)
    assert decision.queries == (WORDS,)
    assert "down" in decision.why


def test_a_turn_without_words_is_not_searched(open_scripted_sparrow):
    decision, _ = decided(open_scripted_sparrow, form(), text="   ")
    assert decision.search is False
