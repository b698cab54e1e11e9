from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.metered import Meter, MeteredBatch, MeteredModel, MeteredScorer, metered
from sparrow_lite.harness.arms.pace import Pace
from sparrow_lite.harness.conversation import Usage
from sparrow_lite.models.base import (
    BatchScorer,
    BatchWriter,
    ModelRequest,
    OptionScorer,
    Task,
    Tokens,
    Written,
)
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.rules import open_rule_judge
from sparrow_lite.rules.base import JudgedTurn
from sparrow_lite.transcript import Transcript

REQUEST = ModelRequest(task=Task.ANSWER, preamble="", transcript=Transcript().user("Hi"), instruction="")


class _Counting(ScriptedModel):
    """Tells 5 tokens in and 2 out for each text, and 7 and 1 for each scoring."""

    def write(self, request: ModelRequest) -> Iterator[str]:
        yield from super().write(request)
        return Tokens(input=5, output=2)

    def score_options(self, request: ModelRequest, options: Sequence[str]) -> tuple[float, ...] | None:
        return self.score_and_count(request, options)[0]

    def score_and_count(self, request: ModelRequest, options: Sequence[str]) -> Any:
        return (0.25, 0.75), Tokens(input=7, output=1)


@pytest.fixture
def parts(open_scripted_sparrow: Callable[..., Any]) -> Callable[..., Any]:
    def make(model: Any, rule_judge: str = "none") -> Any:
        judge = open_rule_judge(rule_judge, model=model)
        return replace(open_scripted_sparrow({}, judge=judge)[2], model=model)

    return make


def _said(model: Any) -> str:
    return "".join(model.write(REQUEST))


def test_tokens_are_counted_where_a_model_tells_them(parts: Any) -> None:
    meter = Meter()
    model = metered(parts(_Counting({Task.ANSWER: ["Hello there"]})), meter).model
    assert _said(model) == "Hello there"
    assert meter.usage == Usage(requests=1, input_tokens=5, output_tokens=2)


def test_requests_are_counted_where_it_tells_none(parts: Any) -> None:
    meter = Meter()
    assert _said(metered(parts(ScriptedModel({Task.ANSWER: ["Hello"]})), meter).model) == "Hello"
    assert meter.usage == Usage(requests=1)


@pytest.mark.parametrize(("model", "scores"), [(_Counting({}), True), (ScriptedModel({}), False)])
def test_it_scores_options_only_when_its_model_does(parts: Any, model: Any, scores: bool) -> None:
    assert isinstance(metered(parts(model), Meter()).model, OptionScorer) is scores


def test_the_prompted_judges_requests_count_too(parts: Any) -> None:
    meter = Meter()
    counted = metered(parts(_Counting({}), "prompted"), meter)
    turn = JudgedTurn(transcript=Transcript().user("Hi").sparrow("Hello."))
    verdicts = counted.judge.judge(turn, counted.rules[:3])
    assert [one.probability for one in verdicts] == [0.25] * 3
    assert meter.usage == Usage(requests=3, input_tokens=21, output_tokens=3)


def test_a_scoring_that_asked_nobody_does_not_count() -> None:
    class Mute(_Counting):
        def score_and_count(self, request: ModelRequest, options: Sequence[str]) -> Any:
            return None, None

    meter = Meter()
    assert MeteredScorer(Mute({}), meter).score_options(REQUEST, ("yes", "no")) is None
    assert meter.usage == Usage()


def test_a_stream_that_is_cut_is_asked_for_again_and_counts_once() -> None:
    class Cut(ScriptedModel):
        def write(self, request: ModelRequest) -> Iterator[str]:
            tried = len(self.requests)
            for piece in super().write(request):
                yield piece
                if not tried:
                    raise ModelError("cut off", retryable=True, retry_after_seconds=0.0)

    meter = Meter()
    model = MeteredModel(Cut(lambda _: "Paris it is"), meter, Pace(in_flight=1, retries=1))
    assert list(model.write(REQUEST)) == ["Paris it is"]
    assert meter.usage == Usage(requests=1)


class _AtOnce(_Counting):
    """Writes and scores several requests at once; the last text is missing, and so is the last score."""

    def write_many(self, requests: Sequence[ModelRequest]) -> tuple[Written | ModelError, ...]:
        told = Written(text="Paris", tokens=Tokens(input=5, output=2))
        return (*[told] * (len(requests) - 1), ModelError("away", retryable=False))

    def score_many(self, requests: Sequence[ModelRequest], options: Sequence[str]) -> Any:
        return (*[(0.25, 0.75)] * (len(requests) - 1), None)


def test_requests_made_at_once_are_counted_one_by_one(parts: Callable[..., Any]) -> None:
    meter = Meter()
    model = metered(parts(_AtOnce(lambda _: "")), meter).model
    assert isinstance(model, MeteredBatch)
    assert isinstance(model, BatchWriter)
    assert isinstance(model, BatchScorer)
    assert len(model.write_many([REQUEST] * 3)) == 3
    assert meter.usage == Usage(requests=3, input_tokens=10, output_tokens=4)
    assert model.score_many([REQUEST] * 3, ("yes", "no")) == ((0.25, 0.75), (0.25, 0.75), None)
    assert meter.usage.requests == 5
