import pytest

from sparrow_lite.harness.metrics import words
from sparrow_lite.harness.metrics.values import Difference, Rate


@pytest.mark.parametrize(
    ("rate", "share", "ends", "count"),
    [
        (Rate(hits=5, of=8, unscored=2, low=0.3, high=0.8), "62.5 %", "30.0 to 80.0 %", "5 of 8, 2 unscored"),
        (Rate(hits=0, of=1200, low=0.0, high=0.003), "0.0 %", "0.0 to 0.3 %", "0 of 1,200"),
        (Rate(hits=0, of=0, unscored=3), "–", "", "0 of 0, 3 unscored"),
    ],
)
def test_a_rate_in_words(rate: Rate, share: str, ends: str, count: str) -> None:
    assert (words.percent(rate.value), words.interval(rate), words.tally(rate)) == (share, ends, count)


@pytest.mark.parametrize(
    ("value", "told"), [(0.031, "+3.1 points"), (-0.2, "−20.0 points"), (0.0, "±0.0 points"), (None, "–")]
)
def test_a_difference_in_words(value: float | None, told: str) -> None:
    one = Difference(
        measure="m",
        arm="a",
        other="b",
        pairs=1,
        value=value,
        low=None,
        high=None,
        p=None,
        method="",
        tied=True,
    )
    assert words.points(one) == told
    assert words.points_interval(one) == ""


@pytest.mark.parametrize(("p", "told"), [(0.0004, "< 0.001"), (0.0342, "0.034"), (1.0, "1.000"), (None, "–")])
def test_a_p_value_in_words(p: float | None, told: str) -> None:
    assert words.p_value(p) == told


@pytest.mark.parametrize(
    ("value", "told"), [(0.0, "0 ms"), (0.0002, "< 1 ms"), (0.25, "250 ms"), (12.34, "12.3 s"), (None, "–")]
)
def test_a_time_in_words(value: float | None, told: str) -> None:
    assert words.seconds(value) == told


def test_rules_are_named_the_shipped_ones_first() -> None:
    named = words.rule_names(["own_rule", "no_threats", "no_stereotypes"])
    assert list(named.items())[-1] == ("own_rule", "Own rule")
    assert list(named)[:2] == ["no_stereotypes", "no_threats"]
