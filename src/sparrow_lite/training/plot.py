"""The reliability plot of a judge: what it says against how often that is so."""

from collections.abc import Mapping, Sequence
from pathlib import Path

Judged = tuple[Sequence[float], Sequence[bool]]
"""Probabilities, and whether each was so."""

_BINS = 10


def draw_reliability(judged: Mapping[str, Judged], path: Path, *, title: str) -> None:
    """Write a plot with one line for each data set; sets with one label alone are left out."""
    from matplotlib.figure import Figure
    from sklearn.calibration import calibration_curve

    figure = Figure(figsize=(5.2, 5.0), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.75", linewidth=1, label="perfectly calibrated")
    for name, (probabilities, labels) in judged.items():
        if len(set(labels)) == 2:
            share, said = calibration_curve(
                list(labels), list(probabilities), n_bins=_BINS, strategy="quantile"
            )
            axes.plot(said, share, marker="o", markersize=4, linewidth=1.4, label=f"{name} (n={len(labels)})")
    axes.set(xlabel="probability given", ylabel="share that was so", title=title, xlim=(0, 1), ylim=(0, 1))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
