"""The redundancy matrix, computed: each cell next to what the lab measured in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from lab.experiment import Experiment, Side
from lab.faults import Kill
from lab.findings import Found, Spread
from lab.model.drill import drill
from lab.model.table import Column, Table
from lab.reading import find, read
from lab.report.collection import BadReport, read_found

NAME = "redundancy_matrix"
START_S = 0.8
"""A replica's own start if no cell was measured: a plain process on two cores, November 2026."""
MEASURES = (
    ("downtime_s", "down, s", "{:.0f}", "{:+.0f}"),
    ("worst_gap_s", "worst gap, s", "{:.1f}", "{:+.1f}"),
    ("vulnerability_window_s", "one missing, s", "{:.1f}", "{:+.1f}"),
)
"""The lab's measures, and how a value and an error are shown."""

Cells = Mapping[str, Mapping[str, Spread]]


class NotMeasured(Exception):
    """The folder holds no measured matrix."""


def read_measured(folder: Path) -> Found:
    """What the lab wrote into a folder of reports."""
    files = [folder / f"{NAME}.json", folder / f"{NAME}.json.gz"]
    path = next((path for path in files if path.is_file()), None)
    if path is None:
        raise NotMeasured(f"{files[0]}: there is no such file. `make lab EXPERIMENT={NAME}` makes one.")
    try:
        return read_found(path)
    except BadReport as error:
        raise NotMeasured(f"{error} `make lab EXPERIMENT={NAME}` makes another.") from None


def matrix_table(found: Found | None) -> Table:
    """Every computed cell and, if it was measured, the error: computed minus measured."""
    experiment = read(find(NAME))
    cells = {side.name: side.summary for side in found.sides} if found else {}
    scale = found.time_scale if found else experiment.time_scale
    start_s, calibrating = own_start_s(experiment, cells, scale)
    rows = []
    for side in experiment.all_sides():
        computed, measured = drill(side, experiment.steady, scale, start_s), cells.get(side.name, {})
        row: dict[str, Any] = {"stack": side.row, "schedule": side.column, "calibrates": side.name in calibrating}
        for name, *_ in MEASURES:
            value, seen = getattr(computed, name), measured[name].median if name in measured else None
            row |= {f"model_{name}": value, f"measured_{name}": seen}
            row[f"error_{name}"] = None if seen is None else round(value - seen, 3) + 0.0
        rows.append(row)
    columns = [Column("stack", "stack"), Column("schedule", "schedule")]
    for name, heading, form, signed in MEASURES:
        columns.append(Column(f"model_{name}", heading, form.format))
        if found:
            columns.append(Column(f"measured_{name}", "measured", form.format))
            columns.append(Column(f"error_{name}", "error", signed.format))
    note = f"The schedule runs {scale:g} times as fast as it is written. A replica's own start takes {start_s:.1f} s."
    if found:
        date, machine = found.started_at[:10], found.environment
        note = f"Measured on {date}, runtime {machine.get('runtime')} on {machine.get('cpus')} cores. " + note
    return Table(
        "matrix", "the redundancy matrix, computed and measured", columns, rows, " ".join([note, *_judgement(rows)])
    )


def own_start_s(experiment: Experiment, cells: Cells, scale: float) -> tuple[float, set[str]]:
    """A replica's own start, and the cells that it comes from: those in which a single replica is killed once.

    It is the measured outage minus the replacement time. These cells therefore prove nothing about the model.
    """
    starts_s = {
        side.name: cells[side.name]["worst_gap_s"].median - _replacement_s(side) / scale
        for side in experiment.all_sides()
        if side.stack.products == 1
        and [type(fault) for fault in side.faults] == [Kill]
        and "worst_gap_s" in cells.get(side.name, {})
    }
    return (fmean(starts_s.values()), set(starts_s)) if starts_s else (START_S, set())


def _replacement_s(side: Side) -> float:
    return side.stack.replacement_s or 0.0


def _judgement(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """How well the model agrees. Cells in which a replica is always left test little and are counted apart."""
    judged = [row for row in rows if row["error_downtime_s"] is not None and not row["calibrates"]]
    if not judged:
        return []
    down = [row for row in judged if row["model_downtime_s"] or row["measured_downtime_s"]]
    sentences = [
        f"In {len(judged) - len(down)} of the {len(judged)} cells that test the model a replica is always left: "
        "both downtimes are 0."
    ]
    if down:
        agree = sum(row["error_downtime_s"] == 0 for row in down)
        worst = max(down, key=lambda row: abs(row["error_downtime_s"]))
        sentences.append(
            f"In {agree} of the other {len(down)} both have the same seconds of downtime; the largest error is "
            f"{abs(worst['error_downtime_s']):.0f} s of {worst['measured_downtime_s']:.0f}."
        )
    missing = [row["error_vulnerability_window_s"] for row in judged if row["error_vulnerability_window_s"] is not None]
    if missing:
        sentences.append(f"The errors of 'one missing' are from {min(missing):+.1f} to {max(missing):+.1f} s.")
    return sentences
