"""How much spare a load needs, from two replicas to two thousand, in one, two and three zones."""

import math
from collections.abc import Iterator

from lab.model.assumptions import Assumptions
from lab.model.prices import Prices
from lab.model.setting import MINUTE_S, Setting
from lab.model.shortfall import shortfall
from lab.model.table import Column, Table, rounded

NEEDED = (2, 20, 200, 2000)


def zone_redundant(needed: int, zones: int) -> int:
    """The fewest replicas of which `needed` are left after the largest zone is lost."""
    if zones < 2:
        raise ValueError("if the only zone is lost, nothing is left")
    replicas = needed
    while replicas - math.ceil(replicas / zones) < needed:
        replicas += 1
    return replicas


def zones_table(assumptions: Assumptions, prices: Prices) -> Table:
    """Minutes a month with fewer replicas than needed, by formula."""
    rows = []
    for needed in NEEDED:
        for name, setting in _settings(needed, assumptions):
            short = shortfall(setting, needed)
            rows.append(
                {
                    "needed": needed,
                    "spare": name,
                    "zones": setting.zones,
                    "replicas": setting.replicas,
                    "usd": prices.tasks(setting.replicas),
                    "ordinary_min": short.ordinary_min,
                    "zone_min": short.zone_min,
                    "every_min": short.every_min,
                    "short_min": short.minutes,
                }
            )
    columns = (
        Column("needed", "needed", "{:,d}".format),
        Column("spare", "spare"),
        Column("zones", "zones"),
        Column("replicas", "replicas", "{:,d}".format),
        Column("usd", "tasks, USD a month", "{:,.0f}".format),
        Column("ordinary_min", "ordinary failures, min", rounded),
        Column("zone_min", "a zone lost, min", rounded),
        Column("every_min", "all lost, min", rounded),
        Column("short_min", "in all, min", rounded),
    )
    return Table("zones", "how much spare is needed", columns, rows, _note(assumptions))


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


def _note(assumptions: Assumptions) -> str:
    elsewhere, outage, roll_back = (
        f"{assumption.value / MINUTE_S:g} min later" if assumption.value else "at once"
        for assumption in (assumptions.zone_elsewhere_s, assumptions.zone_outage_s, assumptions.roll_back_s)
    )
    return (
        "Minutes a month with fewer replicas than needed, without deployments, by a first-order formula. Replacements "
        f"start at once after an ordinary failure. After a zone is lost they start {elsewhere}, or {outage} if "
        f"there is no other zone. After all are lost they start {roll_back}. Each is ready "
        f"{assumptions.replacement.low_s:g} to {assumptions.replacement.high_s:g} s later."
    )
