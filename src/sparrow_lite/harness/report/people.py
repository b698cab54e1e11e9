"""What of people's ratings a page says once: warnings, and the rates that sessions have for themselves."""

from sparrow_lite.harness.metrics.human_values import StudyRate
from sparrow_lite.harness.metrics.values import Figures
from sparrow_lite.harness.metrics.words import measure_name


def people_warnings(figures: Figures) -> tuple[str, ...]:
    """Return what to mind of the corrected rates, one sentence for each measure and arm that needs one."""
    return tuple(
        f"{measure_name(one.measure)}, {arm.arm}: {arm.warning}"
        for one in figures.judge_quality
        for arm in one.arms
        if arm.warning
    )


def study_rates(figures: Figures) -> tuple[tuple[str, StudyRate], ...]:
    """Return the rates by people alone with the session's name.

    Sessions whose items were drawn by the judge's verdict have none: such items are not like all others.
    """
    return tuple(
        (study.name, one) for study in figures.human.studies if not study.by_verdict for one in study.rates
    )
