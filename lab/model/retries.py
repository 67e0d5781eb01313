"""Calls of the deepest tier for one request at the top, if every call below fails."""

from lab.model.table import Column, Table, rounded
from resilience.options import RetryBudgetOptions, RetryOptions

TIERS = (1, 2, 3, 4, 5)


def calls(tiers: int, retries: float) -> float:
    """Each tier calls the next one once and repeats the call `retries` times: (1 + retries) ^ tiers."""
    return (1 + retries) ** tiers


def retries_table() -> Table:
    """Retries at every tier, with and without a budget, and at the edge only, with the default options."""
    retries, ratio = RetryOptions().max_attempts - 1, RetryBudgetOptions().ratio
    rows = [
        {
            "tiers": tiers,
            "at_every_tier": calls(tiers, retries),
            "with_budget": calls(tiers, ratio),
            "at_the_edge": calls(1, retries),
            "at_the_edge_with_budget": calls(1, ratio),
        }
        for tiers in TIERS
    ]
    columns = (
        Column("tiers", "tiers that retry"),
        Column("at_every_tier", f"{retries} retries at every tier", "{:.0f}".format),
        Column("with_budget", f"the same with budgets of {ratio:.0%}", rounded),
        Column("at_the_edge", "at the edge only", "{:.0f}".format),
        Column("at_the_edge_with_budget", "at the edge, with a budget", rounded),
    )
    note = (
        "Calls of the deepest tier for one request: (1 + retries) ^ tiers. A budget limits retries per original call."
    )
    return Table("retries", "how retries multiply", columns, rows, note)
