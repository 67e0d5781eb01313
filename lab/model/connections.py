"""What the database sees of many replicas: connections and searches."""

import math

from lab.model.assumptions import Assumptions
from lab.model.table import Column, Table

FLEETS = (3, 30, 300, 3000)
RESERVED = 3
"""superuser_reserved_connections of PostgreSQL."""


def connections_table(assumptions: Assumptions) -> Table:
    """Connections of their pools, and how many of them work; databases that it takes for either."""
    usable = assumptions.database_connections.value - RESERVED
    rows = []
    for replicas in FLEETS:
        open_at_most = replicas * assumptions.database_pool.value
        searches_per_s = replicas * assumptions.searches_per_s_of_a_replica.value
        rows.append(
            {
                "replicas": replicas,
                "open_at_most": open_at_most,
                "of_limit": open_at_most / assumptions.database_connections.value,
                "busy": searches_per_s * assumptions.query_ms.value / 1000,
                "databases_by_connections": math.ceil(open_at_most / usable),
                "searches_per_s": searches_per_s,
                "databases_by_load": math.ceil(searches_per_s / assumptions.searches_per_s_of_a_database.value),
            }
        )
    columns = (
        Column("replicas", "replicas", ",d"),
        Column("open_at_most", "connections at most", ",.0f"),
        Column("of_limit", f"of max_connections {assumptions.database_connections.value:g}", ".2f"),
        Column("busy", "of them busy, at least", ",.0f"),
        Column("searches_per_s", "searches a second, at least", ",.0f"),
        Column("databases_by_connections", "databases, by connections", ",d"),
        Column("databases_by_load", "databases, by load, at least", ",d"),
    )
    note = (
        f"A pool of {assumptions.database_pool.value:g} each; busy by Little's law, searches a second x "
        f"{assumptions.query_ms.value:g} ms; during a deployment that starts all anew first, twice as many connections."
    )
    return Table("connections", "replicas against one database", columns, rows, note)
