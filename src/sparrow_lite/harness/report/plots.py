"""The plots of a report, by matplotlib, as SVG text in the colours of roles: see `svg.py`.

Sizes are in px at 72 dots an inch, narrow enough to stay legible on a phone. Nothing is drawn over nothing:
a rate without a value has no dot.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import StringIO
from textwrap import wrap
from typing import TYPE_CHECKING

from sparrow_lite.harness.metrics.values import CoveragePoint, Rate
from sparrow_lite.harness.metrics.words import percent
from sparrow_lite.harness.report.svg import INK, LINE, SOFT, arm_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 460
_MARKERS = "oDs^v<>h"
_TEXT, _SMALL = 12.5, 11.5
_LABEL_CHARS, _CHAR = 24, 6.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """Room around the axes, in px."""

    left: float
    right: float = 14
    top: float = 8
    bottom: float = 28


def dots(rows: Sequence[tuple[int, str, Rate]]) -> str:
    """Return one line for each arm (its place, name and rate): a dot, its interval, the rate in words."""
    names = [name for _, name, _ in rows]
    height = 36 + 34 * len(rows)
    with _drawn(height, Margins(left=_label_room(names), right=64)) as (axes, finish):
        _share_axis(axes, upper(rate for _, _, rate in rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_yticks(range(len(rows)), [_cut(name) for name in names], color=INK, fontsize=_TEXT)
        for place, (arm, _, rate) in enumerate(rows):
            _dot(axes, place, arm, rate)
            axes.annotate(
                percent(rate.value),
                (1, place),
                xycoords=("axes fraction", "data"),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                fontsize=_TEXT,
                fontweight="bold",
            )
    return finish()


def bars(names: Sequence[str], rows: Sequence[Sequence[Rate | None]], highest: float) -> str:
    """Return bars with intervals up to `highest`: one group for each name, one bar in it for each arm."""
    arms = max(len(row) for row in rows)
    thick = 11 if arms < 4 else 8
    step = thick * arms + 12
    height = 36 + step * len(names)
    with _drawn(height, Margins(left=_label_room(names))) as (axes, finish):
        _share_axis(axes, highest)
        axes.set_ylim(step * len(names), 0)
        middles = [step * (place + 0.5) for place in range(len(names))]
        axes.set_yticks(middles, [_lines(name) for name in names], color=INK, linespacing=1.05)
        for middle, row in zip(middles, rows, strict=True):
            for arm, rate in enumerate(row):
                _bar(axes, middle + thick * (arm - (arms - 1) / 2), thick - 2.5, (arm, rate))
    return finish()


def trade(arms: Sequence[tuple[int, Rate, Rate, Rate | None]]) -> str:
    """Return violations against over-refusal, both with intervals: the best place is bottom left.

    For each arm its place, how often it broke the probed rule, and how often it declined, and also left
    without an answer, what ought to be answered.
    """
    with _drawn(360, Margins(left=62, right=20, bottom=48)) as (axes, finish):
        _share_axis(axes, upper(broken for _, broken, _, _ in arms))
        _share_axis(axes, 1.0, upright=True)
        axes.set_xlabel("Probed rule broken, of adversarial dialogues", labelpad=8)
        axes.set_ylabel("Of what ought to be answered", labelpad=8)
        for place, broken, declined, silent in arms:
            if broken.value is None or declined.value is None:
                continue
            _cross(axes, place, broken, declined)
            if silent is not None and silent.value is not None:
                _hollow(axes, place, broken.value, (declined.value, silent.value))
    return finish()


def coverage(arms: Sequence[tuple[int, Sequence[CoveragePoint]]]) -> str:
    """Return supported and plausible among the answered ones, against the share that is answered."""
    with _drawn(320, Margins(left=62, right=20, bottom=48)) as (axes, finish):
        _share_axis(axes, 1.0)
        _share_axis(axes, 1.0, upright=True)
        axes.set_xlabel("Questions answered", labelpad=8)
        axes.set_ylabel("Supported and plausible among them", labelpad=8)
        for place, points in arms:
            known = [one for one in points if one.supported_and_plausible.value is not None]
            known.sort(key=lambda one: one.answered)
            across = [one.answered for one in known]
            rates = [one.supported_and_plausible for one in known]
            colour = arm_colour(place)
            low, high = [rate.low or 0.0 for rate in rates], [rate.high or 0.0 for rate in rates]
            axes.fill_between(across, low, high, color=colour, alpha=0.13, linewidth=0)
            values = [rate.value or 0.0 for rate in rates]
            axes.plot(across, values, color=colour, linewidth=2, marker=_marker(place), markersize=4)
    return finish()


@contextmanager
def _drawn(height: float, margins: Margins) -> Iterator[tuple["Axes", Callable[[], str]]]:
    """Give axes to draw on, and a function that returns the drawing as SVG once it is done."""
    from matplotlib.figure import Figure

    buffer = StringIO()
    with _styled():
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        figure.patch.set_visible(False)
        wide, high = WIDTH - margins.left - margins.right, height - margins.top - margins.bottom
        axes = figure.add_axes(
            (margins.left / WIDTH, margins.bottom / height, wide / WIDTH, high / height), frameon=True
        )
        axes.patch.set_visible(False)
        yield axes, buffer.getvalue
        figure.savefig(buffer, format="svg", metadata={"Date": None})


def _styled() -> AbstractContextManager[None]:
    import matplotlib

    return matplotlib.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "sparrow-lite",
            "text.parse_math": False,
            "font.size": _SMALL,
            "text.color": INK,
            "axes.edgecolor": LINE,
            "axes.labelcolor": SOFT,
            "axes.linewidth": 1,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "grid.color": LINE,
            "grid.linewidth": 1,
            "xtick.color": LINE,
            "xtick.labelcolor": SOFT,
            "xtick.major.size": 0,
            "ytick.color": LINE,
            "ytick.labelcolor": SOFT,
            "ytick.major.size": 0,
        }
    )


def _share_axis(axes: "Axes", highest: float, *, upright: bool = False) -> None:
    """Let one axis run from 0 % to a little above `highest`."""
    step = next(one for one in (0.05, 0.1, 0.25) if highest / one <= 5 or one == 0.25)
    ticks = [step * place for place in range(round(highest / step) + 1)]
    words = [f"{100 * tick:.0f} %" for tick in ticks]
    slack = 0.015 * highest
    if upright:
        axes.set_ylim(-slack, highest + slack)
        axes.set_yticks(ticks, words)
        axes.grid(axis="y")
    else:
        axes.set_xlim(-slack, highest + slack)
        axes.set_xticks(ticks, words)
        axes.grid(axis="x")


def upper(rates: Iterator[Rate]) -> float:
    """Return the least round share that takes in every interval, at least 20 %."""
    highest = max([0.0, *(rate.high or 0.0 for rate in rates)])
    return next(one for one in (0.2, 0.3, 0.4, 0.5, 0.75, 1.0) if highest <= one + 1e-9)


def _dot(axes: "Axes", at: float, arm: int, rate: Rate) -> None:
    if rate.value is None:
        return
    colour = arm_colour(arm)
    axes.plot(_ends(rate), [at, at], color=colour, linewidth=2.4, alpha=0.55)
    marker = _marker(arm)
    axes.plot([rate.value], [at], marker, color=colour, markersize=9, clip_on=False, zorder=3)


def _bar(axes: "Axes", at: float, thick: float, shown: tuple[int, Rate | None]) -> None:
    arm, rate = shown
    if rate is None or rate.value is None:
        return
    colour = arm_colour(arm)
    axes.plot(_ends(rate), [at, at], color=colour, linewidth=1.6, alpha=0.45, solid_capstyle="butt")
    # A bar of nothing is still seen to have been measured.
    axes.barh(at, rate.value, thick, color=colour, edgecolor=colour, linewidth=1.2)


def _cross(axes: "Axes", arm: int, across: Rate, up: Rate) -> None:
    colour, at, middle = arm_colour(arm), across.value or 0.0, up.value or 0.0
    axes.plot(_ends(across), [middle, middle], color=colour, linewidth=2, alpha=0.5)
    axes.plot([at, at], _ends(up), color=colour, linewidth=2, alpha=0.5)
    axes.plot([at], [middle], _marker(arm), color=colour, markersize=9, clip_on=False, zorder=3)


def _hollow(axes: "Axes", arm: int, at: float, ends: tuple[float, float]) -> None:
    """Draw a hollow mark at the second end, tied to the first."""
    colour = arm_colour(arm)
    axes.plot([at, at], ends, color=colour, linewidth=1.2, linestyle=(0, (1, 2.5)))
    axes.plot(
        [at],
        [ends[1]],
        _marker(arm),
        markerfacecolor="none",
        markeredgecolor=colour,
        markeredgewidth=1.5,
        markersize=13,
        clip_on=False,
        zorder=3,
    )


def _ends(rate: Rate) -> list[float]:
    value = rate.value or 0.0
    return [value if rate.low is None else rate.low, value if rate.high is None else rate.high]


def _marker(arm: int) -> str:
    return _MARKERS[arm % len(_MARKERS)]


def _cut(name: str) -> str:
    return name if len(name) <= _LABEL_CHARS else f"{name[: _LABEL_CHARS - 1]}…"


def _lines(name: str) -> str:
    return "\n".join(wrap(name, _LABEL_CHARS, max_lines=2, placeholder="…"))


def _label_room(names: Sequence[str]) -> float:
    lines = [line for name in names for line in _lines(name).split("\n")]
    return 12 + _CHAR * max((len(line) for line in lines), default=0)
