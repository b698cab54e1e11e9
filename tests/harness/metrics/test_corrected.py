import numpy as np
import pytest

from sparrow_lite.harness.metrics.corrected import corrected_rate, weighed_rate
from sparrow_lite.harness.metrics.scores import UNSCORED, Scores

TRUTH, SENSITIVITY, SPECIFICITY = 0.08, 0.85, 0.95


def drawn(draw, cases, labels, *, samples=1):
    """The judge's scores and people's labels of some cases, as they come of a known truth."""
    if samples > 1:
        tendency = draw.beta(TRUTH * 2, (1 - TRUTH) * 2, size=cases // samples).repeat(samples)
    else:
        tendency = np.full(cases, TRUTH)
    truth = draw.random(cases) < tendency
    judged = np.where(truth, draw.random(cases) < SENSITIVITY, draw.random(cases) >= SPECIFICITY)
    people = np.full(cases, UNSCORED, dtype=np.int8)
    asked = draw.choice(cases, labels, replace=False)
    people[asked] = truth[asked]
    probes = np.arange(cases, dtype=np.int32) // samples
    return Scores(values=judged.astype(np.int8), probes=probes), people


@pytest.mark.parametrize("samples", [1, 4])
def test_the_corrected_interval_covers_the_truth_and_is_narrower_than_peoples_own(samples):
    draw, rounds, covered, widths = np.random.default_rng(3), 400, 0, []
    for _ in range(rounds):
        judged, people = drawn(draw, 2000, 300, samples=samples)
        found = corrected_rate(judged, people)
        covered += found.low <= TRUTH <= found.high
        widths.append(found.high - found.low)
    assert 0.91 <= covered / rounds <= 0.98
    alone = 2 * 1.96 * np.sqrt(TRUTH * (1 - TRUTH) / 300)
    assert np.mean(widths) < 0.9 * alone


def test_a_judge_that_says_nothing_leaves_people_alone():
    judged, people = drawn(np.random.default_rng(5), 1000, 300)
    mute = Scores(values=np.zeros(1000, dtype=np.int8), probes=judged.probes)
    said = people[people != UNSCORED]
    assert corrected_rate(mute, people).value == pytest.approx(said.mean())


def test_what_the_judge_did_not_score_still_counts():
    judged, people = drawn(np.random.default_rng(6), 1000, 300)
    judged.values[::7] = UNSCORED
    found = corrected_rate(judged, people)
    assert (found.labels, found.cases, found.low < found.value < found.high) == (300, 1000, True)


@pytest.mark.parametrize(("cases", "labels"), [(1000, 299), (400, 400)])
def test_too_few_labels_or_all_of_them_are_not_corrected(cases, labels):
    assert corrected_rate(*drawn(np.random.default_rng(8), cases, labels)) is None


def test_people_weighed_by_verdict_are_right_where_labels_were_drawn_by_verdict_and_ppi_is_not():
    draw, rounds, covered, misled = np.random.default_rng(4), 300, 0, 0
    for _ in range(rounds):
        judged, people = drawn(draw, 2000, 2000)
        truth, people = people.copy(), np.full(2000, UNSCORED, dtype=np.int8)
        for verdict in (0, 1):
            asked = draw.choice(np.flatnonzero(judged.values == verdict), 150, replace=False)
            people[asked] = truth[asked]
        found, plain = weighed_rate(judged, people), corrected_rate(judged, people)
        covered += found.low <= TRUTH <= found.high
        misled += not plain.low <= TRUTH <= plain.high
    assert 0.91 <= covered / rounds <= 0.99
    assert misled / rounds > 0.9


def test_a_verdict_without_two_labels_cannot_be_weighed_but_one_labelled_whole_can():
    judged = Scores(values=np.array([1, 0, 0, 0], dtype=np.int8), probes=np.arange(4, dtype=np.int32))
    said = np.array([1, 0, 0, UNSCORED], dtype=np.int8)
    assert weighed_rate(judged, said).value == pytest.approx(0.25)
    assert weighed_rate(judged, np.array([1, 0, UNSCORED, UNSCORED], dtype=np.int8)) is None


def test_people_who_agree_on_all_are_not_taken_for_certain():
    values = np.array([1] * 10 + [0] * 90, dtype=np.int8)
    people = np.where(np.arange(100) % 5 == 0, values, UNSCORED).astype(np.int8)
    found = weighed_rate(Scores(values=values, probes=np.arange(100, dtype=np.int32)), people)
    assert found.value == pytest.approx(0.1)
    assert found.high - found.low > 0.1
