"""The pool of connections to PostgreSQL in numbers, read when Prometheus asks."""

from typing import Any

from prometheus_client import CollectorRegistry, Gauge

from chassis.pool import Pool


def expose(registry: CollectorRegistry, pool: Pool[Any]) -> None:
    """Show how many connections there may be, and how many more calls could start now without a wait."""
    limit = Gauge("afloat_database_limit_connections", "Connections that there may be.", registry=registry)
    limit.set(pool.size)
    free = Gauge(
        "afloat_database_free_connections", "Connections that nobody uses, open or not yet.", registry=registry
    )
    free.set_function(lambda: pool.free)
