"""Figures in words, the same wherever they are shown: shares, intervals, counts, p-values, and names of ids.

Owns the words alone; a share over nothing is a dash, never a number. What ends in `_text` is for terminals
and files of plain text; the others are parts of a page.
"""

from collections.abc import Iterable

from sparrow_lite.harness.metrics.human_values import Bounded
from sparrow_lite.harness.metrics.values import CorrectedRate, Difference, Rate
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


def percent(share: float | None, *, digits: int = 1) -> str:
    """Return a share as `12.3 %`; a dash for None."""
    return NOTHING if share is None else f"{_number(share, digits)} %"


def whole_percent(share: float | None) -> str:
    """Return a share as `42 %`, for where there is little room; a dash for None."""
    return percent(share, digits=0)


def interval(found: Rate | CorrectedRate) -> str:
    """Return the ends of the 95 % interval as `36.0 to 48.4 %`; empty over nothing."""
    if found.low is None or found.high is None:
        return ""
    return f"{_number(found.low)} to {_number(found.high)} %"


def interval_text(found: Rate | Difference | CorrectedRate, *, digits: int = 1) -> str:
    """Return the 95 % interval in percent, as `[9.1, 16.5]`; empty over nothing."""
    if found.low is None or found.high is None:
        return ""
    return f"[{_number(found.low, digits)}, {_number(found.high, digits)}]"


def tally(found: Rate) -> str:
    """Return `54 of 128, 2 unscored`; the last part only where something is unscored."""
    unscored = f", {found.unscored:,} unscored" if found.unscored else ""
    return f"{found.hits:,} of {found.of:,}{unscored}"


def rate_text(found: Rate | None) -> str:
    """Return `12.3 % [9.1, 16.5] (37 of 300, 2 unscored)`; a dash for what was not measured."""
    if found is None:
        return NOTHING
    over = f"({found.hits} of {found.of}, {found.unscored} unscored)"
    return " ".join(part for part in (percent(found.value), interval_text(found), over) if part)


def corrected_text(found: CorrectedRate | None) -> str:
    """Return `12.3 % [9.1, 16.5] (300 labels, 2,000 cases)`; a dash for what was not corrected."""
    if found is None:
        return NOTHING
    over = f"({found.labels:,} labels, {found.cases:,} cases)"
    return f"{percent(found.value)} {interval_text(found)} {over}"


def bounded_text(found: Bounded) -> str:
    """Return a coefficient as `0.71 [0.60, 0.80]`; a dash where it has no value."""
    if found.value is None:
        return NOTHING
    ends = "" if found.low is None or found.high is None else f" [{found.low:.2f}, {found.high:.2f}]"
    return f"{found.value:.2f}{ends}"


def half_width_text(share: float | None) -> str:
    """Return how wide an interval is to either side, as `± 2.4 points`; a dash for None."""
    return NOTHING if share is None else f"± {_number(share)} points"


def verdict_name(measure: str, verdict: str) -> str:
    """Return what the judge says of a case, `yes`, `no` or `unscored`, in the words of the measure."""
    if measure == "violations":
        return {"yes": "judged broken", "no": "judged kept"}.get(verdict, verdict)
    return {"yes": "judged so", "no": "judged not so"}.get(verdict, verdict)


def points(found: Difference) -> str:
    """Return a difference of shares as `+3.1 points`; a dash over nothing."""
    return NOTHING if found.value is None else f"{_signed(found.value)} points"


def points_interval(found: Difference) -> str:
    """Return the ends of its interval as `−1.2 to +7.4`; empty over nothing."""
    if found.low is None or found.high is None:
        return ""
    return f"{_signed(found.low)} to {_signed(found.high)}"


def difference_text(found: Difference) -> str:
    """Return `+21.0 points [15.2, 26.6], p = 0.0003`, with `tied` where it is so."""
    if found.value is None:
        return NOTHING
    value = _signed(found.value, minus="-", none="")
    verdict = ", tied" if found.tied else ""
    return f"{value} points {interval_text(found)}, {p_text(decisive_p(found))}{verdict}"


def decisive_p(found: Difference) -> float | None:
    """Return the p-value that says whether it is tied: the corrected one, where it is corrected."""
    return found.p if found.p_holm is None else found.p_holm


def p_value(p: float | None) -> str:
    """Return `0.034`, or `< 0.001`; a dash for None."""
    if p is None:
        return NOTHING
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def p_text(p: float | None) -> str:
    """Return `p = 0.034`, or `p < 0.001`; a dash for None."""
    said = p_value(p)
    return said if p is None else f"p {said}" if p < 0.001 else f"p = {said}"


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
    """Return what is compared, in words; `broken:RULE` is one rule's."""
    if measure.startswith("broken:"):
        rule = measure.partition(":")[2]
        return f"Broken: {rule_names([rule])[rule]}"
    return _MEASURES.get(measure, plain_name(measure))


def rule_names(ids: Iterable[str]) -> dict[str, str]:
    """Return the name of each rule, the shipped rules first, in their order, then those of one's own.

    Raises:
        PromptError: When the shipped rules cannot be read.
    """
    wanted = dict.fromkeys(ids)
    shipped = {rule.id: rule.name for rule in load_rules() if rule.id in wanted}
    return shipped | {rule: plain_name(rule) for rule in wanted if rule not in shipped}


def _number(share: float, digits: int = 1) -> str:
    # Zero has no sign.
    return f"{round(100 * share, digits) + 0.0:.{digits}f}"


def _signed(share: float, *, minus: str = "−", none: str = "±") -> str:
    shown = _number(abs(share))
    sign = none if float(shown) == 0 else "+" if share > 0 else minus
    return f"{sign}{shown}"
