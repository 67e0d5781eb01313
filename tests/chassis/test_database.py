"""The database layer against a real PostgreSQL that hangs, dies and comes back."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Integer, Row, bindparam, event, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from chassis.database import Database
from chassis.problems import Problem
from chassis.settings import DatabaseSettings
from tests.chassis.postgres import Postgres
from tests.chassis.waiting import PATIENCE_S, until

OpenDatabase = Callable[..., AbstractAsyncContextManager[Database]]


def database_at(url: str, **settings: float) -> Database:
    limits: dict[str, float] = {
        "database_pool_size": 3,
        "database_connect_timeout_s": 10,
        "database_acquire_timeout_s": 20,
        "database_query_timeout_s": 20,
    } | settings
    return Database(DatabaseSettings(database_url=url, **limits))  # type: ignore[arg-type]  # numbers by name


@asynccontextmanager
async def opened(url: str, **settings: float) -> AsyncIterator[Database]:
    database = database_at(url, **settings)
    async with database.lifespan(), asyncio.timeout(4 * PATIENCE_S):
        yield database


async def answers(database: Database) -> bool:
    try:
        await database.check()
    except Problem:
        return False
    return True


async def problem_of(database: Database, query: str = "SELECT 1", **values: object) -> Problem:
    with pytest.raises(Problem) as raised:
        await database.execute(text(query), values)
    return raised.value


async def session(database: Database) -> int:
    row = await database.first(text("SELECT pg_backend_pid()"))
    assert row is not None
    return int(row[0])


class Door:
    """From now on the server accepts no new connection, but not before the test says so."""

    def __init__(self, database: Database) -> None:
        self.knocked = asyncio.Event()
        self.refused = asyncio.Event()
        event.listen(database.engine.sync_engine, "do_connect", self._connect)

    def _connect(self, *_: object) -> None:
        self.knocked.set()
        await_only(self.refused.wait())
        raise TimeoutError


async def at_work(database: Database, postgres: Postgres) -> "asyncio.Task[Sequence[Row[Any]]]":
    """A call that keeps a connection until it is cancelled."""
    call = asyncio.create_task(database.execute(text("SELECT pg_sleep(60)")))
    await until(lambda: asyncio.to_thread(postgres.is_running, "pg_sleep"))
    return call


async def test_rows_are_read(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        rows = await database.execute(text("SELECT * FROM generate_series(1, :last)"), {"last": 3})
        assert [row[0] for row in rows] == [1, 2, 3]
        assert await database.first(text("SELECT 1 WHERE false")) is None


async def test_connections_are_kept(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        assert await session(database) == await session(database)


# ---- The server is away ---------------------------------------------------------------------------------------------


async def test_a_service_starts_without_its_database_and_finds_it_by_itself(postgres: Postgres) -> None:
    postgres.stop()
    async with opened(postgres.url) as database:
        problem = await problem_of(database)
        assert (problem.status, problem.reason, problem.dependency) == (503, "unreachable", "postgres")
        assert problem.retry_after_s == 1
        postgres.start()
        await until(lambda: answers(database))


async def test_it_finds_the_database_again_without_anyone_asking(postgres: Postgres) -> None:
    postgres.stop()
    async with opened(postgres.url) as database:
        await problem_of(database)
        postgres.start()
        await until(lambda: database.available)
        await database.check()


async def test_a_restart_of_the_server_costs_no_call_that_comes_after(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        await asyncio.gather(*(database.execute(text("SELECT pg_sleep(0.05)")) for _ in range(3)))
        postgres.stop()
        postgres.start()
        for _ in range(10):
            await database.check()


async def test_a_frozen_server_is_a_504_for_those_who_wait_and_then_a_503_at_once(postgres: Postgres) -> None:
    async with opened(postgres.url, database_query_timeout_s=1) as database:
        await database.check()
        postgres.freeze()
        waited = await problem_of(database)
        assert (waited.status, waited.reason) == (504, "timeout")
        assert not database.available
        told = await problem_of(database)
        assert (told.status, told.reason) == (503, "unreachable")
        postgres.thaw()
        await until(lambda: answers(database))


async def test_a_server_that_never_answers_a_new_connection_is_a_503(postgres: Postgres) -> None:
    postgres.freeze()
    async with opened(postgres.url, database_connect_timeout_s=0.5) as database:
        assert (await problem_of(database)).status == 503


async def test_a_failed_connect_is_the_problem_of_one_call_while_another_connection_works(postgres: Postgres) -> None:
    async with opened(postgres.url, database_pool_size=2, database_query_timeout_s=60) as database:
        work = await at_work(database, postgres)
        door = Door(database)
        waiting = asyncio.create_task(problem_of(database))
        await door.knocked.wait()
        door.refused.set()
        problem = await waiting
        assert (problem.status, problem.reason) == (503, "unreachable")
        assert database.available
        work.cancel()
        await asyncio.wait([work])


async def test_calls_that_come_after_the_loss_do_not_wait_for_a_connection(postgres: Postgres) -> None:
    limits = {"database_pool_size": 1, "database_acquire_timeout_s": 60, "database_query_timeout_s": 1}
    async with opened(postgres.url, **limits) as database:
        await database.check()
        postgres.freeze()
        assert (await problem_of(database)).status == 504
        async with asyncio.timeout(PATIENCE_S / 2):
            problems = await asyncio.gather(*(problem_of(database) for _ in range(50)))
        assert {problem.status for problem in problems} == {503}


async def test_those_who_wait_for_a_connection_when_the_database_is_lost_are_told_at_once(postgres: Postgres) -> None:
    """SQLAlchemy's pool does not wake them when the connect of another call fails, nor when it is replaced."""
    async with opened(postgres.url, database_pool_size=1, database_acquire_timeout_s=3600) as database:
        door = Door(database)
        calls = [asyncio.create_task(problem_of(database)) for _ in range(5)]
        await door.knocked.wait()
        door.refused.set()
        async with asyncio.timeout(PATIENCE_S / 2):
            problems = await asyncio.gather(*calls)
        assert {(problem.status, problem.reason) for problem in problems} == {(503, "unreachable")}


async def test_an_address_where_nothing_speaks_postgres_is_a_503() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with opened(f"postgresql://nobody@127.0.0.1:{port}/nothing") as database:
        assert (await problem_of(database)).status == 503
    server.close()


# ---- A connection is lost -------------------------------------------------------------------------------------------


async def test_a_killed_idle_session_costs_nobody_an_answer(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        await until(lambda: asyncio.to_thread(postgres.has_nobody))
        await asyncio.gather(*(database.execute(text("SELECT pg_sleep(0.05)")) for _ in range(3)))
        assert postgres.kill_sessions() == 3
        await asyncio.gather(*(database.check() for _ in range(3)))


async def test_a_read_whose_session_is_killed_is_sent_again(postgres: Postgres) -> None:
    async with opened(postgres.url, database_query_timeout_s=60) as database:
        own = await session(database)
        # It lasts until its session is killed; on another one it is over at once.
        query = text("SELECT pg_backend_pid() FROM pg_sleep(CASE pg_backend_pid() WHEN :own THEN 60 ELSE 0 END)")
        read = asyncio.create_task(database.first(query, {"own": own}))
        await until(lambda: asyncio.to_thread(postgres.is_running, "pg_sleep"))
        postgres.kill_sessions()
        row = await read
        assert row is not None
        assert row[0] != own


# ---- Slow and cancelled calls ---------------------------------------------------------------------------------------


async def test_a_slow_query_is_ended_by_the_server_and_is_a_504(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that is slow to end it must not look like one that hangs.
    monkeypatch.setattr("chassis.engine.GRACE_S", 20.0)
    async with opened(postgres.url, database_query_timeout_s=1) as database:
        own = await session(database)
        problem = await problem_of(database, "SELECT pg_sleep(60)")
        assert (problem.status, problem.reason) == (504, "timeout")
        assert database.available
        assert await session(database) == own


async def test_a_busy_pool_is_a_429_that_no_other_replica_is_asked_about(postgres: Postgres) -> None:
    limits = {"database_pool_size": 1, "database_acquire_timeout_s": 0.01, "database_query_timeout_s": 60}
    async with opened(postgres.url, **limits) as database:
        slow = await at_work(database, postgres)
        problem = await problem_of(database)
        assert (problem.status, problem.reason) == (429, "bulkhead_full")
        assert database.available
        await database.check()
        assert not slow.done()
        slow.cancel()
        await asyncio.wait([slow])


async def test_a_cancelled_call_ends_its_statement_and_frees_its_connection(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A server that is slow to end the statement must not look like one that hangs.
    monkeypatch.setattr("chassis.engine.CLOSE_TIMEOUT_S", 20.0)
    limits = {"database_pool_size": 1, "database_acquire_timeout_s": 60, "database_query_timeout_s": 60}
    async with opened(postgres.url, **limits) as database:
        call = await at_work(database, postgres)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert database.free_connections == 1
        assert not await asyncio.to_thread(postgres.is_running, "pg_sleep")
        await database.check()


async def test_five_hundred_cancelled_calls_lose_no_connection(postgres: Postgres) -> None:
    chance = random.Random(7)

    async def call(database: Database) -> None:
        values = {"seconds": chance.random() * 0.004}
        work = asyncio.create_task(database.execute(text("SELECT pg_sleep(:seconds)"), values))
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        if chance.random() < 0.5:
            await asyncio.sleep(chance.random() * 0.006)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    async def caller(database: Database) -> None:
        for _ in range(50):
            await call(database)

    database = database_at(postgres.url, database_acquire_timeout_s=30)
    async with database.lifespan(), asyncio.timeout(4 * PATIENCE_S):
        await asyncio.gather(*(caller(database) for _ in range(10)))
        await until(lambda: database.free_connections == 3)
        await asyncio.gather(*(database.check() for _ in range(30)))
        assert database.free_connections == 3
        open_sessions = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        await until(lambda: int(postgres.run(open_sessions)) <= 3 + 1)


# ---- What an error means --------------------------------------------------------------------------------------------


@pytest.fixture
def table(postgres: Postgres) -> str:
    postgres.run("DROP TABLE IF EXISTS note; CREATE TABLE note (id int PRIMARY KEY)")
    return "note"


async def test_a_missing_table_is_a_database_that_is_not_set_up_yet(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        for query in ("SELECT * FROM nowhere", "SELECT * FROM no_schema.nowhere"):
            problem = await problem_of(database, query)
            assert (problem.status, problem.reason) == (503, "upstream_error")
        assert database.available


async def test_a_missing_role_is_a_database_that_is_not_set_up_yet(postgres: Postgres) -> None:
    async with opened(postgres.url_as("late")) as database:
        problem = await problem_of(database)
        assert (problem.status, problem.reason) == (503, "upstream_error")
        postgres.run("CREATE ROLE late LOGIN")
        await until(lambda: answers(database))
    postgres.run("DROP ROLE late")


async def test_too_many_sessions_is_an_overload_and_not_an_absence(postgres: Postgres) -> None:
    postgres.run("CREATE ROLE single LOGIN CONNECTION LIMIT 1")
    async with opened(postgres.url_as("single")) as one, opened(postgres.url_as("single")) as other:
        await one.check()
        problem = await problem_of(other)
        assert (problem.status, problem.detail) == (503, "The database is overloaded.")
        assert other.available
    await until(lambda: postgres.run("SELECT count(*) FROM pg_stat_activity WHERE usename = 'single'") == "0")
    postgres.run("DROP ROLE single")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELEKT 1", asyncpg.PostgresSyntaxError),
        ("SELECT nothing FROM note", asyncpg.UndefinedColumnError),
        ("SELECT 1 + 'one'::text", asyncpg.UndefinedFunctionError),
    ],
)
async def test_a_wrong_statement_is_a_bug_and_not_blamed_on_the_database(
    postgres: Postgres, table: str, query: str, error: type[Exception]
) -> None:
    async with opened(postgres.url, database_pool_size=1) as database:
        own = await session(database)
        with pytest.raises(DBAPIError) as raised:
            await database.execute(text(query))
        assert isinstance(raised.value.driver_exception, error)
        assert database.available
        assert await session(database) == own


async def test_a_value_of_another_type_than_the_statement_declares_is_a_bug(postgres: Postgres) -> None:
    async with opened(postgres.url) as database:
        with pytest.raises(DBAPIError):
            await database.execute(select(bindparam("number", type_=Integer)), {"number": "seven"})


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ("SELECT CAST(:value AS int)", 2**40),
        ("SELECT CAST(:value AS bigint)", 2**80),
        ("SELECT CAST(CAST(:value AS bigint) AS int)", 2**40),
        ("SELECT CAST(:value AS text)", "a\0b"),
        ("SELECT CAST(:value AS text)", "\ud800"),
        ("SELECT 1 / CAST(:value AS int)", 0),
        ("INSERT INTO note VALUES (:value), (:value)", 1),
        ("SELECT websearch_to_tsquery(:value)", "-" * 33),
        ("SELECT CAST(:value AS jsonb)", "[" * 100_000),
        ("SELECT 'a' ~ :value", "(" * 10),
    ],
)
async def test_a_value_that_postgresql_refuses_is_the_clients_mistake_whatever_the_error(
    postgres: Postgres, table: str, query: str, value: object
) -> None:
    async with opened(postgres.url) as database:
        problem = await problem_of(database, query, value=value)
        assert (problem.status, problem.dependency) == (422, None)
        assert database.available
