"""PostgreSQL through SQLAlchemy's async engine, for a database that may be away.

A service starts without its database, answers 503 at once while the database is away, and recovers by itself. The
database counts as away after a connect that fails while no other connection is open, or after a query that outlasts
the server's own limit: then every call fails at once, and one task looks for the database several times a second.
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

LOOK_AGAIN_S = 0.25

_SELECT_ONE = text("SELECT 1")

log = structlog.get_logger("chassis")


class Database:
    """One engine, and whether its database is there.

    Statements are SQLAlchemy's. A failure of the database is raised as a Problem: 503 if it cannot be reached, 504 if
    it is too slow, 429 if every connection is in use, 422 if it refuses a value. Other errors are bugs of the service.
    """

    def __init__(self, settings: DatabaseSettings, *, ready: Executable = _SELECT_ONE) -> None:
        self.engine = open_engine(settings)
        self.pool_size = settings.database_pool_size
        self._ready = ready
        self._looking: asyncio.Task[None] | None = None
        self._why_away: Callable[[], Problem] = unreachable
        self._open = 0
        event.listen(self.engine.sync_engine, "connect", self._count_opened)
        event.listen(self.engine.sync_engine, "close", self._count_closed)

    @property
    def available(self) -> bool:
        """False from the moment when the database is found away until it is found again."""
        return self._looking is None

    @property
    def free_connections(self) -> int:
        """How many more calls could start now without a wait."""
        return max(0, self.pool_size - self._pool.checkedout())

    @property
    def _pool(self) -> QueuePool:
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Connects nothing: the first call does. At the end every connection is closed."""
        try:
            yield
        finally:
            if self._looking is not None:
                self._looking.cancel()
                await asyncio.wait([self._looking])
            await self.engine.dispose()

    async def execute(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        """All rows that the statement returns; raises a Problem as the class says.

        If the connection turns out to be dead, the statement is sent once more on another one. So it must be a read, or
        a write that does no harm when it is done twice.
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
        """Readiness: raises a Problem while the database cannot answer for this service. To be busy is to be ready."""
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
                # asyncpg's own limit: the server did not even say that it ended the statement.
                self._lose(error)
                raise not_in_time() from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection of the pool; a Problem if there is none."""
        if not self.available:
            raise self._why_away()
        pool, connection = self.engine.pool, self.engine.connect()
        try:
            await connection.start()
        except PoolTimeout:
            raise (pool_exhausted() if self.available else self._why_away()) from None
        except Exception as error:  # of many kinds: SQLAlchemy's own first queries fail in asyncpg's words
            raise self._not_connected(error) from error
        try:
            yield connection
        finally:
            if pool is not self.engine.pool:
                # The database was lost meanwhile, and this pool with it: the connection would idle there for ever.
                await connection.invalidate()
            await connection.close()

    def _count_opened(self, *_: object) -> None:
        self._open += 1

    def _count_closed(self, *_: object) -> None:
        self._open -= 1

    def _not_connected(self, error: Exception) -> Problem:
        """A new connection failed. While others are open, the calls on them show whether the server is there."""
        if self._open <= 0 and not overloaded(error):
            self._lose(error)
        return connect_problem(error)

    def _lose(self, error: Exception) -> None:
        """The database is away: from now on every call gets a Problem at once, and one task looks for the database."""
        if self.available:
            log.warning("database_away", error=type(error).__name__)
            self._why_away = partial(connect_problem, error)
            # Not in the context of the request that noticed it: the task belongs to no request.
            self._looking = asyncio.get_running_loop().create_task(self._look(), context=Context())

    async def _look(self) -> None:
        lost_at = monotonic()
        # The idle connections belong to the server that was lost.
        await self.engine.dispose()
        while True:
            # Any error: something else may answer at the address, and the search must go on.
            with suppress(Exception):
                async with self.engine.connect():
                    break
            await asyncio.sleep(LOOK_AGAIN_S)
        self._looking = None
        log.warning("database_back", after_s=round(monotonic() - lost_at, 3))
