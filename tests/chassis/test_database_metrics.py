"""The connection pool as Prometheus sees it."""

from prometheus_client import CollectorRegistry

from chassis import database_metrics
from tests.chassis.client import connected, make_app
from tests.chassis.postgres import Postgres
from tests.chassis.test_database import opened


async def test_free_connections_are_those_that_calls_could_take_without_a_wait(postgres: Postgres) -> None:
    registry = CollectorRegistry()

    def free() -> float | None:
        return registry.get_sample_value("afloat_database_free_connections")

    async with opened(postgres.url, database_pool_size=3) as database:
        database_metrics.expose(registry, database)
        assert registry.get_sample_value("afloat_database_limit_connections") == 3
        assert free() == 3
        async with database.engine.connect(), database.engine.connect():
            assert free() == 1
        assert free() == 3


async def test_the_metrics_say_whose_they_are() -> None:
    async with connected(make_app()) as client:
        assert 'afloat_replica_info{replica="items-1"} 1.0' in (await client.get("/metrics")).text
