import itertools

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.executors.line import Line, Openings


@pytest.fixture
def cases(odd):
    return list(odd.make_plan(["go on"] * 4).cases())


def test_only_as_many_are_taken_from_what_is_coming_as_are_asked_for(cases):
    coming = iter(cases)
    line = Line(coming)
    assert line.count(2) == 2
    assert list(coming) == cases[2:]
    assert [line.take(), line.take(), line.take()] == [*cases[:2], None]


def test_the_case_of_a_dead_worker_comes_first_and_is_failed_after_the_third_death(cases):
    line = Line(iter(cases))
    for _ in range(2):
        assert line.lose(line.take(), "killed") is None
    failed = line.lose(line.take(), "killed")
    assert (failed.case, failed.status, failed.tries) == (cases[0], "failed", 3)
    assert "killed" in failed.reason
    assert list(itertools.islice(iter(line.take, None), 5)) == cases[1:]


def test_workers_that_cannot_be_opened_are_given_up_when_none_is_left():
    openings = Openings()
    for _ in range(5):
        openings.fail("out of memory", others=1)
    assert openings.hopeless
    with pytest.raises(ModelError, match="out of memory"):
        openings.fail("out of memory", others=0)
    openings.succeed()
    openings.fail("out of memory", others=0)
