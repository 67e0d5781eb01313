"""Metrics of the connection pool. Their values are read when Prometheus reads the metrics."""

from prometheus_client import CollectorRegistry, Gauge

from chassis.database import Database


def expose(registry: CollectorRegistry, database: Database) -> None:
    """Add two metrics: the size of the pool, and how many more calls can start without waiting."""
    limit = Gauge("afloat_database_limit_connections", "Connections that the pool may have.", registry=registry)
    limit.set(database.pool_size)
    free = Gauge("afloat_database_free_connections", "Connections not in use, open or not yet.", registry=registry)
    free.set_function(lambda: database.free_connections)
