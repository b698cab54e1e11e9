"""Figures in words, the same wherever they are shown: a rate with its interval and what it is over."""

from sparrow_lite.harness.metrics.values import Difference, Rate

NOTHING = "–"


def percent(share: float | None, *, digits: int = 1) -> str:
    """Return a share as `12.3 %`; a dash for None."""
    return NOTHING if share is None else f"{_number(share, digits)} %"


def interval_text(found: Rate | Difference, *, digits: int = 1) -> str:
    """Return the 95 % interval in percent, as `[9.1, 16.5]`; empty over nothing."""
    if found.low is None or found.high is None:
        return ""
    return f"[{_number(found.low, digits)}, {_number(found.high, digits)}]"


def rate_text(found: Rate | None) -> str:
    """Return `12.3 % [9.1, 16.5] (37 of 300, 2 unscored)`; a dash for what was not measured."""
    if found is None:
        return NOTHING
    over = f"({found.hits} of {found.of}, {found.unscored} unscored)"
    return " ".join(part for part in (percent(found.value), interval_text(found), over) if part)


def difference_text(found: Difference) -> str:
    """Return `+21.0 points [15.2, 26.6], p = 0.0003`, with `tied` where it is so."""
    if found.value is None:
        return NOTHING
    p = found.p if found.p_holm is None else found.p_holm
    verdict = ", tied" if found.tied else ""
    return f"{_signed(found.value)} points {interval_text(found)}, {p_text(p)}{verdict}"


def p_text(p: float | None) -> str:
    """Return `p = 0.034`, or `p < 0.001`; a dash for None."""
    if p is None:
        return NOTHING
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _number(share: float, digits: int) -> str:
    # Zero has no sign.
    return f"{round(100 * share, digits) + 0.0:.{digits}f}"


def _signed(share: float) -> str:
    text = _number(share, 1)
    return text if text.startswith("-") or float(text) == 0 else f"+{text}"
