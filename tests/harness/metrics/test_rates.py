import numpy as np
import pytest

from sparrow_lite.harness.metrics.rates import rate, rate_of_counts
from sparrow_lite.harness.metrics.scores import Scores, tri_any, tri_both


def once(values):
    return Scores.of(enumerate(values))


def test_a_rate_over_nothing_is_none_and_has_no_interval():
    for found in (rate(once([])), rate(once([None, None])), rate_of_counts(0, 0)):
        assert (found.value, found.low, found.high, found.of) == (None, None, None, 0)
    assert rate(once([None, None])).unscored == 2


def test_no_hit_in_200_has_an_upper_end_as_wilson_gives_it():
    found = rate(once([False] * 200))
    assert (found.hits, found.of, found.low, found.method) == (0, 200, 0.0, "wilson")
    z2 = 1.959963984540054**2
    assert found.high == pytest.approx(z2 / (200 + z2))


def test_a_rate_of_one_sample_a_probe_is_wilson_by_hand():
    found = rate(once([True] * 37 + [False] * 263 + [None] * 2))
    p, n, z2 = 37 / 300, 300, 1.959963984540054**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = np.sqrt(z2) / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    assert (found.hits, found.of, found.unscored) == (37, 300, 2)
    assert (found.low, found.high) == (pytest.approx(middle - half), pytest.approx(middle + half))


def test_samples_of_one_probe_do_not_count_as_independent():
    values = [number % 5 == 0 for number in range(100)]
    alone = rate(once(values))
    fourfold = rate(Scores.of((number, value) for number, value in enumerate(values) for _ in range(4)))
    assert fourfold.value == alone.value
    assert (fourfold.of, fourfold.method) == (400, "bootstrap")
    assert fourfold.high - fourfold.low == pytest.approx(alone.high - alone.low, rel=0.1)


def test_no_hit_in_many_samples_is_no_certainty():
    found = rate(Scores.of((number // 4, False) for number in range(200)))
    assert (found.method, found.low) == ("wilson over probes", 0.0)
    assert found.high == pytest.approx(rate_of_counts(0, 50).high)


def test_a_probe_without_a_scored_sample_is_no_probe():
    found = rate(Scores.of([(1, None), (1, None), (2, True), (3, False)]))
    assert (found.hits, found.of, found.unscored, found.method) == (1, 2, 2, "wilson")


@pytest.mark.parametrize(("probes", "truth"), [(40, 0.08), (150, 0.08), (150, 0.4)])
def test_the_interval_of_several_samples_covers_the_truth(probes, truth):
    draw, rounds, covered = np.random.default_rng(7), 150, 0
    for _ in range(rounds):
        tendency = draw.beta(truth * 2, (1 - truth) * 2, size=probes)
        hits = draw.random((4, probes)) < tendency
        found = rate(Scores.of((probe, bool(hit)) for row in hits for probe, hit in enumerate(row)))
        covered += found.low <= truth <= found.high
    assert covered / rounds >= 0.9


def test_three_outcomes_combine_without_losing_the_third():
    hit, none, unscored = 1, 0, -1
    first = np.array([hit, hit, hit, none, unscored], dtype=np.int8)
    second = np.array([hit, none, unscored, unscored, unscored], dtype=np.int8)
    assert tri_both(first, second).tolist() == [hit, none, unscored, none, unscored]
    rows = np.array([[0, 0], [0, 1], [0, -1], [1, -1]], dtype=np.int8)
    assert tri_any(rows).tolist() == [none, hit, unscored, hit]
    assert tri_any(np.empty((2, 0), dtype=np.int8)).tolist() == [unscored, unscored]
