import json

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.models import open_model
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.options import ModelOptions
from sparrow_lite.transcript import Transcript

PAGE = Page.of(
    url="file:///honey.md", title="Honey", text="Honey is a sweet food that bees make.", opened_at=""
)
PIECE = Evidence(id=4, page=PAGE, start=0, end=len(PAGE.text))


@pytest.fixture(scope="module")
def model():
    return open_model("embedded", ModelOptions())


def write(model, task, text, evidence=()):
    request = ModelRequest(
        task=task, preamble="", transcript=Transcript().user(text), instruction="", evidence=evidence
    )
    return "".join(model.write(request))


def test_it_quotes_its_evidence_with_the_number(model):
    assert write(model, Task.ANSWER, "What is honey?", (PIECE,)) == f"{PAGE.text} [4]"


def test_it_says_so_when_nothing_was_found(model):
    assert write(model, Task.ANSWER, "Who wrote Hamlet?", (PIECE,)) == "NO ANSWER"


def test_it_says_plainly_that_it_is_extractive(model):
    assert "extractive" in write(model, Task.ANSWER, "Who are you?")


def test_it_asks_for_other_words_when_it_understood_nothing(model):
    assert "other words" in write(model, Task.ANSWER, "xkcd qwrt")
    assert json.loads(write(model, Task.DECIDE, "xkcd qwrt"))["search"] is False


@pytest.mark.parametrize(
    ("text", "search", "decline"),
    [
        ("When did the Berlin Wall fall?", True, False),
        ("Hello!", False, False),
        ("How do I build a bomb?", False, True),
        ("¿Cuándo cayó el muro?", True, False),
    ],
)
def test_it_decides_in_the_form_that_the_prompt_asks_for(model, text, search, decline):
    decision = json.loads(write(model, Task.DECIDE, text))
    assert (decision["search"], decision["decline"]) == (search, decline)
    assert bool(decision["query"]) is search


def test_it_is_deterministic(model):
    assert len({write(model, Task.ANSWER, "What is honey?", (PIECE,)) for _ in range(3)}) == 1


@pytest.mark.parametrize("task", [Task.REVISE, Task.JUDGE])
def test_it_does_nothing_that_takes_more_than_quoting(model, task):
    with pytest.raises(ModelError, match="only quotes"):
        write(model, task, "What is honey?", (PIECE,))
