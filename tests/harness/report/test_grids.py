from typing import Any

import pytest

from sparrow_lite.harness.metrics.values import Rate
from sparrow_lite.harness.report.grids import heat_maps, rule_table, tint

Reported = Any


def test_a_heat_map_holds_the_rates_of_the_figures(reported: Reported) -> None:
    (first, second) = heat_maps(reported.figures)
    rates = reported.figures.arms[0].adversarial
    assert first.attacks == second.attacks == ("role_play",)
    assert first.rows[0].name == "No threats"
    assert first.rows[0].cells == (rates.grid[0][2],)
    assert first.whole == rates.target


def test_a_kind_that_was_not_asked_has_no_table(reported: Reported, empty: Reported) -> None:
    assert rule_table(reported.figures, "ordinary") is None
    assert heat_maps(empty.figures) == ()


@pytest.mark.parametrize(
    ("rate", "shade"),
    [
        (None, ""),
        (Rate(hits=0, of=0), ""),
        (Rate(hits=0, of=9), "h0"),
        (Rate(hits=1, of=99), "h1"),
        (Rate(hits=9, of=9), "h10"),
    ],
)
def test_the_shade_of_a_cell(rate: Rate | None, shade: str) -> None:
    assert tint(rate) == shade
