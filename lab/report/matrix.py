"""The matrix of stacks and schedules as a picture: the downtime of each cell, and the reference's beside it."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lab.findings import Verdict
from lab.report.grid import Cell, Grid, seconds
from lab.report.palette import HATCHES, Ink
from lab.report.picture import WIDTH_IN, Palette, write_title

_ROW_IN, _HEAD_IN, _LEFT_IN, _FOOT_IN = 0.62, 0.34, 2.1, 0.34
_GAP = 0.06


def matrix(shape: Grid, palette: Palette, title: str = "") -> Figure:
    """A row for each schedule, a column for each stack."""
    top_in = _HEAD_IN + (0.4 if title else 0)
    height_in = top_in + _ROW_IN * len(shape.schedules) + _FOOT_IN
    figure = Figure(figsize=(WIDTH_IN, height_in))
    ax = figure.add_axes(
        (
            _LEFT_IN / WIDTH_IN,
            _FOOT_IN / height_in,
            1 - (_LEFT_IN + 0.1) / WIDTH_IN,
            _ROW_IN * len(shape.schedules) / height_in,
        )
    )
    ax.set_xlim(0, len(shape.stacks))
    ax.set_ylim(len(shape.schedules), 0)
    ax.patch.set_alpha(0)
    ax.set_axis_off()
    for column, stack in enumerate(shape.stacks):
        ax.text(column + 0.5, -0.12, stack, ha="center", va="bottom", fontweight="bold", color=palette[Ink.TEXT])
    for row, (schedule, cells) in enumerate(zip(shape.schedules, shape.cells, strict=True)):
        ax.text(-0.04, row + 0.5, schedule, ha="right", va="center", color=palette[Ink.TEXT])
        for column, cell in enumerate(cells):
            _draw(ax, cell, column, row, palette)
    if title:
        write_title(figure, title, palette)
    _key(figure, shape, palette, 0.5 * _FOOT_IN / height_in)
    return figure


def ink_of(cell: Cell) -> Ink:
    """Down: broken; some failed, although it was never down: second best. What is invalid is neither well nor not."""
    if cell.downtime_s is None or cell.side.verdict is Verdict.INVALID:
        return Ink.OFF
    if cell.downtime_s.high > 0:
        return Ink.BROKEN
    return Ink.SECOND_BEST if cell.failed is not None and cell.failed.high > 0 else Ink.WELL


def _draw(ax: Axes, cell: Cell | None, column: int, row: int, palette: Palette) -> None:
    place, width, height = (column + _GAP / 2, row + _GAP), 1 - _GAP, 1 - 2 * _GAP
    if cell is None:
        ax.add_patch(
            Rectangle(place, width, height, fill=False, edgecolor=palette[Ink.LINE], linestyle="--", linewidth=0.8)
        )
        return
    ink = ink_of(cell)
    # The pattern is a band at the left, so that nothing lies under the words.
    ax.add_patch(Rectangle(place, width, height, facecolor=palette[ink], alpha=0.28, linewidth=0))
    ax.add_patch(
        Rectangle(
            place, 0.05, height, facecolor=palette[ink], edgecolor=palette[Ink.HATCH], linewidth=0,
            hatch=HATCHES.get(ink) or None,
        )
    )  # fmt: skip
    if cell.reference is not None:
        ax.add_patch(Rectangle(place, width, height, fill=False, edgecolor=palette[Ink.TEXT], linewidth=1.4))
    middle = column + 0.525
    ax.text(
        middle, row + 0.37, f"{seconds(cell.downtime_s)} down", ha="center", va="center", fontsize=10.5,
        fontweight="bold", color=palette[Ink.TEXT],
    )  # fmt: skip
    ax.text(middle, row + 0.68, _below(cell), ha="center", va="center", fontsize=8, color=palette[Ink.TEXT])


def _below(cell: Cell) -> str:
    parts = []
    if cell.failed is not None and cell.sent is not None:
        parts.append(f"{cell.failed.median:.0f} of {cell.sent.median:.0f} failed")
    if cell.reference is not None:
        parts.append(f"reference {cell.reference.downtime_s:g} s")
    if not cell.held:
        parts.append(cell.side.verdict.value)
    return ", ".join(parts)


def _key(figure: Figure, shape: Grid, palette: Palette, middle: float) -> None:
    words = "Downtime at full size; median over the runs, and the range where they differ."
    if any(cell is not None and cell.reference is not None for row in shape.cells for cell in row):
        words += " Outlined: the reference has a result for it."
    figure.text(_LEFT_IN / WIDTH_IN, middle, words, va="center", fontsize=8, color=palette[Ink.DIM])
