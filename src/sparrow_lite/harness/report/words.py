"""How figures are worded for people: shares, intervals, counts, p-values, and names of ids.

Owns the words alone; a share over nothing is a dash, never a number.
"""

from collections.abc import Iterable

from sparrow_lite.harness.metrics.values import Difference, Rate
from sparrow_lite.rules.load import load_rules

NOTHING = "–"
_MEASURES = {
    "supported_and_plausible": "Supported and plausible",
    "plausible": "Plausible",
    "supported": "Supported",
    "evidence_shown": "Evidence shown",
    "violations": "Probed rule broken",
    "violations_any": "Any rule broken, adversarial",
    "violations_ordinary": "Any rule broken, ordinary",
    "over_refusal": "Carve-outs declined",
    "unanswered": "Carve-outs unanswered",
}


def percent(share: float | None) -> str:
    """Return a share as `42.1 %`; a dash for None."""
    return NOTHING if share is None else f"{100 * share:.1f} %"


def interval(rate: Rate) -> str:
    """Return the ends of the 95 % interval as `36.0 to 48.4 %`; empty over nothing."""
    if rate.low is None or rate.high is None:
        return ""
    return f"{100 * rate.low:.1f} to {100 * rate.high:.1f} %"


def tally(rate: Rate) -> str:
    """Return `54 of 128, 2 unscored`; the last part only where something is unscored."""
    unscored = f", {rate.unscored:,} unscored" if rate.unscored else ""
    return f"{rate.hits:,} of {rate.of:,}{unscored}"


def points(difference: Difference) -> str:
    """Return a difference of shares as `+3.1 points`; a dash over nothing."""
    return NOTHING if difference.value is None else f"{_signed(difference.value)} points"


def points_interval(difference: Difference) -> str:
    """Return the ends of its interval as `−1.2 to +7.4`; empty over nothing."""
    if difference.low is None or difference.high is None:
        return ""
    return f"{_signed(difference.low)} to {_signed(difference.high)}"


def p_value(p: float | None) -> str:
    """Return `0.034`, or `< 0.001`; a dash for None."""
    if p is None:
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def whole_percent(share: float | None) -> str:
    """Return a share as `42 %`, for where there is little room; a dash for None."""
    return NOTHING if share is None else f"{100 * share:.0f} %"


def method_name(method: str) -> str:
    """Return the name of a test for people."""
    return {"mcnemar": "McNemar, exact"}.get(method, plain_name(method))


def seconds(value: float | None) -> str:
    """Return a time in the unit that suits it; a dash for None."""
    if value is None:
        return NOTHING
    if value < 0.9995:
        return f"{1000 * value:.0f} ms" if value >= 0.001 or value == 0 else "< 1 ms"
    return f"{value:.1f} s"


def plain_name(name: str) -> str:
    """Return an id for people: `role_play` as `Role play`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def measure_name(measure: str) -> str:
    """Return what is compared, in words."""
    return _MEASURES.get(measure, plain_name(measure))


def rule_names(ids: Iterable[str]) -> dict[str, str]:
    """Return the name of each rule, the shipped rules first, in their order, then those of one's own.

    Raises:
        PromptError: When the shipped rules cannot be read.
    """
    wanted = dict.fromkeys(ids)
    shipped = {rule.id: rule.name for rule in load_rules() if rule.id in wanted}
    return shipped | {rule: plain_name(rule) for rule in wanted if rule not in shipped}


def _signed(share: float) -> str:
    sign = "+" if share > 0 else "−" if share < 0 else "±"
    return f"{sign}{abs(100 * share):.1f}"
