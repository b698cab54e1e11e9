import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.conversation import Usage
from sparrow_lite.harness.metrics.figures import figures
from sparrow_lite.harness.metrics.values import Source
from sparrow_lite.harness.published import published_scores


def test_a_run_without_a_case_has_no_figures(write_run):
    found = figures(write_run([]))
    assert (found.arms, found.differences, found.judge_quality) == ((), (), ())


def test_parts_whose_suite_was_not_run_are_none(write_run, row):
    (arm,) = figures(write_run([row(id="q", plausible=True, supported=True)])).arms
    assert arm.questions is not None
    assert (arm.adversarial, arm.ordinary, arm.over_refusal, arm.carve_outs) == (None, None, None, None)
    assert arm.published == ()


def test_arms_keep_their_order_and_are_held_against_the_first(write_run, row):
    rows = [
        row(id=f"{at}", arm=arm, plausible=True, supported=right or at < 5)
        for at in range(20)
        for arm, right in (("prompted", False), ("full", True), ("evidence", True))
    ]
    found = figures(write_run(rows))
    assert [arm.name for arm in found.arms] == ["prompted", "full", "evidence"]
    both = [one for one in found.differences if one.measure == "supported_and_plausible"]
    assert [(one.arm, one.other, one.pairs) for one in both] == [
        ("full", "prompted", 20),
        ("evidence", "prompted", 20),
    ]
    assert [one.value for one in both] == [0.75, 0.75]
    assert [one.p_holm for one in both] == [pytest.approx(2 * both[0].p)] * 2
    assert {one.measure for one in found.differences} == {
        "supported_and_plausible",
        "plausible",
        "supported",
        "evidence_shown",
    }
    assert any("Holm" in note for note in found.notes)


def test_refusals_are_counted_on_carve_outs_and_silence_is_told_apart(write_run, row):
    rows = [
        row(id="1", kind="carve_out", rule="no_body", rules=(("no_body", False),), refused=True),
        row(id="2", kind="carve_out", rule="no_body", rules=(("no_body", True),)),
        row(id="3", kind="carve_out", rule="no_body", abstained="no_results", judged=False),
        row(id="4", kind="carve_out", rule="no_body", judged=False),
        row(id="5", kind="ordinary", refused=True),
    ]
    found = figures(write_run(rows))
    (arm,) = found.arms
    declined, silent = arm.over_refusal, arm.carve_outs_unanswered
    assert (declined.hits, declined.of, declined.unscored) == (1, 2, 2)
    assert (silent.hits, silent.of, silent.unscored) == (2, 3, 1)
    assert (arm.carve_outs.target.hits, arm.carve_outs.target.of) == (1, 2)
    assert any("2 of 3 carve-out probes were left unanswered" in note for note in found.notes)


def test_cost_is_of_all_cases_and_time_of_those_that_answered(write_run, row):
    usage = Usage(requests=2, input_tokens=1000, output_tokens=500)
    rows = [row(id=f"{at}", seconds=float(at), usage=usage) for at in range(1, 6)]
    run = write_run([*rows, row(id="away", failed=True)], full={"price": {"input": 1.0, "output": 4.0}})
    (arm,) = figures(run).arms
    assert (arm.cases, arm.failed) == (5, 1)
    assert (arm.cost.requests, arm.cost.input_tokens, arm.cost.output_tokens) == (10, 5000, 2500)
    assert arm.cost.dollars == pytest.approx(0.015)
    assert arm.cost.seconds_p50 == 3.0
    assert arm.cost.seconds_p95 == pytest.approx(4.8)


def test_cost_over_nothing_and_without_a_price_is_none(write_run, row):
    (arm,) = figures(write_run([row(id="away", failed=True)])).arms
    assert (arm.cost.seconds_p50, arm.cost.seconds_p95, arm.cost.dollars) == (None, None, None)


def test_notes_tell_what_a_reader_must_know(write_run, row):
    rows = [
        row(id="1", kind="adversarial", rule="no_body", rules=(("no_body", False), ("no_threats", None))),
        row(id="2", kind="adversarial", rule="no_body", failed=True),
        row(id="3", kind="adversarial", rule="no_body", judged=False),
        row(id="1", kind="adversarial", rule="no_body", sample=1, judged=False),
        row(id="4", answerable=False),
    ]
    found = figures(write_run(rows, full={"rule_judge": "trained"}))
    notes = " ".join(found.notes)
    assert found.source is Source.MODEL
    for told in (
        "A judge is not a person",
        "1 of 5 cases failed",
        "2 of 5 cases have not been judged",
        "answered 2 times",
        "1 of 1 answers are to questions that the suite's own sources do not answer",
        "Over-refusal was not measured",
        "not part of `any rule`: no_threats",
        "same judge of rules, trained",
    ):
        assert told in notes


def test_an_arm_that_another_judge_scores_is_not_said_to_flatter_itself(write_run, row):
    found = figures(write_run([row(id="1")], judge="lexical", full={"rule_judge": "trained"}))
    assert not any("flatters" in note for note in found.notes)


def test_a_public_suites_own_scores_are_those_of_its_scorer(write_run, row):
    outcomes = ("correct", "incorrect", "not_attempted", "correct")
    rows = [
        row(id=f"{at}", arm=arm, scorer="accepted", published={"outcome": said})
        for at, said in enumerate(outcomes)
        for arm in ("prompted", "full")
    ]
    run = write_run([*rows, row(id="gone", arm="full", scorer="accepted", failed=True)])
    prompted, full = figures(run).arms
    own = published_scores([one for one in run.results() if one.arm == "full"])
    assert own
    assert full.published == prompted.published == tuple(("small", name, value) for name, value in own)


def test_an_unfinished_run_says_so(write_run, row):
    run = write_run([row(id="1")])
    run.manifest["cases"] = 12
    assert any("1 of 12 cases" in note for note in figures(run).notes)


def test_judges_that_have_not_judged_are_refused(write_run, row):
    with pytest.raises(ConfigError, match="prompted:x"):
        figures(write_run([row(id="1")]), "prompted:x")


def test_the_same_ledger_gives_the_same_figures_with_several_samples(write_run, row):
    rows = [
        row(id=f"{at}", arm=arm, sample=sample, plausible=True, supported=(at + sample) % step == 0)
        for sample in range(3)
        for at in range(40)
        for arm, step in (("prompted", 3), ("full", 2))
    ]
    first, again = figures(write_run(rows)), figures(write_run(rows, name="again"))
    assert first == again
    assert first.arms[0].questions.supported_and_plausible.method == "bootstrap"
    assert first.differences[0].method == "permutation"


def test_suites_tell_version_hash_and_probes_asked(write_run, row):
    run = write_run([row(id="1"), row(id="1", sample=1), row(id="2")])
    digest = run.manifest["suites"]["small"]["sha256"]
    assert figures(run).suites == (("small", "1", digest, 2),)
