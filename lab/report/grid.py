"""Stacks against schedules as data: a cell each, its seconds as they would be at full size."""

from collections.abc import Sequence
from dataclasses import dataclass

from lab.findings import Found, SideFound, Spread, Verdict
from lab.report.reference import MATRIX, Reference, reference_of


@dataclass(frozen=True)
class Cell:
    """What one stack showed under one schedule. Downtime is at full size: what was measured times `time_scale`."""

    side: SideFound
    downtime_s: Spread | None
    failed: Spread | None
    sent: Spread | None
    reference: Reference | None

    @property
    def held(self) -> bool:
        return self.side.verdict is Verdict.HELD


@dataclass(frozen=True)
class Grid:
    """`cells[schedule][stack]`; None where a schedule makes no sense with a stack."""

    stacks: Sequence[str]
    schedules: Sequence[str]
    cells: Sequence[Sequence[Cell | None]]
    xs: Sequence[float | None]
    """Where each schedule belongs on an axis."""

    def get(self, stack: str, schedule: str) -> Cell | None:
        if stack not in self.stacks or schedule not in self.schedules:
            return None
        return self.cells[self.schedules.index(schedule)][self.stacks.index(stack)]


def grid(found: Found) -> Grid | None:
    """None where an experiment's sides are no grid."""
    sides = [side for side in found.sides if side.row is not None and side.column is not None]
    if not sides:
        return None
    stacks = list(dict.fromkeys(str(side.row) for side in sides))
    # Some stacks meet fewer schedules: the one that meets the most has them in the order in which they are written.
    most = max(stacks, key=lambda stack: sum(side.row == stack for side in sides))
    schedules = list(dict.fromkeys(str(side.column) for side in sorted(sides, key=lambda side: side.row != most)))
    by_place = {(side.column, side.row): side for side in sides}
    x_of = {str(side.column): side.x for side in sides}
    return Grid(
        stacks,
        schedules,
        [[_cell(found, by_place.get((schedule, stack))) for stack in stacks] for schedule in schedules],
        [x_of[schedule] for schedule in schedules],
    )


def is_curve(shape: Grid) -> bool:
    """Whether its schedules lie on an axis."""
    return all(x is not None for x in shape.xs)


def full_size(spread: Spread, time_scale: float) -> Spread:
    """What ran faster than it is written, at the pace at which it is written."""
    return spread.model_copy(update={name: getattr(spread, name) * time_scale for name in ("median", "low", "high")})


def replacement_s(found: Found) -> float | None:
    """The time that a dead replica's replacement takes, where all sides agree on one."""
    times = {side.side.get("stack", {}).get("replacement_s") for side in found.sides}
    only = times.pop() if len(times) == 1 else None
    return float(only) if isinstance(only, int | float) else None


def seconds(spread: Spread | None) -> str:
    """`35 s`, or with the range where the runs differ; `-` where no valid run shows any."""
    if spread is None:
        return "-"
    if spread.low == spread.high:
        return f"{spread.median:.0f} s"
    return f"{spread.median:.0f} s ({spread.low:.0f} to {spread.high:.0f})"


def _cell(found: Found, side: SideFound | None) -> Cell | None:
    if side is None:
        return None
    downtime = side.summary.get("downtime_s")
    return Cell(
        side=side,
        downtime_s=None if downtime is None else full_size(downtime, found.time_scale),
        failed=side.summary.get("failed"),
        sent=side.summary.get("sent"),
        reference=reference_of(str(side.row), str(side.column)) if found.name == MATRIX else None,
    )
