"""Calls of the deepest tier for one request at the top, while everything below fails."""

from lab.model.table import Column, Table
from resilience.options import RetryBudgetOptions, RetryOptions

TIERS = (1, 2, 3, 4, 5)


def calls(tiers: int, retries: float) -> float:
    """Each tier calls the next once and repeats it so often: (1 + retries) ^ tiers."""
    return (1 + retries) ** tiers


def retries_table() -> Table:
    """Retries at every tier, with and without a budget, and at the edge only; the patterns' own defaults."""
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
        Column("at_every_tier", f"{retries} retries at every tier", ".0f"),
        Column("with_budget", f"the same within budgets of {ratio:.0%}", ".2f"),
        Column("at_the_edge", "at the edge only", ".0f"),
        Column("at_the_edge_with_budget", "at the edge, within a budget", ".2f"),
    )
    note = (
        "Calls of the deepest tier for one request: (1 + retries) ^ tiers; a budget bounds retries per original call."
    )
    return Table("retries", "what retries multiply to", columns, rows, note)
