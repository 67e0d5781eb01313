"""How much spare a load needs, from two replicas to two thousand, in one, two and three zones."""

from collections.abc import Iterator
from typing import Any

from lab.model.assumptions import Assumptions
from lab.model.estimates import Estimate
from lab.model.months import simulate
from lab.model.prices import Prices
from lab.model.setting import MONTH_S, Setting
from lab.model.shortfall import MINUTE_S, shortfall
from lab.model.table import Column, Table

NEEDED = (2, 20, 200, 2000)


def zone_redundant(needed: int, zones: int) -> int:
    """The fewest replicas of which as many as are needed are left when the largest zone is lost."""
    if zones < 2:
        raise ValueError("with one zone nothing is left when it is lost")
    replicas = needed
    while replicas - -(-replicas // zones) < needed:
        replicas += 1
    return replicas


def zones_table(assumptions: Assumptions, prices: Prices, seed: int, months: float | None) -> Table:
    """Minutes a month with fewer than needed, by formula; and, where months are given, by simulation too.

    The months are those of one replica: of more, so much fewer are simulated.
    """
    rows = [
        _row(needed, name, setting, prices, seed, months)
        for needed in NEEDED
        for name, setting in _settings(needed, assumptions)
    ]
    columns = [
        Column("needed", "needed", ",d"),
        Column("spare", "spare"),
        Column("zones", "zones"),
        Column("replicas", "replicas", ",d"),
        Column("usd", "tasks, USD a month", ",.0f"),
        Column("ordinary_min", "ordinary failures, min", ".3f"),
        Column("zone_min", "a zone, min", ".3f"),
        Column("every_min", "all at once, min", ".3f"),
        Column("short_min", "short in all, min", ".3f"),
        Column("availability", "enough serve", ".5%"),
    ]
    elsewhere, outage, back = assumptions.zone_elsewhere_s, assumptions.zone_outage_s, assumptions.roll_back_s
    note = (
        "Minutes a month in which fewer serve than are needed, deployments left out; by a formula of first order. New "
        f"replicas are launched in place of one that is lost at once, of a zone {_after(elsewhere.value)} where there "
        f"is another and {_after(outage.value)} where there is none, of all {_after(back.value)}; each is up "
        f"{assumptions.replacement.low_s:g} to {assumptions.replacement.high_s:g} s later."
    )
    if months is not None:
        columns.append(Column("simulated_min", "the same simulated, min", ".3f"))
        columns.append(Column("simulated_months", "in months", ",.0f"))
        note += " What is rare, a zone or all, may hardly be in the few months that are simulated of many replicas."
    return Table("zones", "how much spare it takes", columns, rows, note)


def _after(seconds: float) -> str:
    return f"after {seconds / MINUTE_S:g} min" if seconds else "at once"


def _settings(needed: int, assumptions: Assumptions) -> Iterator[tuple[str, Setting]]:
    for name, replicas, zones in (
        ("none", needed, 3),
        ("N + 1", needed + 1, 1),
        ("N + 1", needed + 1, 3),
        ("N + 2", needed + 2, 3),
        ("a zone of three", zone_redundant(needed, 3), 3),
        ("a zone of two", zone_redundant(needed, 2), 2),
    ):
        yield name, assumptions.setting(replicas, zones=zones, needed=needed, deployments_a_month=0)


def _row(needed: int, name: str, setting: Setting, prices: Prices, seed: int, months: float | None) -> dict[str, Any]:
    short = shortfall(setting, needed)
    simulated: Estimate | None = None
    if months is not None:
        months /= setting.replicas
        simulated = simulate(setting, months, seed).degraded
    return {
        "needed": needed,
        "spare": name,
        "zones": setting.zones,
        "replicas": setting.replicas,
        "usd": prices.tasks(setting.replicas),
        "ordinary_min": short.ordinary_min,
        "zone_min": short.zone_min,
        "every_min": short.every_min,
        "short_min": short.minutes,
        "availability": 1 - short.minutes * MINUTE_S / MONTH_S,
        "zone_back_s": short.zone_back_s,
        "every_back_s": short.every_back_s,
        "simulated_min": simulated,
        "simulated_months": months,
    }
