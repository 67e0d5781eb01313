"""How ordinary failures become as replicas become more, and how often two fall into one vulnerability window."""

import math

from lab.model.assumptions import Assumptions
from lab.model.setting import DAY_S, Setting
from lab.model.table import Column, Table, rounded, span

FLEETS = (2, 3, 30, 300, 3000)


def second_failure(setting: Setting) -> float:
    """The probability that another replica fails, independently, while a failed one is replaced."""
    others_per_s = (setting.replicas - 1) * setting.alone_per_s
    return -math.expm1(-others_per_s * setting.replacement.mean_s)


def windows_table(assumptions: Assumptions) -> Table:
    """For each size of fleet."""
    rows = []
    for replicas in FLEETS:
        setting = assumptions.setting(replicas)
        failures_a_day = replicas * DAY_S / setting.mtbf_s
        rows.append(
            {
                "replicas": replicas,
                "failures_a_day": failures_a_day,
                "missing": replicas * setting.replacement.mean_s / (setting.mtbf_s + setting.replacement.mean_s),
                "second_in_window": second_failure(setting),
                "days_between": 1 / failures_a_day / second_failure(setting),
            }
        )
    columns = (
        Column("replicas", "replicas", "{:,d}".format),
        Column("failures_a_day", "failures a day", rounded),
        Column("missing", "missing on average", rounded),
        Column("second_in_window", "probability of a second failure in the window", lambda share: f"{share:.1g}"),
        Column("days_between", "time between two such events", span),
    )
    note = (
        f"Each replica fails once in {assumptions.mtbf_days.value:g} days and is replaced after "
        f"{assumptions.replacement.mean_s:g} s on average. Without deployments and common causes of a second failure."
    )
    return Table("windows", "the vulnerability window", columns, rows, note)
