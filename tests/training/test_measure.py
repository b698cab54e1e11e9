import pytest

from sparrow_lite.training import measure


def test_balanced_accuracy_of_one_label_is_unknown() -> None:
    assert measure.balanced_accuracy([0.9], [True], 0.5) is None
    assert measure.balanced_accuracy([0.9, 0.2, 0.8], [True, False, False], 0.5) == 0.75


def test_area_under_the_curve_of_one_label_is_unknown() -> None:
    assert measure.auroc([0.1, 0.2], [True, True]) is None
    assert measure.auroc([0.1, 0.9], [False, True]) == 1.0


def test_calibration_error_is_nought_when_shares_are_as_said() -> None:
    assert measure.calibration_error([0.5] * 4, [True, False, True, False]) == 0.0
    assert measure.calibration_error([0.95] * 2, [False, False]) == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("given", "wanted", "f1"),
    [("the Mill", ["mill"], 1.0), ("old mill", ["mill"], 2 / 3), ("river", ["mill"], 0.0), ("x", [], 0.0)],
)
def test_span_f1_is_that_of_squad(given: str, wanted: list[str], f1: float) -> None:
    assert measure.span_f1(given, wanted) == pytest.approx(f1)


def test_the_best_threshold_parts_the_labels() -> None:
    scores, labels = [0.1, 0.2, 0.6, 0.9], [False, False, True, True]
    at = measure.best_threshold(scores, labels)
    assert measure.balanced_accuracy(scores, labels, at) == 1.0
