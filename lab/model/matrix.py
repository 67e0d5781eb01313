"""The redundancy matrix, computed: each cell beside what was measured in it."""

from collections.abc import Iterator, Mapping, Sequence
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
"""A replica's own start, where no measured cell tells it: as a plain process on two cores, November 2026."""
COMPARED = {
    "downtime_s": "downtime_s",
    "worst_gap_s": "worst_gap_s",
    "failed": "failed",
    "vulnerability_window_s": "missing_s",
}
"""The lab's measures, and the model's figure for each."""


class NotMeasured(Exception):
    """No matrix was found where one was said to be."""


def read_measured(folder: Path) -> Found:
    """What the lab wrote into its folder of reports, or what was kept of it in a small copy."""
    files = [folder / f"{NAME}.json", folder / f"{NAME}.json.gz"]
    path = next((path for path in files if path.is_file()), None)
    if path is None:
        raise NotMeasured(f"{files[0]}: there is no such file. `make lab EXPERIMENT={NAME}` makes one.")
    try:
        return read_found(path)
    except BadReport as error:
        raise NotMeasured(f"{error} `make lab EXPERIMENT={NAME}` makes another.") from None


def matrix(found: Found | None) -> Table:
    """Every cell as computed and, where it was measured, the error: computed less measured."""
    experiment = read(find(NAME))
    cells = {} if found is None else {side.name: side.summary for side in found.sides}
    scale = experiment.time_scale if found is None else found.time_scale
    start_s, calibrating = own_start_s(experiment, cells, scale)
    rows = [
        _row(side, experiment, cells.get(side.name, {}), scale, start_s, side.name in calibrating)
        for side in experiment.all_sides()
    ]
    columns = [Column("stack", "stack"), Column("schedule", "schedule")]
    for name, heading, form in (
        ("downtime_s", "down, s", ".0f"),
        ("worst_gap_s", "worst gap, s", ".1f"),
        ("vulnerability_window_s", "one missing, s", ".1f"),
    ):
        columns.append(Column(f"model_{name}", heading, form))
        if found is not None:
            columns += [Column(f"measured_{name}", "measured", form), Column(f"error_{name}", "error", f"+{form}")]
    note = " ".join([*_conditions(found), *_speed(scale, start_s), *_judgement(rows)])
    return Table("matrix", "the redundancy matrix, computed and measured", columns, rows, note)


def own_start_s(
    experiment: Experiment, cells: Mapping[str, Mapping[str, Spread]], scale: float
) -> tuple[float, set[str]]:
    """A replica's own start, and the cells that tell it: of one replica killed once, what its outage exceeds.

    Those cells prove nothing of the model; all the others do.
    """
    told = {
        side.name: cells[side.name]["worst_gap_s"].median - (side.stack.replacement_s or 0) / scale
        for side in experiment.all_sides()
        if side.stack.products == 1
        and [type(fault) for fault in side.faults] == [Kill]
        and "worst_gap_s" in cells.get(side.name, {})
    }
    return (fmean(told.values()), set(told)) if told else (START_S, set())


def _row(
    side: Side,
    experiment: Experiment,
    measured: Mapping[str, Spread],
    scale: float,
    start_s: float,
    calibrates: bool,
) -> dict[str, Any]:
    computed = drill(side, experiment.steady, scale, start_s)
    row: dict[str, Any] = {"stack": side.row, "schedule": side.column, "calibrates": calibrates}
    for measure, own in COMPARED.items():
        value = getattr(computed, own)
        seen = measured[measure].median if measure in measured else None
        row[f"model_{measure}"], row[f"measured_{measure}"] = value, seen
        row[f"error_{measure}"] = None if value is None or seen is None else value - seen
    return row


def _conditions(found: Found | None) -> Iterator[str]:
    if found is not None:
        cpus = found.environment.get("cpus")
        cores = f" on {cpus} cores" if cpus else ""
        yield f"Measured on {found.started_at[:10]}, runtime {found.environment.get('runtime')}{cores}."


def _speed(scale: float, start_s: float) -> Iterator[str]:
    yield f"The schedule {scale:g} times as fast as it is written; a replica's own start {start_s:.2f} s."


def _judgement(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """How far to trust the model: apart, the cells in which there was nothing to be wrong about."""
    judged = [row for row in rows if row["error_downtime_s"] is not None and not row["calibrates"]]
    down = [row for row in judged if row["model_downtime_s"] or row["measured_downtime_s"]]
    if judged:
        yield (
            f"In {len(judged) - len(down)} of the {len(judged)} cells that did not tell that start nobody is down, "
            "computed or measured: a replica is always left."
        )
    if down:
        agree = sum(row["error_downtime_s"] == 0 for row in down)
        yield (
            f"Of the other {len(down)}, {agree} agree in the seconds of downtime; the largest error is "
            f"{_largest(down, 'downtime_s', '.0f')}, in the worst gap {_largest(down, 'worst_gap_s', '.1f')}."
        )
    yield from _missing([row for row in judged if row["measured_vulnerability_window_s"] is not None])


def _largest(rows: Sequence[Mapping[str, Any]], measure: str, form: str) -> str:
    """Of those that were measured; beside what was."""
    seen = [
        (abs(row[f"error_{measure}"]), row[f"measured_{measure}"])
        for row in rows
        if row[f"error_{measure}"] is not None
    ]
    error, measured = max(seen, default=(0.0, 0.0))
    return f"{error:{form}} s of {measured:{form}}"


def _missing(judged: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    errors = [row["error_vulnerability_window_s"] for row in judged]
    if errors:
        span = f"from {min(errors):+.1f} to {max(errors):+.1f} s"
        yield f"One missing, computed less measured: {span} in {len(errors)} cells."
