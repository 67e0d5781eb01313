"""PostgreSQL through SQLAlchemy's async engine. The database may be unavailable for some time.

A service can start without its database. While the database is unavailable, every call fails at once with a 503, and
one task tries to connect several times a second. When it succeeds, the service works again.

The database counts as unavailable in two cases: a connect fails while no other connection is open, or a query takes
longer than the server's own limit allows.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from functools import partial
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Executable, Row, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import QueuePool

from chassis.database_errors import (
    BUSY,
    connect_problem,
    not_in_time,
    overloaded,
    pool_exhausted,
    problem_of,
    unreachable,
)
from chassis.engine import open_engine
from chassis.problems import Problem
from chassis.settings import DatabaseSettings

RECONNECT_S = 0.25

_SELECT_ONE = text("SELECT 1")

log = structlog.get_logger("chassis")


class Database:
    """One engine, and whether its database is available.

    `execute` executes SQLAlchemy's statements. A failure of the database is raised as a Problem: 503 if it cannot be
    reached, 504 if it is too slow, 429 if every connection is in use, 422 if it refuses a value. Every other error is a
    bug of the service.
    """

    def __init__(self, settings: DatabaseSettings, *, ready: Executable = _SELECT_ONE) -> None:
        self.engine = open_engine(settings)
        self.pool_size = settings.database_pool_size
        self._ready = ready
        self._reconnecting: asyncio.Task[None] | None = None
        self._unavailable_problem: Callable[[], Problem] = unreachable
        self._open_connections = 0
        self._waits: set[asyncio.Timeout] = set()
        event.listen(self.engine.sync_engine, "connect", self._count_opened)
        event.listen(self.engine.sync_engine, "close", self._count_closed)

    @property
    def available(self) -> bool:
        """False while the database cannot be reached."""
        return self._reconnecting is None

    @property
    def free_connections(self) -> int:
        """How many more calls can start now without waiting for a connection."""
        return max(0, self.pool_size - self._pool.checkedout())

    @property
    def _pool(self) -> QueuePool:
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Close every connection at the end. The first call opens the first connection."""
        try:
            yield
        finally:
            if self._reconnecting is not None:
                self._reconnecting.cancel()
                await asyncio.wait([self._reconnecting])
            await self.engine.dispose()

    async def execute(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """All rows that the statement returns. Raises a Problem, as described in the class.

        If the connection is dead, the statement is sent once more on another one. So the statement must be idempotent:
        a read, or a write that can be repeated.
        """
        try:
            return await self._execute(statement, values)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise problem_of(error) or error from error
        try:
            return await self._execute(statement, values)
        except DBAPIError as error:
            raise problem_of(error) or error from error

    async def first(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """The first row, or None. See `execute`."""
        rows = await self.execute(statement, values)
        return rows[0] if rows else None

    async def check(self) -> None:
        """Readiness: raises a Problem if the database cannot be used. A service with a full pool is ready."""
        try:
            await self.execute(self._ready)
        except Problem as problem:
            if problem.reason != BUSY:
                raise

    async def _execute(self, statement: Executable, values: Mapping[str, Any] | None) -> Sequence[Row[Any]]:
        async with self._connection() as connection:
            try:
                return (await connection.execute(statement, values)).all()
            except TimeoutError as error:
                # This is asyncpg's own limit. The server should have ended the statement before, so it hangs.
                self._mark_unavailable(error)
                raise not_in_time() from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection of the pool. Raises a Problem if there is none."""
        if not self.available:
            raise self._unavailable_problem()
        pool, connection = self.engine.pool, self.engine.connect()
        try:
            await self._start(connection)
        except PoolTimeout:
            raise (pool_exhausted() if self.available else self._unavailable_problem()) from None
        except Exception as error:  # not only DBAPIError: SQLAlchemy's first queries raise asyncpg's own errors
            raise self._not_connected(error) from error
        try:
            yield connection
        finally:
            if pool is not self.engine.pool:
                # After the database was lost, the engine has a new pool. The old pool must not keep this connection.
                await connection.invalidate()
            await connection.close()

    async def _start(self, connection: AsyncConnection) -> None:
        """Wait for a connection of the pool. Raises a TimeoutError as soon as the database counts as unavailable."""
        async with asyncio.timeout(None) as wait:
            self._waits.add(wait)
            try:
                await connection.start()
            finally:
                self._waits.discard(wait)

    def _count_opened(self, *_: object) -> None:
        self._open_connections += 1

    def _count_closed(self, *_: object) -> None:
        self._open_connections -= 1

    def _not_connected(self, error: Exception) -> Problem:
        """The Problem for a failed connect. If no other connection is open, the database counts as unavailable."""
        if self._open_connections <= 0 and not overloaded(error):
            self._mark_unavailable(error)
        return connect_problem(error)

    def _mark_unavailable(self, error: Exception) -> None:
        """Make every call fail at once from now on, and start the task that tries to connect again."""
        if self.available:
            log.warning("database_away", error=type(error).__name__)
            self._unavailable_problem = partial(connect_problem, error)
            # End the waits for a connection. The pool would not wake these calls before their acquire timeout.
            while self._waits:
                self._waits.pop().reschedule(0)
            # An empty context, because the task does not belong to the current request.
            self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect(), context=Context())

    async def _reconnect(self) -> None:
        lost_at = monotonic()
        # Close the idle connections to the lost server.
        await self.engine.dispose()
        while True:
            # Ignore every kind of error and try again. Another program may answer at this address meanwhile.
            with suppress(Exception):
                async with self.engine.connect():
                    break
            await asyncio.sleep(RECONNECT_S)
        self._reconnecting = None
        log.warning("database_back", after_s=round(monotonic() - lost_at, 3))
