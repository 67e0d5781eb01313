"""How ordinary failure becomes: the vulnerability window, and what a deployment takes, as replicas become more."""

import math

from lab.model.assumptions import KEEP_ALL, KEEP_TWO_THIRDS, MAXIMUM, Assumptions
from lab.model.rollout import Rollout, rollout
from lab.model.setting import DAY_S, Setting
from lab.model.table import Column, Table

FLEETS = (2, 3, 30, 300, 3000)
ROLLED = (3, 30, 300, 3000)


def second_failure(setting: Setting) -> float:
    """The probability that one more replica fails, alone, while a failed one is replaced."""
    others_per_s = (setting.replicas - 1) * setting.alone_per_s
    return -math.expm1(-others_per_s * setting.replacement.mean_s)


def windows_table(assumptions: Assumptions) -> Table:
    """Failures a day, and how rarely all replicas are there."""
    rows = []
    for replicas in FLEETS:
        setting = assumptions.setting(replicas)
        missing = replicas * setting.replacement.mean_s / (setting.mtbf_s + setting.replacement.mean_s)
        rows.append(
            {
                "replicas": replicas,
                "failures_a_day": replicas * DAY_S / setting.mtbf_s,
                "missing": missing,
                "second_in_window": second_failure(setting),
                "days_between": setting.mtbf_s / DAY_S / replicas / second_failure(setting),
            }
        )
    columns = (
        Column("replicas", "replicas", ",d"),
        Column("failures_a_day", "failures a day", ".2f"),
        Column("missing", "missing on average", ".4f"),
        Column("second_in_window", "a second failure inside the window", ".3%"),
        Column("days_between", "days from one such to the next", ",.2f"),
    )
    note = (
        f"One failure of each replica in {assumptions.mtbf_days.value:g} days, replaced after "
        f"{assumptions.replacement.mean_s:g} s on average; deployments left out."
    )
    return Table("windows", "the vulnerability window", columns, rows, note)


def rollouts_table(assumptions: Assumptions) -> Table:
    """How long it takes to replace every replica, by what may be missing and what may be added."""
    rows = []
    for replicas in ROLLED:
        one = 100 * (replicas - 1) // replicas
        for name, minimum, maximum in (
            ("as few as percentages allow", one, 100),
            (f"{KEEP_TWO_THIRDS} % stay, none is added", KEEP_TWO_THIRDS, 100),
            (f"all stay, up to {MAXIMUM} %", KEEP_ALL, MAXIMUM),
        ):
            room = rollout(replicas, minimum, maximum)
            rows.append(
                {
                    "replicas": replicas,
                    "how": name,
                    "minimum_healthy": minimum,
                    "spare": room.spare,
                    "surge": room.surge,
                    "batches": room.batches,
                    "minutes": minutes_at_most(room, assumptions),
                }
            )
    columns = (
        Column("replicas", "replicas", ",d"),
        Column("how", "deployment"),
        Column("spare", "missing at most", ",d"),
        Column("surge", "added at most", ",d"),
        Column("batches", "batches", ",d"),
        Column("minutes", "minutes at most", ",.1f"),
    )
    note = "Minimum healthy rounds up, the maximum down, as in ECS; each batch takes the longest replacement."
    return Table("rollouts", "what a deployment takes", columns, rows, note)


def minutes_at_most(room: Rollout, assumptions: Assumptions) -> float:
    """Every batch launched at the scheduler's pace, the last of each the slowest."""
    launching_s = room.replicas / (assumptions.launches_per_minute.value / 60)
    return (room.batches * assumptions.replacement.high_s + launching_s) / 60
