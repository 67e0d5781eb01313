"""The vulnerability curve: how long a stack is down, by the time between two failures."""

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from lab.report.grid import Grid
from lab.report.palette import Ink
from lab.report.picture import WIDTH_IN, Palette, write_title

_HEIGHT_IN = 3.4
_LINES = ((Ink.WORST, "-", "s"), (Ink.TYPICAL, "--", "o"), (Ink.DIM, ":", "^"), (Ink.FAULT, "-.", "D"))


def curve(shape: Grid, palette: Palette, replaced_s: float | None, title: str = "") -> Figure:
    """A line for each stack; bars are the range over its runs."""
    figure = Figure(figsize=(WIDTH_IN, _HEIGHT_IN))
    ax = figure.add_axes((0.09, 0.16, 0.89, 0.7 if title else 0.78))
    ax.patch.set_alpha(0)
    highest_s = 0.0
    for column, stack in enumerate(shape.stacks):
        ink, line, marker = _LINES[column % len(_LINES)]
        column_cells = [(x, cells[column]) for x, cells in zip(shape.xs, shape.cells, strict=True)]
        points = [(x, cell.downtime_s) for x, cell in column_cells if x is not None and cell and cell.downtime_s]
        xs, spreads = [x for x, _ in points], [spread for _, spread in points]
        highest_s = max([highest_s, *(each.high for each in spreads)])
        ax.errorbar(
            xs, [each.median for each in spreads],
            yerr=[[each.median - each.low for each in spreads], [each.high - each.median for each in spreads]],
            color=palette[ink], linestyle=line, marker=marker, markersize=6, linewidth=1.6, capsize=3, label=stack,
            clip_on=False, zorder=4,
        )  # fmt: skip
    if replaced_s is not None:
        ax.axvline(replaced_s, color=palette[Ink.FAULT], linewidth=1, linestyle=(0, (4, 2)))
        ax.annotate(
            f"the first is replaced after {replaced_s:g} s", (replaced_s, 0.97), xycoords=("data", "axes fraction"),
            xytext=(5, 0), textcoords="offset points", va="top", color=palette[Ink.DIM],
        )  # fmt: skip
    ax.set_xlabel("seconds between the first failure and the second", color=palette[Ink.DIM])
    ax.set_ylabel("seconds of downtime", color=palette[Ink.DIM])
    ax.set_ylim(-0.02 * max(highest_s, 1), 1.12 * max(highest_s, 1))
    ax.xaxis.set_major_locator(MaxNLocator(10, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    ax.grid(axis="y", color=palette[Ink.LINE], linewidth=0.6)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(palette[Ink.LINE])
    ax.tick_params(colors=palette[Ink.LINE], labelcolor=palette[Ink.DIM], length=3)
    ax.legend(loc="center right", frameon=False, labelcolor=palette[Ink.TEXT])
    if title:
        write_title(figure, title, palette)
    return figure
