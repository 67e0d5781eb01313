"""What `make bench` has measured, beside the goals."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from rich.table import Table

GOAL_RATIO = 1.0
GOAL_SELECTIVE_GROWTH = 1.5
GOAL_BROAD_GROWTH = 2.0
GOAL_MIB = 600
GOAL_FIRST_ANSWER_S = 15


@dataclass(frozen=True)
class Spread:
    """The median of several measurements, and their range."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        ordered = sorted(values)
        return cls(statistics.median(ordered), ordered[0], ordered[-1])

    def over(self, other: "Spread") -> "Spread":
        """How many times `other` this is, for measurements that were not made in pairs."""
        return Spread(self.median / other.median, self.lowest / other.highest, self.highest / other.lowest)

    def show(self, digits: int, unit: str = "") -> str:
        median, lowest, highest = (f"{value:,.{digits}f}" for value in (self.median, self.lowest, self.highest))
        return f"{median}{unit} ({lowest}-{highest})"


@dataclass(frozen=True)
class Throughput:
    """Searches a second through nginx; `ratio` is from the ratio of each round."""

    connections: int
    http_per_s: Spread
    plain_per_s: Spread
    ratio: Spread


@dataclass(frozen=True)
class Latency:
    """One search after another through nginx: the median of each round, in milliseconds."""

    products: int
    selective_p50_ms: Spread
    broad_p50_ms: Spread


@dataclass(frozen=True)
class Report:
    """`latency` goes from the smallest catalogue to the largest. Memory and the times to the first answer are 1 run."""

    first_answer_new_s: float
    first_answer_again_s: float
    memory_mib: float
    throughput: Throughput
    latency: Sequence[Latency]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def table(report: Report) -> Table:
    """The report for people."""
    shown = Table(title="Afloat, measured: medians (and ranges)", title_justify="left")
    for heading in ("figure", "measured", "goal"):
        shown.add_column(heading)
    through = report.throughput
    shown.add_row(f"searches, {through.connections} connections", through.http_per_s.show(0, " req/s"))
    shown.add_row("the same in a plain FastAPI + SQLAlchemy app", through.plain_per_s.show(0, " req/s"))
    shown.add_row("ratio of the two", through.ratio.show(2), f">= {GOAL_RATIO}")
    for each in report.latency:
        shown.add_row(f"p50 selective, {each.products:,} products", each.selective_p50_ms.show(1, " ms"))
        shown.add_row(f"p50 broad, {each.products:,} products", each.broad_p50_ms.show(1, " ms"))
    *_, normal, largest = report.latency
    selective = largest.selective_p50_ms.over(normal.selective_p50_ms)
    broad = largest.broad_p50_ms.over(normal.broad_p50_ms)
    sizes = f"{largest.products:,} / {normal.products:,}"
    shown.add_row(f"p50 selective, {sizes}", selective.show(1), f"<= {GOAL_SELECTIVE_GROWTH}")
    shown.add_row(f"p50 broad, {sizes}", broad.show(1), f"<= {GOAL_BROAD_GROWTH}")
    start_goal = f"< {GOAL_FIRST_ANSWER_S} s"
    shown.add_row("`make up` to the first answer", f"{report.first_answer_again_s:.1f} s (1 run)", start_goal)
    shown.add_row("the same with a new database", f"{report.first_answer_new_s:.1f} s (1 run)", start_goal)
    shown.add_row("memory of the whole stack", f"{report.memory_mib:.0f} MiB (1 run)", f"< {GOAL_MIB} MiB")
    return shown
