"""What a benchmark gives back, and how it is printed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One thing that was measured of every contestant.

    Attributes:
        name: What was measured.
        unit: Its unit.
        values: Contestant to figure, in the unit; a contestant without one is left out.
        higher_is_better: Whether more is better, as for a share of right answers.
    """

    name: str
    unit: str
    values: Mapping[str, float]
    higher_is_better: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One benchmark's figures.

    Attributes:
        title: What was compared, with its size.
        chosen: The contestant that this project uses; every other one is given as a ratio to it.
        figures: What was measured.
    """

    title: str
    chosen: str
    figures: tuple[Figure, ...]


def print_comparison(comparison: Comparison) -> None:
    """Print a table: a row a figure, the chosen contestant first, the others with their ratio to it."""
    from rich.console import Console
    from rich.table import Table

    names = {name for figure in comparison.figures for name in figure.values}
    others = sorted(names - {comparison.chosen})
    table = Table(title=comparison.title, title_justify="left")
    table.add_column("")
    for name in (comparison.chosen, *others):
        table.add_column(name, justify="right")
    for figure in comparison.figures:
        own = figure.values.get(comparison.chosen)
        cells = [_cell(figure.values.get(name), own) for name in others]
        arrow = "higher is better" if figure.higher_is_better else figure.unit
        table.add_row(f"{figure.name} ({arrow})", _cell(own, None), *cells)
    Console(width=max(100, 34 + 22 * (len(others) + 1))).print(table)


def _cell(value: float | None, own: float | None) -> str:
    if value is None:
        return "-"
    text = f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
    return f"{text}  ({value / own:.2g}x)" if own else text
