"""Everything the model can say, by name; the command, the page on scaling and the JSON all take it from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.findings import Found
from lab.model.assumptions import Assumptions
from lab.model.balancers import balancers_table
from lab.model.benefit import MONTHS, REPLICAS, benefit, third_replica
from lab.model.caches import caches_table
from lab.model.checks import checks_table
from lab.model.connections import connections_table
from lab.model.exact import exact_table
from lab.model.matrix import matrix
from lab.model.prices import Prices
from lab.model.retries import retries_table
from lab.model.table import Table
from lab.model.windows import rollouts_table, windows_table
from lab.model.zones import zones_table

FORMAT = 1
SEED = 1


@dataclass(frozen=True)
class Given:
    """What the sections are made from; `measured` is the redundancy matrix, if there is one.

    `replicas`: up to how many the benefit is told.
    """

    assumptions: Assumptions
    prices: Prices
    measured: Found | None = None
    seed: int = SEED
    months: float = MONTHS
    replicas: int = REPLICAS


SECTIONS: Mapping[str, Callable[[Given], Table]] = {
    "assumptions": lambda given: given.assumptions.table(),
    "matrix": lambda given: matrix(given.measured),
    "exact": lambda given: exact_table(given.assumptions, given.seed, given.months),
    "benefit": lambda given: benefit(given.assumptions, given.prices, given.seed, given.months, given.replicas),
    "third": lambda given: third_replica(given.assumptions, given.prices, given.seed, given.months),
    "windows": lambda given: windows_table(given.assumptions),
    "rollouts": lambda given: rollouts_table(given.assumptions),
    "zones": lambda given: zones_table(given.assumptions, given.prices, given.seed, given.months),
    "retries": lambda given: retries_table(),
    "connections": lambda given: connections_table(given.assumptions),
    "caches": lambda given: caches_table(given.assumptions),
    "checks": lambda given: checks_table(given.assumptions),
    "balancers": lambda given: balancers_table(given.assumptions, given.seed),
}


def document(given: Given, tables: Mapping[str, Table]) -> dict[str, Any]:
    """All of it as data, with the assumptions that it stands on."""
    measured = given.measured
    return {
        "format": FORMAT,
        "seed": given.seed,
        "months": given.months,
        "assumptions": given.assumptions.model_dump(),
        "prices_usd_a_month": {"task": given.prices.task, "search_without_tasks": given.prices.fixed},
        "measured": measured and {"started_at": measured.started_at, "environment": measured.environment},
        "sections": {name: table.to_json() for name, table in tables.items()},
    }
