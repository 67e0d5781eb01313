"""Exhausted pool: nobody gets a connection, and afterwards nothing is missing."""

import asyncio
from random import Random

import pytest
from chassis.pool import Pool, PoolTimeout

from chassis.app import create_app
from chassis.database import Database
from chassis.database_errors import BUSY
from chassis.faults.exhaust_pool import ExhaustPool
from chassis.faults.host import Host
from chassis.settings import DatabaseSettings
from tests.chassis.client import connected, problem_in, routes
from tests.chassis.faults.faulty import faulty
from tests.chassis.postgres import Postgres
from tests.chassis.test_pool import Connection, Server

FAULT = ExhaustPool(kind="exhaust_pool", for_s=60)


def small_pool(size: int, wait_s: float) -> tuple[Pool[Connection], Host]:
    pool = Pool(Server().connect, size, wait_s)
    return pool, Host(pool=pool)


async def test_nobody_gets_a_connection_until_it_ends_and_then_everyone_does() -> None:
    pool, host = small_pool(2, 0.01)
    FAULT.inject(host)
    with pytest.raises(PoolTimeout):
        await pool.take()
    FAULT.clear(host)
    FAULT.clear(host)
    assert pool.free == 2
    await pool.take()


async def test_a_connection_in_use_is_taken_as_soon_as_it_is_free_before_anyone_who_waits() -> None:
    pool, host = small_pool(1, 60)
    held = await pool.take()
    waiting = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    FAULT.inject(host)
    pool.give(held)
    await asyncio.sleep(0)
    assert not waiting.done()
    FAULT.clear(host)
    assert await waiting is held
    pool.give(held)
    assert pool.free == 1


async def test_one_that_is_still_in_use_at_the_end_comes_back_as_ever() -> None:
    pool, host = small_pool(2, 0.01)
    held = await pool.take()
    FAULT.inject(host)
    FAULT.clear(host)
    assert pool.free == 1
    pool.give(held)
    assert pool.free == 2


async def test_a_service_without_a_database_says_that_it_has_none() -> None:
    async with faulty() as service:
        assert problem_in(await service.put("exhaust_pool"))["status"] == 422
        assert await service.active() == []


async def test_a_service_is_ready_while_its_pool_is_exhausted_and_its_queries_fail(postgres: Postgres) -> None:
    settings = DatabaseSettings(
        database_url=postgres.url,
        database_connect_timeout_s=10,
        database_acquire_timeout_s=0.02,
        database_query_timeout_s=20,
        faults_enabled=True,
        replica="items-1",
    )
    database = Database(settings)
    app = create_app("items", settings, routes(), resource=database.lifespan, checks={"postgres": database.check})
    async with app.router.lifespan_context(app), connected(app) as client:
        await database.fetchrow("SELECT 1")
        answer = await client.put("/faults", json={"kind": "exhaust_pool", "for_s": 60})
        assert answer.status_code == 200
        with pytest.raises(Exception, match="in use") as raised:
            await database.fetchrow("SELECT 1")
        assert getattr(raised.value, "reason", None) == BUSY
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.delete("/faults")).json() == {"faults": []}
        free = f"afloat_database_free_connections {settings.database_pool_size:.1f}"
        assert free in (await client.get("/metrics")).text.splitlines()
        await database.fetchrow("SELECT 1")


async def test_no_slot_is_lost_however_often_it_comes_and_goes_amid_calls_that_are_cancelled() -> None:
    chance, (pool, host) = Random(7), small_pool(4, 0.001)

    async def call() -> None:
        connection = await pool.take()
        try:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            pool.discard(connection)
            raise
        pool.give(connection)

    for _ in range(100):
        calls = [asyncio.create_task(call()) for _ in range(12)]
        for _ in range(chance.randrange(1, 6)):
            await asyncio.sleep(0)
            chance.choice([FAULT.inject, FAULT.clear])(host)
            chance.choice(calls).cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        FAULT.clear(host)
        assert pool.free == 4
