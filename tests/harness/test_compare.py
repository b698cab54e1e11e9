import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.compare import compare
from sparrow_lite.harness.metrics.figures import figures


def questions(row, right, *, arm="full", ids=range(30)):
    return [row(id=f"{at}", arm=arm, plausible=True, supported=at < right) for at in ids]


def test_run_b_is_held_against_run_a_on_the_probes_that_both_asked(write_run, row):
    before = write_run(questions(row, 10), name="before")
    after = write_run(questions(row, 25, ids=range(5, 40)), name="after")
    found = {one.measure: one for one in compare(before, after)}
    both = found["supported_and_plausible"]
    assert (both.arm, both.other, both.pairs) == ("after/full", "before/full", 25)
    assert both.value == pytest.approx((20 - 5) / 25)
    assert both.p == pytest.approx(2 * 0.5**15)
    assert not both.tied
    assert found["plausible"].tied
    assert "violations" not in found


def test_a_run_against_itself_is_tied_everywhere(write_run, row):
    run = write_run(questions(row, 10))
    assert {(one.value, one.p, one.tied) for one in compare(run, run)} == {(0.0, 1.0, True)}


def test_two_runs_say_the_same_as_two_arms_of_one(write_run, row):
    one, two = questions(row, 10, arm="prompted"), questions(row, 17)
    (inside,) = [
        found
        for found in figures(write_run([*one, *two], name="whole")).differences
        if found.measure == "supported"
    ]
    (across,) = [
        found
        for found in compare(write_run(one, name="a"), write_run(two, name="b"))
        if found.measure == "supported"
    ]
    assert (across.value, across.low, across.high, across.p) == (
        inside.value,
        inside.low,
        inside.high,
        inside.p,
    )


def test_arms_are_paired_as_they_are_given(write_run, row):
    before = write_run([*questions(row, 10), *questions(row, 5, arm="prompted")], name="before")
    after = write_run(questions(row, 20), name="after")
    found = compare(before, after, arms=[("prompted", "full"), ("full", "full")])
    held = [one for one in found if one.measure == "supported"]
    assert [(one.other, one.value) for one in held] == [
        ("before/prompted", pytest.approx(0.5)),
        ("before/full", pytest.approx(1 / 3)),
    ]
    assert all(one.p_holm >= one.p for one in held)


def test_a_changed_probe_is_another_probe(write_run, row):
    before = write_run([row(id="1", answerable=True)], name="before")
    after = write_run([row(id="1", answerable=False)], name="after")
    with pytest.raises(ConfigError, match="no probe in common"):
        compare(before, after)


def test_runs_that_share_no_arm_are_refused_unless_each_has_only_one(write_run, row):
    one = write_run(questions(row, 10, arm="a"), name="one")
    other = write_run(questions(row, 20, arm="b"), name="other")
    assert compare(one, other)[0].arm == "other/b"
    many = write_run([*questions(row, 1, arm="c"), *questions(row, 1, arm="d")], name="many")
    with pytest.raises(ConfigError, match=r"No arm is in both runs.*c, d"):
        compare(one, many)
    with pytest.raises(ConfigError, match=r"has no arm 'x'; it has c, d"):
        compare(one, many, arms=[("a", "x")])


def test_runs_of_different_judges_are_refused(write_run, row):
    one = write_run(questions(row, 10), name="one")
    other = write_run(questions(row, 10), name="other", judge="lexical")
    with pytest.raises(ConfigError, match=r"trained.*lexical.*eval judge"):
        compare(one, other)
    with pytest.raises(ConfigError, match="lexical"):
        compare(one, other, "lexical")


def test_folders_of_one_name_are_told_apart(write_run, row, tmp_path):
    one, other = write_run(questions(row, 9), name="a/run"), write_run(questions(row, 9), name="b/run")
    assert compare(one, other)[0].arm == f"{tmp_path / 'b/run'}/full"
