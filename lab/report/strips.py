"""Rows of states under a timeline, the faults above it, and the phases across."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from lab.findings import FaultDone, Phase
from lab.report.palette import HATCHES, Ink
from lab.report.picture import Palette
from lab.report.series import Interval

_LETTER_IN = 0.062
_MORE = "…"
_PHASES = {"warm_up": "warm-up", "before": "before", "during": "faults", "settling": "settling", "after": "after"}


def strips(ax: Axes, rows: Mapping[str, Sequence[Interval]], inks: Mapping[str, Ink], palette: Palette) -> None:
    """A row for each name, its states as bars; a state without an ink of its own counts as switched off."""
    for place, intervals in enumerate(rows.values()):
        for each in intervals:
            ink = inks.get(each.state, Ink.OFF)
            _bar(ax, each, place, palette, ink)
            _say(ax, each, each.state.replace("_", " "), place, palette, boxed=bool(HATCHES.get(ink)))
    _lay_out(ax, [_short(name) for name in rows])


def fault_strip(ax: Axes, rows: Sequence[Sequence[Interval]], palette: Palette) -> None:
    """The faults, each with what was done."""
    for place, intervals in enumerate(rows):
        for each in intervals:
            _bar(ax, each, place, palette, Ink.FAULT)
            _say(ax, each, each.state, place, palette, boxed=True)
    _lay_out(ax, ["faults", *[""] * (len(rows) - 1)])
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)


def label_left(ax: Axes, text: str, palette: Palette, *, beside_ticks: bool = False) -> None:
    """What a panel shows, where the names of the rows stand."""
    ax.annotate(
        text, (0, 0.5), xycoords="axes fraction", xytext=(-34 if beside_ticks else -6, 0), textcoords="offset points",
        ha="right", va="center", color=palette[Ink.DIM],
    )  # fmt: skip


def _lay_out(ax: Axes, labels: Sequence[str]) -> None:
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_yticks(range(len(labels)), labels=labels)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _bar(ax: Axes, interval: Interval, place: int, palette: Palette, ink: Ink) -> None:
    ax.broken_barh(
        [(interval.from_s, interval.to_s - interval.from_s)], (place - 0.4, 0.8), facecolor=palette[ink],
        edgecolor=palette[Ink.HATCH], linewidth=0, hatch=HATCHES.get(ink) or None, alpha=0.4 if ink is Ink.FAULT else 1,
    )  # fmt: skip


def fault_rows(faults: Sequence[FaultDone]) -> list[list[Interval]]:
    """Faults one after the other in a row, those at the same time below each other."""
    rows: list[list[Interval]] = []
    for fault in sorted(faults, key=lambda each: each.from_s):
        row = next((each for each in rows if each[-1].to_s <= fault.from_s), None)
        if row is None:
            row = []
            rows.append(row)
        row.append(Interval(fault.from_s, fault.to_s, told(fault)))
    return rows


def told(fault: FaultDone) -> str:
    """What was done, to whom (`products-1, 2, 3`), and how."""
    numbers: dict[str, list[str]] = {}
    for target in fault.targets:
        service, _, number = target.rpartition("-")
        numbers.setdefault(service, []).append(number)
    whom = ", ".join(
        f"{service}-{', '.join(each)}" if service else ", ".join(each) for service, each in numbers.items()
    )
    return f"{fault.kind}: {whom}{f' ({fault.what})' if fault.what else ''}"


def shade_faults(ax: Axes, faults: Sequence[FaultDone], palette: Palette) -> None:
    """Overlapping faults are one shade, with a line at each end."""
    reached_s = float("-inf")
    for fault in sorted(faults, key=lambda each: each.from_s):
        if fault.to_s > reached_s:
            ax.axvspan(
                max(fault.from_s, reached_s),
                fault.to_s,
                facecolor=palette[Ink.FAULT],
                alpha=0.13,
                linewidth=0,
                zorder=0,
            )
        reached_s = max(reached_s, fault.to_s)
        for at_s in (fault.from_s, fault.to_s):
            ax.axvline(at_s, color=palette[Ink.FAULT], linewidth=0.7, linestyle=(0, (4, 2)), zorder=3)


def mark_phases(axes: Sequence[Axes], phases: Sequence[Phase], palette: Palette) -> None:
    """A dotted line where each begins, and its name at the top where there is room."""
    for phase in phases:
        for ax in axes:
            ax.axvline(phase.from_s, color=palette[Ink.DIM], linewidth=0.6, linestyle=":", zorder=3)
        word = _PHASES.get(phase.name, phase.name)
        if _room(axes[0], phase.to_s - phase.from_s) >= len(word):
            axes[0].annotate(
                word, ((phase.from_s + phase.to_s) / 2, 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                textcoords="offset points", ha="center", va="bottom", fontsize=8.5, color=palette[Ink.DIM],
                annotation_clip=False,
            )  # fmt: skip


def _say(ax: Axes, interval: Interval, word: str, place: int, palette: Palette, *, boxed: bool) -> None:
    """The state in words, where there is room; over a pattern in a box."""
    room = _room(ax, interval.to_s - interval.from_s)
    if room < min(len(word), 4):
        return
    if len(word) > room:
        word = word[: max(1, room - 1)] + _MORE
    box = {
        "boxstyle": "round,pad=0.12,rounding_size=0.3",
        "facecolor": palette[Ink.CARD],
        "linewidth": 0,
        "alpha": 0.85,
    }
    ax.text(
        (interval.from_s + interval.to_s) / 2, place, word, ha="center", va="center_baseline", fontsize=7.5,
        color=palette[Ink.TEXT], zorder=4, clip_on=True, bbox=box if boxed else None,
    )  # fmt: skip


def _room(ax: Axes, seconds: float) -> int:
    """How many letters fit into so many seconds of the axis."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    low, high = ax.get_xlim()
    return int(seconds / (high - low) * ax.get_position().width * figure.get_figwidth() / _LETTER_IN)


def _short(name: str) -> str:
    return name if len(name) <= 21 else name[:20] + _MORE
