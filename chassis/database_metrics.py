"""The connection pool in numbers, read when Prometheus asks."""

from prometheus_client import CollectorRegistry, Gauge

from chassis.database import Database


def expose(registry: CollectorRegistry, database: Database) -> None:
    """Show how many connections the pool may have, and how many more calls could start now without a wait."""
    limit = Gauge("afloat_database_limit_connections", "Connections that the pool may have.", registry=registry)
    limit.set(database.pool_size)
    free = Gauge("afloat_database_free_connections", "Connections not in use, open or not yet.", registry=registry)
    free.set_function(lambda: database.free_connections)
