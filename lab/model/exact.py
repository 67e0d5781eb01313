"""The simulation beside the exact Markov chain, where there is one: exponential replacements, no deployments."""

import math
from statistics import fmean

from lab.model.assumptions import Assumptions
from lab.model.durations import Exponential
from lab.model.markov import below, steady_state
from lab.model.months import MINUTE_S, simulate
from lab.model.setting import MONTH_S
from lab.model.table import Column, Table

REPLICAS = (1, 2, 3, 4)
RUNS = 20
FEWEST_MONTHS = 400


def exact_table(assumptions: Assumptions, seed: int, months: float) -> Table:
    """Minutes a month, simulated and solved, and how many of the simulation's intervals cover what is exact."""
    each = max(FEWEST_MONTHS, months / RUNS)
    rows = []
    for replicas in REPLICAS:
        setting = assumptions.setting(
            replicas,
            shape=1.0,
            replacement=Exponential(assumptions.replacement.mean_s),
            deployments_a_month=0,
            launches_per_s=math.inf,
            zone_over_s=0,
            every_over_s=0,
        )
        shares = steady_state(setting)
        down_min = below(shares, setting.needed_min) * MONTH_S / MINUTE_S
        missing_min = below(shares, replicas) * MONTH_S / MINUTE_S
        runs = [simulate(setting, each, seed + number) for number in range(RUNS)]
        rows.append(
            {
                "replicas": replicas,
                "down_min": fmean(run.down.mean for run in runs),
                "exact_down_min": down_min,
                "down_covered": sum(run.down.covers(down_min) for run in runs),
                "missing_min": fmean(run.missing.mean for run in runs),
                "exact_missing_min": missing_min,
                "missing_covered": sum(run.missing.covers(missing_min) for run in runs),
            }
        )
    columns = (
        Column("replicas", "replicas"),
        Column("down_min", "down, simulated, min", ".4f"),
        Column("exact_down_min", "exact", ".4f"),
        Column("down_covered", f"covered, of {RUNS}"),
        Column("missing_min", "one missing, simulated, min", ".3f"),
        Column("exact_missing_min", "exact", ".3f"),
        Column("missing_covered", f"covered, of {RUNS}"),
    )
    note = (
        f"A month; {RUNS} runs of {each:,.0f} months; replacements exponential with the same mean and "
        "launched at once, whatever the cause; no deployments. "
        f"Covered: by so many of their 95 % intervals."
    )
    return Table("exact", "the simulation beside the exact Markov chain", columns, rows, note)
