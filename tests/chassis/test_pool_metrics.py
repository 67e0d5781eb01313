"""The pool as Prometheus sees it."""

from typing import Any

from chassis.pool import Pool
from prometheus_client import CollectorRegistry

from chassis import pool_metrics
from tests.chassis.client import connected, make_app


class Connection:
    def is_closed(self) -> bool:
        return False

    def terminate(self) -> None:
        pass


async def connect() -> Any:
    return Connection()


async def test_what_is_free_is_what_may_be_taken_without_a_wait() -> None:
    registry, pool = CollectorRegistry(), Pool[Any](connect, 3, 0.1)
    pool_metrics.expose(registry, pool)
    taken = [await pool.take(), await pool.take()]
    assert registry.get_sample_value("afloat_database_limit_connections") == 3
    assert registry.get_sample_value("afloat_database_free_connections") == 1
    pool.seize()
    assert registry.get_sample_value("afloat_database_free_connections") == 0
    pool.release()
    for each in taken:
        pool.give(each)
    assert registry.get_sample_value("afloat_database_free_connections") == 3


async def test_each_new_connection_is_shown_once_to_whoever_watches() -> None:
    seen: list[Any] = []
    pool = Pool[Any](connect, 3, 0.1)
    pool.watch = seen.append
    for _ in range(3):
        pool.give(await pool.take())
    assert len(seen) == 1


async def test_the_metrics_say_whose_they_are() -> None:
    async with connected(make_app()) as client:
        assert 'afloat_replica_info{replica="items-1"} 1.0' in (await client.get("/metrics")).text
