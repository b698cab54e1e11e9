import threading
import time
from dataclasses import replace

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.evidence import Evidence, Page
from sparrow_lite.models.base import Written
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.transcript import Transcript
from sparrow_lite.turn.draft import draft_candidates

PAGE = Page.of(url="https://e.org/", title="T", text="Words.", opened_at="")
PIECE = Evidence(id=1, page=PAGE, start=0, end=6)
ASKED = Transcript().user("Why?")


class Remote(ScriptedModel):
    """A model that gains from being asked four times at once, and notes how often it was."""

    concurrency = 4

    def __init__(self):
        super().__init__(self._say)
        self.busy, self.most, self.lock = 0, 0, threading.Lock()

    def _say(self, request):
        with self.lock:
            self.busy += 1
            self.most = max(self.most, self.busy)
        # The first seeds take longest, so that order by completion would show.
        time.sleep(0.15 - 0.03 * min(request.sampling.seed, 4))
        with self.lock:
            self.busy -= 1
        return f"draft {request.sampling.seed}"


def test_a_model_behind_an_api_is_asked_at_once_and_keeps_its_order(open_scripted_sparrow):
    _, _, parts = open_scripted_sparrow({}, candidates=6)
    model = Remote()
    drafts = list(draft_candidates(ASKED, (PIECE,), replace(parts, model=model)))
    assert [draft.text for draft in drafts] == [f"draft {seed}" for seed in range(6)]
    assert 1 < model.most <= 4


@pytest.mark.parametrize(
    ("count", "evidence", "seeing"), [(1, True, 1), (3, True, 2), (8, True, 4), (2, False, 0)]
)
def test_the_first_half_sees_evidence_when_there_is_some(open_scripted_sparrow, count, evidence, seeing):
    _, _, parts = open_scripted_sparrow(lambda request: "x", candidates=count)
    drafts = list(draft_candidates(ASKED, (PIECE,) if evidence else (), parts))
    assert [draft.with_evidence for draft in drafts] == [True] * seeing + [False] * (count - seeing)


def test_when_every_draft_fails_the_first_reason_is_raised(open_scripted_sparrow):
    def fail(request):
        raise ModelError(f"no {request.sampling.seed}", retryable=False)

    _, _, parts = open_scripted_sparrow(fail, candidates=3)
    with pytest.raises(ModelError, match="no 0"):
        list(draft_candidates(ASKED, (), parts))


class AtOnce(ScriptedModel):
    """A model that writes several texts at once, and notes which."""

    def __init__(self):
        super().__init__(lambda request: "alone")
        self.batches = []

    def write_many(self, requests):
        self.batches.append([request.sampling.seed for request in requests])
        return tuple(
            Written(text=f" draft {request.sampling.seed} ")
            if request.sampling.seed != 1
            else ModelError("not this one", retryable=False)
            for request in requests
        )


def test_a_model_that_can_writes_all_candidates_at_once(open_scripted_sparrow):
    _, _, parts = open_scripted_sparrow({}, candidates=4)
    model = AtOnce()
    drafts = list(draft_candidates(ASKED, (PIECE,), replace(parts, model=model)))
    assert model.batches == [[0, 1, 2, 3]]
    assert [draft.text for draft in drafts] == ["draft 0", "", "draft 2", "draft 3"]
    assert [draft.error for draft in drafts] == [None, "not this one", None, None]


def test_a_single_candidate_is_written_as_a_stream(open_scripted_sparrow):
    _, _, parts = open_scripted_sparrow({}, candidates=1)
    model = AtOnce()
    (draft,) = draft_candidates(ASKED, (), replace(parts, model=model))
    assert (draft.text, model.batches) == ("alone", [])
