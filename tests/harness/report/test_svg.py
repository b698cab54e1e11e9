import re

import pytest

from sparrow_lite.harness.metrics.values import CoveragePoint, Rate
from sparrow_lite.harness.report import plots
from sparrow_lite.harness.report.svg import Sheet, inline_svg

SOME = Rate(hits=3, of=10, low=0.1, high=0.6)
NONE = Rate(hits=0, of=0)
PLOTS = {
    "dots": plots.dots([(0, "full", SOME), (1, "none", NONE)]),
    "bars": plots.bars(
        ["One rule", "A rule with a name of many words that is long"], [[SOME, None]] * 2, 0.5
    ),
    "trade": plots.trade([(0, SOME, SOME, SOME), (1, SOME, NONE, None)]),
    "coverage": plots.coverage(
        [(8, [CoveragePoint(threshold=0.5, answered=0.4, supported_and_plausible=SOME)]), (1, [])]
    ),
}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_brings_no_style_and_no_colour_of_its_own(name: str) -> None:
    sheet = Sheet()
    svg = inline_svg(PLOTS[name], name=name, title="What <it> shows", sheet=sheet)
    assert "style" not in svg
    assert "#0" not in svg + sheet.css()
    assert "nan" not in svg.lower()
    assert f'<title id="{name}-title">What &lt;it&gt; shows</title>' in svg
    ids = set(re.findall(r' id="([^"]+)"', svg))
    assert all(one.startswith(f"{name}-") for one in ids)
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)) <= {
        pair for one in ids for pair in ((one, ""), ("", one))
    }


def test_the_ninth_arm_has_the_colour_of_the_first() -> None:
    sheet = Sheet()
    inline_svg(PLOTS["coverage"], name="c", title="", sheet=sheet)
    assert "var(--arm-0)" in sheet.css()


def test_a_dollar_sign_in_a_name_is_no_formula() -> None:
    assert "&lt;$x$&gt;" in plots.dots([(0, "<$x$>", SOME)])
