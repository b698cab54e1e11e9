"""What every executor promises, on threads and processes. Ray has a file of its own."""

import itertools
import os
import signal
import threading
import time

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.harness.case import Case, Status
from sparrow_lite.harness.executors import open_executor

ALL = pytest.mark.parametrize("executor", ["threads", "processes"])


def said(stream) -> dict[str, str | None]:
    """What came of each case by probe; a case that comes twice is an error."""
    found = {}
    for one in stream:
        if one is not None:
            assert one.case.probe.id not in found
            found[one.case.probe.id] = one.conversation.last.text if one.conversation else one.reason
    return found


@ALL
def test_every_case_is_worked_on_once(odd, executor):
    plan = odd.make_plan(["go on"] * 20, judge="lexical")
    found = list(filter(None, open_executor(executor, workers=2).run(plan.cases(), odd.spec_of(plan))))
    assert sorted(one.case.ordinal for one in found) == list(range(20))
    assert {one.conversation.last.text for one in found} == {f"p{n:03}.0: go on" for n in range(20)}
    assert all(one.grades[0].judge == "lexical" and one.grades[0].plausible for one in found)


@ALL
def test_no_more_cases_are_taken_than_are_worked_on_and_a_few(odd, executor):
    taken = []

    def endless():
        plan = odd.make_plan(["go on"])
        case = next(iter(plan.cases()))
        for number in itertools.count():
            taken.append(number)
            yield Case(ordinal=number, probe=case.probe, arm=case.arm, sample=0, key=str(number))

    stream = open_executor(executor, workers=2).run(endless(), odd.spec_of(odd.make_plan(["go on"])))
    came = itertools.islice(filter(None, stream), 5)
    assert len(list(came)) == 5
    time.sleep(0.2)
    assert len(taken) <= 5 + 4 * 2 + 2
    stream.close()
    held = len(taken)
    time.sleep(0.1)
    assert len(taken) <= held + 2


@ALL
@pytest.mark.parametrize(("opening", "error"), [("refuse this", ConfigError), ("fail to load", ModelError)])
def test_an_error_of_opening_a_worker_reaches_the_caller_as_itself(odd, executor, opening, error):
    plan = odd.make_plan(["go on"])
    stream = open_executor(executor, workers=2).run(plan.cases(), odd.spec_of(plan, opening=opening))
    with pytest.raises(error) as raised:
        list(stream)
    if error is ModelError:
        assert raised.value.retryable is False


@ALL
def test_a_bug_in_a_worker_is_raised_with_its_name(odd, executor):
    plan = odd.make_plan(["go on", "bug by naught"])
    stream = open_executor(executor, workers=1).run(plan.cases(), odd.spec_of(plan))
    with pytest.raises((ZeroDivisionError, RuntimeError), match=r"by naught"):
        list(stream)


@ALL
def test_none_comes_while_nothing_ends(odd, executor):
    plan = odd.make_plan(["sleep 0.7"])
    came = list(open_executor(executor, workers=1).run(plan.cases(), odd.spec_of(plan)))
    assert came.count(None) >= 2


@ALL
def test_an_interrupted_executor_hands_out_what_has_ended_and_stops_soon(odd, executor):
    plan = odd.make_plan([*["go on"] * 4, *["sleep 30"] * 4])
    stream = open_executor(executor, workers=2).run(plan.cases(), odd.spec_of(plan))
    found = []

    def interrupt_after_four() -> None:
        for one in filter(None, stream):
            found.append(one)
            if len(found) == 4:
                threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        interrupt_after_four()
    assert len(found) == 4
    assert time.monotonic() - started < 10


def test_a_failure_that_passes_is_tried_again_and_one_that_does_not_is_a_result(odd, tmp_path):
    plan = odd.make_plan([f"stumble {tmp_path / 'once'}", "fail for good"])
    found = list(
        filter(None, open_executor("threads", workers=2).run(plan.cases(), odd.spec_of(plan, retries=2)))
    )
    by_id = {one.case.probe.id: one for one in found}
    assert (by_id["p000"].status, by_id["p000"].tries) == (Status.DONE, 2)
    assert (by_id["p001"].status, by_id["p001"].tries) == (Status.FAILED, 1)
    assert by_id["p001"].reason == "the model fails: for good."


def test_threads_waiting_for_a_model_run_beside_one_another(odd):
    plan = odd.make_plan(["sleep 0.1"] * 64)
    started = time.monotonic()
    assert len(said(open_executor("threads", workers=64).run(plan.cases(), odd.spec_of(plan)))) == 64
    assert time.monotonic() - started < 5.0, "one after another they take 6.4 seconds"


@pytest.mark.parametrize("name", ["thread", "ray:auto?gpu=1", "ray?judge_gpus=many", "processes:2"])
def test_an_unknown_executor_or_option_is_refused_with_those_that_are_known(name):
    with pytest.raises(ConfigError, match=r"threads|judge_gpus"):
        open_executor(name, workers=1)
