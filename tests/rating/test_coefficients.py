import krippendorff
import numpy as np
import pytest

from sparrow_lite.rating.coefficients import coefficients

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section E: 4 observers, 12 units.
PAPER = """1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 ."""


def table(text):
    return np.array(
        [[np.nan if one == "." else float(one) for one in line.split()] for line in text.split("\n")]
    )


def counts(values, categories):
    """One matrix a unit, of the values 1 to `categories` in a table with a row a rater."""
    return [np.array([[(unit == one).sum() for one in range(1, categories + 1)]]) for unit in values.T]


@pytest.mark.parametrize(("ordinal", "alpha"), [(False, 0.743), (True, 0.815)])
def test_alpha_is_the_papers(ordinal, alpha):
    found = coefficients(counts(table(PAPER), 5), 5, ordinal=ordinal)
    assert found.alpha.value == pytest.approx(alpha, abs=0.001)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_alpha_is_that_of_the_package_of_its_name(seed, level):
    draw = np.random.default_rng(seed)
    truth = draw.integers(1, 6, size=40)
    values = np.clip(truth + draw.integers(-1, 2, size=(3, 40)), 1, 5).astype(float)
    values[draw.random(values.shape) < 0.25] = np.nan
    theirs = krippendorff.alpha(reliability_data=values, level_of_measurement=level)
    ours = coefficients(counts(values, 5), 5, ordinal=level == "ordinal").alpha
    assert ours.value == pytest.approx(theirs, abs=1e-9)
    assert ours.low < ours.value < ours.high


def test_ac1_by_hand_and_where_one_answer_is_rare():
    # Two raters, 100 items: 90 both no, 4 and 4 apart, 2 both yes. By hand: percent .92, share of yes .06,
    # chance 2 x .06 x .94, AC1 (.92 - .1128) / .8872; kappa-like alpha is far lower.
    items = [np.array([[2, 0]])] * 90 + [np.array([[1, 1]])] * 8 + [np.array([[0, 2]])] * 2
    found = coefficients(items, 2, ordinal=False)
    assert found.percent.value == pytest.approx(0.92)
    assert found.ac1.value == pytest.approx((0.92 - 0.1128) / 0.8872)
    assert found.alpha.value < 0.35
    assert found.ac1.low < found.ac1.value < found.ac1.high


def test_when_all_say_the_same_alpha_has_no_value_and_the_others_are_full():
    found = coefficients([np.array([[3, 0]])] * 20, 2, ordinal=False)
    assert (found.alpha.value, found.ac1.value, found.percent.value) == (None, 1.0, 1.0)


def test_items_of_one_rater_alone_and_no_items_give_no_figure():
    for items in ([], [np.array([[1, 0]]), np.array([[0, 1]])]):
        found = coefficients(items, 2, ordinal=False)
        assert (found.alpha.value, found.ac1.value, found.percent.value) == (None, None, None)


def test_few_items_have_no_interval_and_the_questions_of_an_item_are_drawn_together():
    apart = np.array([[2, 0], [1, 1]])
    few = coefficients([apart] * 5, 2, ordinal=False)
    assert (few.percent.value, few.percent.low) == (0.5, None)
    # All items are alike, so that no draw of items differs, though the questions of each do.
    many = coefficients([apart] * 30, 2, ordinal=False).percent
    assert (many.low, many.high) == (0.5, 0.5)
