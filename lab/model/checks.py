"""What health checks and open connections come to when many ask many."""

from lab.model.assumptions import Assumptions
from lab.model.table import Column, Table

FLEETS = (3, 30, 300, 3000)
REPLICAS_A_GATEWAY = 3
"""As the stack has them."""
SUBSET = 20


def checks_table(assumptions: Assumptions) -> Table:
    """Checks a second by the balancer's nodes and by every gateway; connections of gateways to all or to some."""
    nodes, interval_s = assumptions.zones.value, assumptions.check_interval_s.value
    rows = []
    for replicas in FLEETS:
        gateways = replicas // REPLICAS_A_GATEWAY
        by_gateways = replicas * gateways / interval_s
        rows.append(
            {
                "replicas": replicas,
                "gateways": gateways,
                "by_balancer_per_s": replicas * nodes / interval_s,
                "by_gateways_per_s": by_gateways,
                "each_is_asked_per_s": gateways / interval_s,
                "of_capacity": by_gateways / (replicas * assumptions.searches_per_s_of_a_replica.value),
                "connections_to_all": gateways * replicas,
                "connections_to_some": gateways * min(SUBSET, replicas),
            }
        )
    columns = (
        Column("replicas", "replicas", ",d"),
        Column("gateways", "gateways", ",d"),
        Column("by_balancer_per_s", f"checks a second, {nodes:g} balancer nodes", ",.1f"),
        Column("by_gateways_per_s", "by every gateway", ",.1f"),
        Column("each_is_asked_per_s", "each replica is asked a second", ",.1f"),
        Column("of_capacity", "of what it can answer, at most", ".2%"),
        Column("connections_to_all", "connections, every gateway to all", ",d"),
        Column("connections_to_some", f"to {SUBSET} each", ",d"),
    )
    # It hangs just after it was asked, and the last of the checks that fail has to time out.
    noticed_s = interval_s * assumptions.unhealthy_after.value + assumptions.check_timeout_s.value
    note = (
        f"Replicas x checkers / {interval_s:g} s. A hung replica is noticed after up to {noticed_s:g} s, at any size."
    )
    return Table("checks", "health checks and connections", columns, rows, note)
