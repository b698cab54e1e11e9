import pytest

SUITE = ("ordinary", "--arm", "complies", "--limit", "4", "--out", "run")


def test_a_run_is_judged_later_as_it_would_have_been_at_once(door, rows_of, figures_of):
    door("eval", *SUITE, "--judge", "none")
    assert not any(row["rules"] for row in rows_of("run"))
    assert "4 cases judged by lexical" in door("eval", "judge", "run", "--judge", "lexical").stdout
    door("eval", *SUITE[:-1], "at_once", "--judge", "lexical")
    later, at_once = figures_of("run", "--judge", "lexical"), figures_of("at_once")
    assert later == at_once
    assert at_once["arms"][0]["ordinary"]["any_rule"]["unscored"] == 0
    assert figures_of("run")["judge"] == "none", "the first judges still decide"


def test_what_is_judged_is_judged_again_only_when_asked(door, server, openai_server):
    door("eval", *SUITE, "--judge", "lexical")
    assert "0 cases judged" in door("eval", "judge", "run", "--judge", "lexical").stdout
    assert "4 cases judged" in door("eval", "judge", "run", "--judge", "lexical", "--again").stdout
    assert server.seen == [], "no reply is asked for"


def test_judging_asks_the_arm_for_nothing(door, questions, server):
    arm = f"url:{server.url}"
    door("eval", questions(3), "--arm", arm, "--judge", "none", "--out", "run")
    assert len(server.seen) == 3
    door("eval", "judge", "run", "--judge", "lexical", "--workers", "2")
    assert len(server.seen) == 3


@pytest.mark.parametrize("name", ["oracle", "prompted", "prompted:oracle"])
def test_judges_that_nobody_knows_are_named(door, name):
    door("eval", *SUITE, "--judge", "none")
    done = door("eval", "judge", "run", "--judge", name, code=2)
    assert name.rpartition(":")[2] in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_second_call_on_a_run_may_not_bring_other_judges(door):
    door("eval", *SUITE, "--judge", "lexical")
    done = door("eval", *SUITE, "--judge", "none", code=2)
    assert "sparrow-lite eval judge run --judge none" in done.stderr
