"""Exhausted pool: calls get no connection while the fault is on, and afterwards nothing is missing."""

import asyncio
from random import Random

import pytest
from sqlalchemy import text

from chassis.app import create_app
from chassis.database import Database
from chassis.database_errors import BUSY
from chassis.faults.exhaust_pool import ExhaustPool
from chassis.faults.host import Host
from chassis.problems import Problem
from chassis.settings import DatabaseSettings
from tests.chassis.client import connected, problem_in, routes
from tests.chassis.faults.faulty import faulty
from tests.chassis.postgres import Postgres
from tests.chassis.test_database import at_work, opened
from tests.chassis.waiting import until

SIZE = 3


def fault() -> ExhaustPool:
    return ExhaustPool(kind="exhaust_pool", for_s=60)


async def is_busy(database: Database) -> bool:
    try:
        await database.execute(text("SELECT 1"))
    except Problem as problem:
        return problem.reason == BUSY
    return False


async def test_it_holds_real_connections_of_the_engines_pool_until_it_ends(postgres: Postgres) -> None:
    await until(lambda: asyncio.to_thread(postgres.has_nobody))
    async with opened(postgres.url, database_pool_size=SIZE, database_acquire_timeout_s=0.02) as database:
        exhausting, host = fault(), Host(database=database)
        exhausting.inject(host)
        await until(lambda: database.free_connections == 0)
        await until(lambda: sessions(postgres) == SIZE)
        assert await is_busy(database)
        exhausting.clear(host)
        exhausting.clear(host)
        await until(lambda: database.free_connections == SIZE)
        assert not await is_busy(database)


def sessions(postgres: Postgres) -> int:
    return int(postgres.run("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")) - 1


async def test_it_takes_a_connection_in_use_as_soon_as_that_is_free(postgres: Postgres) -> None:
    limits = {"database_pool_size": 1, "database_acquire_timeout_s": 0.5, "database_query_timeout_s": 60}
    async with opened(postgres.url, **limits) as database:
        work = await at_work(database, postgres)
        exhausting, host = fault(), Host(database=database)
        exhausting.inject(host)
        work.cancel()
        await asyncio.wait([work])
        await until(lambda: is_busy(database))
        exhausting.clear(host)
        await until(lambda: database.free_connections == 1)


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
    app = create_app("items", settings, routes(), database=database)
    async with app.router.lifespan_context(app), connected(app) as client:
        answer = await client.put("/faults", json={"kind": "exhaust_pool", "for_s": 60})
        assert answer.status_code == 200
        await until(lambda: is_busy(database))
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.delete("/faults")).json() == {"faults": []}
        await until(lambda: database.free_connections == settings.database_pool_size)
        await database.execute(text("SELECT 1"))


@pytest.mark.parametrize("seed", range(3))
async def test_no_connection_is_lost_however_often_it_comes_and_goes_amid_cancelled_calls(
    postgres: Postgres, seed: int
) -> None:
    chance = Random(seed)
    async with opened(postgres.url, database_pool_size=SIZE, database_acquire_timeout_s=0.05) as database:
        exhausting, host = fault(), Host(database=database)
        for _ in range(20):
            calls = [asyncio.create_task(database.execute(text("SELECT pg_sleep(0.001)"))) for _ in range(12)]
            for _ in range(chance.randrange(1, 6)):
                await asyncio.sleep(0)
                chance.choice(calls).cancel()
            exhausting.inject(host)
            await asyncio.gather(*calls, return_exceptions=True)
            exhausting.clear(host)
            await until(lambda: database.free_connections == SIZE)
            await asyncio.gather(*(database.check() for _ in range(SIZE)))
