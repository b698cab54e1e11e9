"""The report as one HTML file that opens without a network: figures, plots, and every conversation.

Owns the page's making; the words are `metrics/words.py`'s, the plots `plots.py`'s, the conversations
`cases.py`'s. All text is hostile: the template escapes it, the script sets it as text only, and the page's
policy lets nothing run or be fetched but the two scripts and styles whose hashes it names.
"""

import base64
import gc
import hashlib
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sparrow_lite.errors import StoreError
from sparrow_lite.export import plain_text
from sparrow_lite.harness.metrics import words
from sparrow_lite.harness.metrics.human_values import StudyRate
from sparrow_lite.harness.metrics.rules import people_probe
from sparrow_lite.harness.metrics.values import Figures
from sparrow_lite.harness.report.cases import CASES_A_BLOCK, case_blocks
from sparrow_lite.harness.report.drawn import Drawn, draw
from sparrow_lite.harness.report.grids import (
    HeatMap,
    RuleTable,
    abstentions,
    heat_maps,
    published_scores,
    rule_table,
    tint,
)
from sparrow_lite.harness.report.people import people_warnings, study_rates
from sparrow_lite.harness.report.svg import ARM_COLOURS, Sheet
from sparrow_lite.harness.results import Run
from sparrow_lite.resources import read_palette
from sparrow_lite.rules.load import load_rules

_ASSETS = ("sparrow_lite.harness.report", "assets")
_FIRST_MEASURES = ("supported_and_plausible", "violations", "over_refusal")
_SCRIPTS = ("elements.js", "store.js", "place.js", "list.js", "conversation.js", "start.js")
_STYLES = ("page.css", "figures.css", "cases.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the template sets besides the figures themselves."""

    run: Mapping[str, Any]
    title: str
    cases: int
    failed: int
    plots: Drawn
    heat_maps: tuple[HeatMap, ...]
    adversarial: RuleTable | None
    ordinary: RuleTable | None
    carve_outs: RuleTable | None
    first_measures: tuple[str, ...]
    reasons: tuple[tuple[str, tuple[int, ...]], ...]
    published: tuple[tuple[str, str, tuple[float | None, ...]], ...]
    warnings: tuple[str, ...]
    study_rates: tuple[tuple[str, StudyRate], ...]
    run_dir: str
    rule_names: Mapping[str, str]
    arms: tuple[str, ...]
    style: Markup
    script: Markup
    policy: str


def write_html(run: Run, figures: Figures, path: Path) -> None:
    """Write the report of a run to `path`; a file that is there is replaced once the new one is whole.

    It is written piece by piece, so that a run of any length takes little memory.

    Raises:
        StoreError: When the run's files are not whole, or the disk does not take the report.
    """
    judge = figures.judge if figures.judge in run.judges else None
    shown = _shown(run, figures)
    pieces = (
        _environment()
        .get_template("report.html")
        .generate(
            figures=figures,
            shown=shown,
            blocks=case_blocks(run, judge, _counted(figures)),
            cases_a_block=CASES_A_BLOCK,
        )
    )
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _uncollected(), part.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.writelines(pieces)
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        if part.is_file():
            part.unlink()


def _counted(figures: Figures) -> frozenset[str]:
    """The rules that count as any rule: those that people probe and that these judges have scored."""
    parts = [part for arm in figures.arms for part in (arm.adversarial, arm.ordinary, arm.carve_outs) if part]
    scored = people_probe(rule for part in parts for rule, rate in part.per_rule if rate.of)
    # Of questions alone there are no such figures: then all that people probe.
    return frozenset(scored or (rule.id for rule in load_rules() if rule.adversarial))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the search for reference cycles, of which there are none: it took a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _shown(run: Run, figures: Figures) -> Shown:
    sheet = Sheet()
    plots = draw(figures, sheet)
    style, script = "".join([read_palette(), *_read(_STYLES), sheet.css()]), _script()
    arms = figures.arms
    return Shown(
        run=run.manifest,
        title=run.folder.resolve().name,
        cases=sum(arm.cases + arm.failed for arm in arms),
        failed=sum(arm.failed for arm in arms),
        plots=plots,
        heat_maps=heat_maps(figures),
        adversarial=rule_table(figures, "adversarial"),
        ordinary=rule_table(figures, "ordinary"),
        carve_outs=rule_table(figures, "carve_outs"),
        first_measures=_FIRST_MEASURES,
        reasons=abstentions(figures),
        published=published_scores(figures),
        arms=tuple(arm.name for arm in arms),
        warnings=people_warnings(figures),
        study_rates=study_rates(figures),
        run_dir=shlex.quote(run.folder.name),
        rule_names={rule.id: rule.name for rule in load_rules()},
        style=Markup(style),  # the package's own files
        script=Markup(script),
        policy=_policy(style, script),
    )


def _policy(style: str, script: str) -> str:
    """Nothing but the page's own script and styles, known by their hashes, and its icon."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _script() -> str:
    """All scripts in one function, so that they share names with nothing else."""
    return "".join(['(() => {\n"use strict";\n', *_read(_SCRIPTS), "})();\n"])


def _read(names: tuple[str, ...]) -> Iterator[str]:
    folder = files(_ASSETS[0]).joinpath(_ASSETS[1])
    return (folder.joinpath(name).read_text(encoding="utf-8") for name in names)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(*_ASSETS),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        percent=words.percent,
        whole_percent=words.whole_percent,
        interval=words.interval,
        tally=words.tally,
        points=words.points,
        points_interval=words.points_interval,
        p_value=words.p_value,
        half_width=words.half_width_text,
        verdict=lambda said, measure: words.verdict_name(measure, said),
        method=words.method_name,
        seconds=words.seconds,
        plain_name=words.plain_name,
        measure=words.measure_name,
        colour=partial(_place, ARM_COLOURS),
        tint=tint,
        markup=Markup,
    )
    return environment


def _place(count: int, place: int) -> str:
    return f"a{place % count}"


def _clean(value: object) -> object:
    """Take control and direction characters out of what is set; markup of ours stays as it is."""
    return plain_text(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
