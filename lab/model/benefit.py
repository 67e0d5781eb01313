"""What each further replica costs, and how many minutes of a month it buys."""

from collections.abc import Iterator, Mapping
from typing import Any

from lab.model.assumptions import Assumptions
from lab.model.estimates import Estimate, of_difference
from lab.model.months import Outcome, simulate
from lab.model.prices import Prices
from lab.model.setting import DAY_S, Shares
from lab.model.shortfall import shortfall
from lab.model.table import Column, Table

REPLICAS = 4
MONTHS = 40_000
THIRD = 3
MTBF_DAYS = (1, 7, 30, 90)
_FEWEST_MONTHS = 400


def benefit(
    assumptions: Assumptions, prices: Prices, seed: int, months: float = MONTHS, replicas: int = REPLICAS
) -> Table:
    """One replica, two, up to so many: each beside the one before."""
    outcomes = {count: simulate(assumptions.setting(count), months, seed) for count in range(1, replicas + 1)}
    columns = (
        Column("replicas", "replicas"),
        Column("tasks_usd", "tasks, USD", ".2f"),
        Column("tasks_more", "more", "+.0%"),
        Column("search_usd", "whole search, USD", ".2f"),
        Column("search_more", "more", "+.0%"),
        Column("down_min", "down, min", ".3f"),
        Column("degraded_min", "degraded, min", ".2f"),
        Column("down_avoided_min", "down avoided, min", ".3f"),
        Column("usd_per_down_min", "USD a min of down", ".0f"),
        Column("degraded_avoided_min", "degraded avoided, min", ".2f"),
        Column("usd_per_degraded_min", "USD a min of degraded", ".2f"),
    )
    note = (
        f"A month, with 95 % intervals from {months:,.0f} simulated months, the same blows for all. Degraded: fewer "
        f"than the {assumptions.needed.value:g} replicas that the load needs; down: fewer than "
        f"{assumptions.needed_min.value:g}. Empty where nothing can be told from one replica fewer. By formula, "
        f"{share_of_pairs(assumptions):.0%} of the downtime that {THIRD} replicas avoid and {THIRD - 1} do not is that "
        "of two that fail together (`share_pair`)."
    )
    rows = list(_rows(prices, outcomes))
    return Table("benefit", "what a replica costs and what it buys", columns, rows, note)


def _rows(prices: Prices, outcomes: Mapping[int, Outcome]) -> Iterator[Mapping[str, Any]]:
    for count, outcome in outcomes.items():
        before = outcomes.get(count - 1)
        tasks, search = prices.tasks(count), prices.search(count)
        down = before and _avoided("down", before, outcome)
        degraded = before and _avoided("degraded", before, outcome)
        yield {
            "replicas": count,
            "tasks_usd": tasks,
            "tasks_more": before and tasks / prices.tasks(count - 1) - 1,
            "search_usd": search,
            "search_more": before and search / prices.search(count - 1) - 1,
            "down_min": outcome.down,
            "degraded_min": outcome.degraded,
            "down_avoided_min": down,
            "usd_per_down_min": down and _a_minute(prices, down),
            "degraded_avoided_min": degraded,
            "usd_per_degraded_min": degraded and _a_minute(prices, degraded),
            "outages": outcome.outages,
        }


def _avoided(name: str, before: Outcome, after: Outcome) -> Estimate | None:
    """None where it may be nothing: what cannot be told from that has no price."""
    found = of_difference(before.batches[name], after.batches[name])
    return found if found.low > 0 else None


def _a_minute(prices: Prices, avoided: Estimate) -> Estimate:
    """USD, for a task that avoids so many minutes a month."""
    return Estimate(prices.task / avoided.mean, prices.task / avoided.high, prices.task / avoided.low)


def share_of_pairs(assumptions: Assumptions) -> float:
    """Of the downtime that the third replica avoids, what two that fail together make."""
    alone = assumptions.shares.model_copy(update={"pair": 0.0})
    with_pairs, without = (
        _down_min(assumptions, THIRD - 1, shares) - _down_min(assumptions, THIRD, shares)
        for shares in (assumptions.shares, alone)
    )
    return 1 - without / with_pairs


def _down_min(assumptions: Assumptions, replicas: int, shares: Shares) -> float:
    return shortfall(assumptions.setting(replicas, shares=shares), int(assumptions.needed_min.value)).minutes


def third_replica(assumptions: Assumptions, prices: Prices, seed: int, months: float = MONTHS) -> Table:
    """What the third replica buys, if failures are more frequent or rarer, or have no common cause."""
    rows = []
    for mtbf_days in MTBF_DAYS:
        for name, shares in (("as assumed", assumptions.shares), ("none", Shares())):
            few = max(_FEWEST_MONTHS, months / 4 * mtbf_days / max(MTBF_DAYS))
            given = {"mtbf_s": mtbf_days * DAY_S, "shares": shares}
            two, three = (simulate(assumptions.setting(count, **given), few, seed) for count in (2, 3))
            down, degraded = _avoided("down", two, three), _avoided("degraded", two, three)
            rows.append(
                {
                    "mtbf_days": mtbf_days,
                    "common_causes": name,
                    "two_down_min": two.down,
                    "three_down_min": three.down,
                    "usd_per_down_min": down and _a_minute(prices, down),
                    "two_degraded_min": two.degraded,
                    "three_degraded_min": three.degraded,
                    "usd_per_degraded_min": degraded and _a_minute(prices, degraded),
                }
            )
    columns = (
        Column("mtbf_days", "MTBF, days"),
        Column("common_causes", "common causes"),
        Column("two_down_min", "2: down, min", ".3f"),
        Column("three_down_min", "3: down, min", ".3f"),
        Column("usd_per_down_min", "USD a min of down", ".0f"),
        Column("two_degraded_min", "2: degraded, min", ".2f"),
        Column("three_degraded_min", "3: degraded, min", ".2f"),
        Column("usd_per_degraded_min", "USD a min of degraded", ".2f"),
    )
    note = "Empty where three replicas cannot be told from two."
    return Table("third", "what the third replica buys, failure by failure", columns, rows, note)
