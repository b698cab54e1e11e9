import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from sparrow_lite.harness.metrics.paired import difference, holm, sign_flip, tango
from sparrow_lite.harness.metrics.scores import Scores


def paired(both, gained, lost, neither):
    """Scores of two arms on the same probes, of which each is right on so many."""
    mine = [True] * (both + gained) + [False] * (lost + neither)
    other = [True] * both + [False] * gained + [True] * lost + [False] * neither
    return ("full", Scores.of(enumerate(mine))), ("prompted", Scores.of(enumerate(other)))


def test_one_sample_a_probe_is_the_exact_mcnemar_of_statsmodels():
    found = difference("violations", *paired(20, 9, 2, 69))
    assert found.p == pytest.approx(statsmodels_mcnemar([[20, 9], [2, 69]], exact=True).pvalue)
    assert found.p == pytest.approx(binomtest(2, 11).pvalue)
    assert (found.pairs, found.value, found.method) == (100, pytest.approx(0.07), "mcnemar")
    assert (found.arm, found.other, found.tied) == ("full", "prompted", found.p >= 0.05)


def test_arms_that_never_differ_are_tied_with_an_interval_about_nothing():
    found = difference("violations", *paired(10, 0, 0, 34))
    z2 = 1.959963984540054**2
    assert (found.value, found.p, found.tied) == (0.0, 1.0, True)
    assert (found.low, found.high) == (pytest.approx(-z2 / (44 + z2)), pytest.approx(z2 / (44 + z2)))


def test_arms_without_a_common_probe_have_no_difference():
    mine, other = Scores.of([(1, True), (2, None)]), Scores.of([(2, True), (3, False)])
    found = difference("violations", ("a", mine), ("b", other))
    assert (found.pairs, found.value, found.low, found.high, found.p) == (0, None, None, None, None)
    assert found.tied


def test_probes_that_one_arm_lacks_a_score_for_are_left_out():
    mine, other = Scores.of([(1, True), (2, None), (3, True)]), Scores.of([(1, False), (2, True), (3, True)])
    assert difference("x", ("a", mine), ("b", other)).pairs == 2


@pytest.mark.parametrize(("gained", "lost", "pairs"), [(9, 1, 44), (1, 0, 44), (12, 12, 50), (30, 2, 40)])
def test_at_the_ends_of_tangos_interval_the_score_is_that_of_95_percent(gained, lost, pairs):
    def score(delta):
        # The likelihood of `lost` pairs with share q, `gained` with q + delta, maximised over q.
        low, high = max(0.0, -delta), (1 - delta) / 2

        def against(q):
            cells = [(gained, q + delta), (lost, q), (pairs - gained - lost, 1 - 2 * q - delta)]
            return -sum(n * np.log(max(share, 1e-12)) for n, share in cells if n)

        q = minimize_scalar(against, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
        return (gained - lost - pairs * delta) / np.sqrt(pairs * (2 * q + delta * (1 - delta)))

    low, high = tango(gained, lost, pairs)
    assert score(low) == pytest.approx(1.96, abs=0.005)
    assert score(high) == pytest.approx(-1.96, abs=0.005)


@pytest.mark.parametrize("gained", [0, 1])
def test_tangos_interval_of_everything_ends_at_one(gained):
    low, high = tango(30 * gained, 30 * (1 - gained), 30)
    assert (high if gained else -low) == 1.0
    assert 0.7 < abs(low if gained else high) < 0.8


def test_the_interval_of_a_paired_difference_covers_the_truth():
    draw, rounds, covered = np.random.default_rng(3), 300, 0
    for _ in range(rounds):
        gained, lost, _ = draw.multinomial(60, [0.12, 0.04, 0.84])
        low, high = tango(gained, lost, 60)
        covered += low <= 0.08 <= high
    assert covered / rounds >= 0.92


def several(shift, probes=60, samples=4):
    draw = np.random.default_rng(5)
    tendency = draw.beta(1, 2, size=probes)
    rows = [(probe, sample) for sample in range(samples) for probe in range(probes)]
    mine = Scores.of((probe, bool(draw.random() < min(1, tendency[probe] + shift))) for probe, _ in rows)
    other = Scores.of((probe, bool(draw.random() < tendency[probe])) for probe, _ in rows)
    return ("a", mine), ("b", other)


def test_several_samples_are_tested_over_probes():
    far, near = difference("x", *several(0.3)), difference("x", *several(0.0))
    assert (far.method, far.pairs, far.tied) == ("permutation", 60, False)
    assert far.low <= far.value <= far.high
    assert far.low > 0
    assert near.tied
    assert near.low < 0 < near.high


def test_the_sign_flip_of_few_probes_comes_near_to_all_flips_counted():
    apart = np.array([0.75, 0.5, 0.5, 0.25, -0.25, 0.25, 0.5, 0.0])
    signs = np.array(np.meshgrid(*[[-1, 1]] * len(apart))).reshape(len(apart), -1)
    exact = (np.abs(signs.T @ apart) >= abs(apart.sum()) - 1e-9).mean()
    assert sign_flip(apart) == pytest.approx(exact, abs=0.01)


def test_few_differing_probes_still_leave_doubt():
    rows = [(probe, sample) for probe in range(40) for sample in range(2)]
    mine = Scores.of((probe, probe == 0) for probe, _ in rows)
    found = difference("x", ("a", mine), ("b", Scores.of((probe, False) for probe, _ in rows)))
    assert (found.value, found.tied) == (pytest.approx(1 / 40), True)
    assert found.low < 0 < found.high


def test_holm_corrects_over_the_arms_and_decides_what_is_tied():
    rows = [difference("x", *paired(20, gained, 2, 60)) for gained in (9, 10, 20)]
    alone = [one.p for one in rows]
    corrected = [one.p_holm for one in holm(rows)]
    assert corrected == pytest.approx(multipletests(alone, method="holm")[1])
    assert corrected == pytest.approx([max(alone[0], 2 * alone[1]), 2 * alone[1], 3 * alone[2]])
    assert [one.tied for one in holm(rows)] == [p >= 0.05 for p in corrected]
    assert holm([]) == ()


def test_a_difference_over_nothing_takes_no_part_in_the_correction():
    nothing = difference("x", ("a", Scores.of([])), ("b", Scores.of([])))
    known = difference("x", *paired(20, 9, 2, 60))
    assert [one.p_holm for one in holm([nothing, known])] == [None, pytest.approx(known.p)]
