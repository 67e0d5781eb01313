"""The timeline of one run: outcomes second by second, latency, replicas and breakers, under the faults."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from lab.findings import Run, Second
from lab.report import series
from lab.report.palette import BREAKER_INKS, HATCHES, REPLICA_INKS, Ink
from lab.report.picture import WIDTH_IN, Palette, write_title
from lab.report.strips import fault_rows, fault_strip, label_left, mark_phases, shade_faults, strips

OUTCOMES: Mapping[Ink, str] = {
    Ink.WELL: "answered",
    Ink.SECOND_BEST: "degraded (stale)",
    Ink.REFUSED: "rejected",
    Ink.BROKEN: "failed",
}
_LATENCIES: Sequence[tuple[Ink, Literal["-", "--"], str, str]] = (
    (Ink.TYPICAL, "-", "o", "p50"),
    (Ink.WORST, "--", "^", "p99"),
)
_LEFT_IN, _RIGHT_IN, _BOTTOM_IN, _GAP_IN = 1.45, 0.12, 0.5, 0.14
_ROW_IN = 0.19


@dataclass(frozen=True)
class _Panel:
    """Part of the picture, from top to bottom."""

    height_in: float
    draw: Callable[[Axes], None]


def timeline(run: Run, palette: Palette, *, time_scale: float = 1, title: str = "") -> Figure:
    """The picture of a run; a title only where it has to stand for itself."""
    until_s = series.end_s(run)
    panels = _panels(run, until_s, palette)
    top_in = 0.62 + (0.32 if title else 0)
    height_in = top_in + sum(panel.height_in for panel in panels) + _GAP_IN * (len(panels) - 1) + _BOTTOM_IN
    figure = Figure(figsize=(WIDTH_IN, height_in))
    above_in = top_in
    axes: list[Axes] = []
    for panel in panels:
        bottom_in = height_in - above_in - panel.height_in
        ax = figure.add_axes(
            (
                _LEFT_IN / WIDTH_IN,
                bottom_in / height_in,
                1 - (_LEFT_IN + _RIGHT_IN) / WIDTH_IN,
                panel.height_in / height_in,
            )
        )
        ax.set_xlim(0, until_s)
        _plain(ax, palette)
        panel.draw(ax)
        shade_faults(ax, run.faults, palette)
        axes.append(ax)
        above_in += panel.height_in + _GAP_IN
    mark_phases(axes, run.phases, palette)
    axes[-1].tick_params(labelbottom=True, labelcolor=palette[Ink.DIM])
    pace = "" if time_scale == 1 else f", {time_scale:g} times faster than the schedule is written"
    axes[-1].set_xlabel(f"seconds since the load began{pace}", color=palette[Ink.DIM])
    if title:
        write_title(figure, title, palette)
    _legend(figure, palette, 1 - (0.02 + (0.32 if title else 0)) / height_in)
    return figure


def _panels(run: Run, until_s: float, palette: Palette) -> list[_Panel]:
    panels = []
    if run.faults:
        rows = fault_rows(run.faults)
        panels.append(_Panel(_ROW_IN * len(rows), lambda ax: fault_strip(ax, rows, palette)))
    panels.append(_Panel(1.5, lambda ax: _outcomes(ax, run.seconds, palette)))
    if len(run.seconds_by_service) > 1:
        for service, seconds in sorted(run.seconds_by_service.items()):
            panels.append(_Panel(0.34, _share_panel(service, seconds, palette)))
    panels.append(_Panel(1.0, lambda ax: _latency(ax, run.seconds, palette)))
    replicas = series.notable(series.replica_states(run.states, until_s), run)
    if replicas:
        panels.append(_Panel(_ROW_IN * len(replicas), lambda ax: strips(ax, replicas, REPLICA_INKS, palette)))
    breakers = series.breaker_states(run.patterns, until_s)
    if breakers:
        named = {f"{name} breaker": intervals for name, intervals in breakers.items()}
        panels.append(_Panel(_ROW_IN * len(breakers), lambda ax: strips(ax, named, BREAKER_INKS, palette)))
    return panels


def _plain(ax: Axes, palette: Palette) -> None:
    ax.patch.set_alpha(0)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(palette[Ink.LINE])
    ax.tick_params(colors=palette[Ink.LINE], labelcolor=palette[Ink.DIM], labelbottom=False, length=3)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True, steps=[1, 2, 5, 10]))


def _stack(ax: Axes, seconds: Sequence[Second], palette: Palette, *, share: bool) -> None:
    """The outcomes as areas that stand on each other, each second as wide as it is."""
    drawn = series.outcomes(seconds)
    sent = drawn.sent
    edges = [drawn.from_s + offset for offset in range(len(sent) + 1)]
    below = [0.0] * len(sent)
    parts = zip(OUTCOMES, (drawn.fresh, drawn.degraded, drawn.rejected, drawn.failed), strict=True)
    for ink, counts in parts:
        heights = [
            (count / total if total else 0.0) if share else float(count)
            for count, total in zip(counts, sent, strict=True)
        ]
        above = [low + height for low, height in zip(below, heights, strict=True)]
        if any(counts):
            ax.fill_between(
                edges, _held(below), _held(above), step="post", facecolor=palette[ink],
                edgecolor=palette[Ink.HATCH], linewidth=0, hatch=HATCHES[ink] or None,
            )  # fmt: skip
        below = above


def _held(values: list[float]) -> list[float]:
    """The last value once more: a step needs the edge at which it ends."""
    return [*values, values[-1]] if values else [0.0]


def _outcomes(ax: Axes, seconds: Sequence[Second], palette: Palette) -> None:
    _stack(ax, seconds, palette, share=False)
    label_left(ax, "requests\na second", palette, beside_ticks=True)
    ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.grid(axis="y", color=palette[Ink.LINE], linewidth=0.6)
    ax.set_axisbelow(True)


def _share_panel(service: str, seconds: Sequence[Second], palette: Palette) -> Callable[[Axes], None]:
    def draw(ax: Axes) -> None:
        _stack(ax, seconds, palette, share=True)
        ax.set_ylim(0, 1)
        ax.set_yticks([])
        label_left(ax, f"{service} share", palette)

    return draw


def _latency(ax: Axes, seconds: Sequence[Second], palette: Palette) -> None:
    there = {each.at_s: each for each in seconds}
    span = range(min(there, default=0), max(there, default=-1) + 1)
    middles = [at_s + 0.5 for at_s in span]
    for ink, style, marker, word in _LATENCIES:
        values = [getattr(there[at_s], f"{word}_ms") if at_s in there else None for at_s in span]
        ax.plot(
            middles, [float("nan") if value is None else max(value, 0.1) for value in values],
            color=palette[ink], linestyle=style, linewidth=1.1, marker=marker, markersize=2.4,
        )  # fmt: skip
    ax.set_yscale("log")
    measured = [each.p99_ms for each in seconds if each.p99_ms is not None]
    ax.set_ylim(0.5, max(100.0, 2 * max(measured, default=0.0)))
    ax.yaxis.set_major_locator(LogLocator(10))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(which="minor", length=0)
    label_left(ax, "latency, ms", palette, beside_ticks=True)
    ax.grid(axis="y", color=palette[Ink.LINE], linewidth=0.6)
    ax.set_axisbelow(True)


def _legend(figure: Figure, palette: Palette, top: float) -> None:
    handles: list[Patch | Line2D] = [
        Patch(facecolor=palette[ink], edgecolor=palette[Ink.HATCH], linewidth=0, hatch=HATCHES[ink] or None, label=word)
        for ink, word in OUTCOMES.items()
    ]
    for ink, style, marker, word in _LATENCIES:
        handles.append(
            Line2D([], [], color=palette[ink], linestyle=style, linewidth=1.1, marker=marker, markersize=3, label=word)
        )
    handles.append(Patch(facecolor=palette[Ink.FAULT], alpha=0.16, linewidth=0, label="while a fault is on"))
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.02, top), ncol=len(handles), frameon=False,
        labelcolor=palette[Ink.DIM], handlelength=1.6, columnspacing=1.4, borderaxespad=0,
    )  # fmt: skip
