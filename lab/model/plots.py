"""The model's tables as pictures: on a light ground of their own, so that they are read in a dark page as well."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from lab.model.estimates import Estimate
from lab.model.table import Table

# M. Okabe and K. Ito's colours, which people with any colour vision tell apart.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, BLACK = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#000000"
_LINES = list(zip((VERMILION, ORANGE, BLUE, GREEN, PURPLE, BLACK), "os^Dvx", strict=True))
# Any: matplotlib types its keys as a literal of all that there are.
_STYLE: dict[Any, Any] = {
    "figure.facecolor": "#ffffff",
    "axes.facecolor": "#ffffff",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "font.size": 10,
    "legend.frameon": False,
    # The same figures give the same file.
    "svg.hashsalt": "afloat",
}
_SIZE = (8, 4.5)


def draw(tables: Mapping[str, Table], folder: Path) -> Iterator[Path]:
    """A PNG and an SVG of each table that has a picture; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        if name in tables:
            with mpl.rc_context(_STYLE):
                figure = Figure(figsize=_SIZE, layout="constrained")
                if not picture(figure, tables[name].rows):
                    continue
                for kind, metadata in (("png", {}), ("svg", {"Date": None})):
                    path = folder / f"model_{name}.{kind}"
                    figure.savefig(path, dpi=150, metadata=metadata)
                    yield path


def _benefit(figure: Figure, rows: Sequence[Mapping[str, Any]]) -> bool:
    axes = figure.subplots()
    # Beside a falling line there is room to its lower left and to its upper right.
    for key, name, (colour, marker), place, side in (
        ("down_min", "down: too few to answer half of the requests", _LINES[0], (-6, -14), "right"),
        ("degraded_min", "degraded: fewer than the load needs", _LINES[2], (6, 6), "left"),
    ):
        # One replica where two are needed is degraded all the time: that is no figure of its failures.
        seen = [row for row in rows if row[key].mean > 0 and row[key].low < 1000]
        _estimates(axes, [row["tasks_usd"] for row in seen], [row[key] for row in seen], name, colour, marker)
        for row in seen:
            axes.annotate(
                f"{row[key].mean:.2f} min",
                (row["tasks_usd"], row[key].mean),
                textcoords="offset points",
                xytext=place,
                horizontalalignment=side,
                color=colour,
            )
    axes.set_xticks(
        [row["tasks_usd"] for row in rows], [f"{row['replicas']}\n{row['tasks_usd']:.2f} USD" for row in rows]
    )
    axes.set(
        title="What each replica costs and buys", ylabel="minutes a month", xlabel="replicas, and their price a month"
    )
    axes.margins(x=0.15, y=0.15)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper right")
    return True


def _matrix(figure: Figure, rows: Sequence[Mapping[str, Any]]) -> bool:
    measured = [row for row in rows if row["measured_worst_gap_s"] is not None]
    if not measured:
        return False
    axes = figure.subplots()
    places = range(len(measured))
    names = [f"{row['stack'].split()[0]}: {row['schedule']}" for row in measured]
    axes.barh(
        [at - 0.2 for at in places], [row["model_worst_gap_s"] for row in measured], 0.38, label="computed", color=BLUE
    )
    axes.barh(
        [at + 0.2 for at in places],
        [row["measured_worst_gap_s"] for row in measured],
        0.38,
        label="measured",
        color=ORANGE,
    )
    axes.set_yticks(places, names, fontsize=8)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set(title="The redundancy matrix: longest time without an answer", xlabel="seconds, at the speed of the run")
    axes.legend(loc="lower right")
    return True


def _zones(figure: Figure, rows: Sequence[Mapping[str, Any]]) -> bool:
    axes = figure.subplots()
    names = list(dict.fromkeys((row["spare"], row["zones"]) for row in rows))
    for (spare, zones), (colour, marker) in zip(names, _LINES, strict=True):
        own = [row for row in rows if (row["spare"], row["zones"]) == (spare, zones)]
        label = f"spare: {spare}" + (f", in {zones} zone{'s' * (zones > 1)}" if spare[0] == "N" else "")
        axes.plot(
            [row["needed"] for row in own], [row["short_min"] for row in own], marker=marker, color=colour, label=label
        )
    axes.set_xscale("log")
    _plain_log(axes)
    axes.set_xticks(
        sorted({row["needed"] for row in rows}), [f"{needed:,}" for needed in sorted({row["needed"] for row in rows})]
    )
    axes.set(title="Too few for the load", xlabel="replicas needed", ylabel="minutes a month")
    axes.legend()
    return True


def _balancers(figure: Figure, rows: Sequence[Mapping[str, Any]]) -> bool:
    axes = figure.subplots()
    policies = [name for name in rows[0] if name != "balancers" and not name.endswith(", mean")]
    for name, (colour, marker) in zip(policies, _LINES, strict=False):
        _estimates(axes, [row["balancers"] for row in rows], [row[name] for row in rows], name, colour, marker)
    axes.set_xscale("log")
    axes.set_xticks([row["balancers"] for row in rows], [f"{row['balancers']:,}" for row in rows])
    axes.set_ylim(bottom=0)
    axes.set(
        title="What a balancer knows when there are many",
        xlabel="balancers in front of 30 replicas",
        ylabel="p99 response, mean service times",
    )
    axes.legend(loc="lower right")
    return True


def _retries(figure: Figure, rows: Sequence[Mapping[str, Any]]) -> bool:
    axes = figure.subplots()
    for (key, name), (colour, marker) in zip(
        (
            ("at_every_tier", "retries at every tier"),
            ("at_the_edge", "retries at the edge only"),
            ("with_budget", "at every tier, within budgets"),
        ),
        _LINES,
        strict=False,
    ):
        axes.plot([row["tiers"] for row in rows], [row[key] for row in rows], marker=marker, color=colour, label=name)
    _plain_log(axes)
    axes.set_xticks([row["tiers"] for row in rows])
    axes.set(title="What retries multiply to", xlabel="tiers", ylabel="calls of the deepest, for one request")
    axes.legend()
    return True


def _plain_log(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))


def _estimates(
    axes: Axes, at: Sequence[float], estimates: Sequence[Estimate], name: str, colour: str, marker: str
) -> None:
    means = [each.mean for each in estimates]
    around = [[each.mean - each.low for each in estimates], [each.high - each.mean for each in estimates]]
    axes.errorbar(at, means, around, marker=marker, color=colour, label=name, capsize=4)


PICTURES: Mapping[str, Callable[[Figure, Sequence[Mapping[str, Any]]], bool]] = {
    "benefit": _benefit,
    "matrix": _matrix,
    "zones": _zones,
    "balancers": _balancers,
    "retries": _retries,
}
