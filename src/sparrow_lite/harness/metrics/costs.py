"""What replies took: wall time, requests, tokens, dollars. Of the arms, not of the judges."""

from collections.abc import Mapping

import numpy as np

from sparrow_lite.harness.metrics.columns import Columns
from sparrow_lite.harness.metrics.values import CostFigures


def cost_figures(cases: Columns, price: Mapping[str, float]) -> CostFigures:
    """Return what the cases took.

    Args:
        cases: Of one arm.
        price: US dollars a million tokens, `input` and `output`; 0.0 where none is known.
    """
    seconds = cases["seconds"][~cases["failed"]]
    said, read = int(cases["output_tokens"].sum()), int(cases["input_tokens"].sum())
    a_million = read * price.get("input", 0.0) + said * price.get("output", 0.0)
    return CostFigures(
        seconds_p50=float(np.quantile(seconds, 0.5)) if len(seconds) else None,
        seconds_p95=float(np.quantile(seconds, 0.95)) if len(seconds) else None,
        requests=int(cases["requests"].sum()),
        input_tokens=read,
        output_tokens=said,
        dollars=a_million / 1e6 if a_million else None,
    )
