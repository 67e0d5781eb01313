"""The tables of benefit and zones as pictures, on a light background, so that they are readable on a dark page too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from lab.model.table import Table

# The palette of M. Okabe and K. Ito, which is readable with any colour vision.
_VERMILION, _BLUE = "#D55E00", "#0072B2"
_LINES = list(zip((_VERMILION, "#E69F00", _BLUE, "#009E73", "#CC79A7", "#000000"), "os^Dvx", strict=True))
_STYLE: dict[Any, Any] = {  # matplotlib types the keys as a literal of all its settings
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "legend.frameon": False,
    "svg.hashsalt": "afloat",  # the same figures give the same file
}


def draw(tables: Mapping[str, Table], folder: Path) -> Iterator[Path]:
    """An SVG of each table that has a picture; yields their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PICTURES.keys() & tables.keys():
        with mpl.rc_context(_STYLE):
            figure = Figure(figsize=(8, 4.5), layout="constrained")
            PICTURES[name](figure.subplots(), tables[name].rows)
            path = folder / f"model_{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            yield path


def _benefit(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    for key, label, colour in (
        ("down_min", "down: no replica serves", _VERMILION),
        ("degraded_min", "degraded: fewer than the load needs", _BLUE),
    ):
        # One replica where two are needed is degraded all the time, which does not fit into the picture.
        shown = [row for row in rows if row[key] and row[key].mean < 1000]
        means = [row[key].mean for row in shown]
        around = [[row[key].mean - row[key].low for row in shown], [row[key].high - row[key].mean for row in shown]]
        replicas = [row["replicas"] for row in shown]
        axes.errorbar(replicas, means, around, marker="o", color=colour, label=label, capsize=4)
    axes.set_xticks(
        [row["replicas"] for row in rows], [f"{row['replicas']}\n{row['tasks_usd']:.2f} USD" for row in rows]
    )
    axes.set(
        title="What each replica costs and buys", ylabel="minutes a month", xlabel="replicas, and their monthly price"
    )
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper right")


def _zones(axes: Axes, rows: Sequence[Mapping[str, Any]]) -> None:
    kinds = dict.fromkeys((row["spare"], row["zones"]) for row in rows)
    for (spare, zones), (colour, marker) in zip(kinds, _LINES, strict=True):
        own = [row for row in rows if (row["spare"], row["zones"]) == (spare, zones)]
        minutes = [row["short_min"] for row in own]
        label = f"spare: {spare}; zones: {zones}"
        axes.plot([row["needed"] for row in own], minutes, marker=marker, color=colour, label=label)
    needed = sorted({row["needed"] for row in rows})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set_xticks(needed, [f"{count:,}" for count in needed])
    axes.set(title="Too few replicas for the load", xlabel="replicas needed", ylabel="minutes a month")
    axes.legend()


PICTURES: Mapping[str, Callable[[Axes, Sequence[Mapping[str, Any]]], None]] = {"benefit": _benefit, "zones": _zones}
