"""What each further replica costs, and how many minutes of a month it buys."""

from collections.abc import Iterator, Mapping
from typing import Any

from lab.model.assumptions import Assumptions
from lab.model.estimates import Estimate, of_difference
from lab.model.months import Outcome, simulate
from lab.model.prices import Prices
from lab.model.shortfall import shortfall
from lab.model.table import Column, Table, estimated

REPLICAS = 4
MONTHS = 10_000
FEW = 100
"""Fewer outages than this say too little about downtime."""


def benefit_table(assumptions: Assumptions, prices: Prices, seed: int, months: float = MONTHS) -> Table:
    """One to four replicas; each is compared with one replica fewer."""
    outcomes = {count: simulate(assumptions.setting(count), months, seed) for count in range(1, REPLICAS + 1)}
    columns = (
        Column("replicas", "replicas"),
        Column("tasks_usd", "tasks, USD", "{:.2f}".format),
        Column("tasks_more", "more", "{:+.0%}".format),
        Column("search_usd", "whole search, USD", "{:.2f}".format),
        Column("search_more", "more", "{:+.0%}".format),
        Column("down_min", "down, min", estimated),
        Column("degraded_min", "degraded, min", estimated),
        Column("usd_per_down_min", "USD a minute of downtime avoided", estimated),
        Column("usd_per_degraded_min", "USD a degraded minute avoided", estimated),
    )
    needed, needed_min = assumptions.needed.value, assumptions.needed_min.value
    note = (
        f"A month (43,800 min), with 95 % intervals from {months:,.0f} simulated months. Degraded: fewer than the "
        f"{needed:g} replicas that the load needs. Down: fewer than {needed_min:g}. Empty: fewer than {FEW} outages "
        "were seen, or the difference from one replica fewer may be zero. By formula, "
        f"{share_of_pairs(assumptions):.0%} of the downtime that the third replica avoids comes from two that fail "
        "together (`share_pair`)."
    )
    return Table("benefit", "what a replica costs and what it buys", columns, list(_rows(prices, outcomes)), note)


def _rows(prices: Prices, outcomes: Mapping[int, Outcome]) -> Iterator[Mapping[str, Any]]:
    for count, outcome in outcomes.items():
        before = outcomes.get(count - 1)
        tasks, search = prices.tasks(count), prices.search(count)
        yield {
            "replicas": count,
            "tasks_usd": tasks,
            "tasks_more": before and tasks / prices.tasks(count - 1) - 1,
            "search_usd": search,
            "search_more": before and search / prices.search(count - 1) - 1,
            "down_min": outcome.minutes("down") if outcome.outages >= FEW else None,
            "degraded_min": outcome.minutes("degraded"),
            "usd_per_down_min": before and _usd_per_minute(prices, "down", before, outcome),
            "usd_per_degraded_min": before and _usd_per_minute(prices, "degraded", before, outcome),
        }


def _usd_per_minute(prices: Prices, state: str, before: Outcome, after: Outcome) -> Estimate | None:
    """The price of one more task for each minute that it avoids; None if it may avoid nothing."""
    if state == "down" and before.outages < FEW:
        return None
    avoided = of_difference(before.batches[state], after.batches[state])
    if avoided.low <= 0:
        return None
    return Estimate(prices.task / avoided.mean, prices.task / avoided.high, prices.task / avoided.low)


def share_of_pairs(assumptions: Assumptions) -> float:
    """The share of pairs that fail together in the downtime that the third replica avoids, by formula."""
    without_pairs = assumptions.shares.model_copy(update={"pair": 0.0})
    avoided = []
    for shares in (assumptions.shares, without_pairs):
        two, three = (
            shortfall(assumptions.setting(count, shares=shares), int(assumptions.needed_min.value)).minutes
            for count in (2, 3)
        )
        avoided.append(two - three)
    return 1 - avoided[1] / avoided[0]
