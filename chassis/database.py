"""A database that may be away: the service starts without it, says so while it is gone, and recovers by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg

from chassis.problems import Problem
from chassis.settings import DatabaseSettings

_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)


class Database:
    """A small pool of connections that never raises anything but a 503 problem when PostgreSQL is the cause."""

    def __init__(self, settings: DatabaseSettings, *, ready_query: str = "SELECT 1") -> None:
        self._settings = settings
        self._ready_query = ready_query
        self._pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Open the pool (without connecting: `min_size=0`) and close it at the end."""
        self._pool = asyncpg.create_pool(
            self._settings.database_url,
            min_size=0,
            max_size=self._settings.database_pool_size,
            max_inactive_connection_lifetime=0,
            timeout=self._settings.database_connect_timeout_s,
            command_timeout=self._settings.database_query_timeout_s,
            reset=_keep_session,
        )
        async with asyncio.timeout(5):
            await self._pool
        try:
            yield
        finally:
            self._pool.terminate()

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None."""
        with _database_errors():
            async with self._acquire() as connection:
                return await connection.fetchrow(query, *args)

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """All rows."""
        with _database_errors():
            async with self._acquire() as connection:
                return await connection.fetch(query, *args)

    async def transaction(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        """Run `work(connection)` in one transaction; it is committed before this returns."""
        with _database_errors():
            async with self._acquire() as connection, connection.transaction():
                return await work(connection)

    async def check(self) -> None:
        """Readiness: raises when the database cannot answer for this service."""
        await self.fetchrow(self._ready_query)

    def _acquire(self) -> Any:
        if self._pool is None:
            raise OSError("the pool is not open")
        return self._pool.acquire(timeout=self._settings.database_acquire_timeout_s)


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Every statement stands alone or in a transaction: there is no session state to reset on release."""


@contextmanager
def _database_errors() -> Iterator[None]:
    try:
        yield
    except (TimeoutError, asyncpg.QueryCanceledError):
        raise _problem(504, "The database did not answer in time.", "timeout") from None
    except _AWAY:
        raise _problem(503, "The database cannot be reached.", "unreachable") from None


def _problem(status: int, detail: str, reason: str) -> Problem:
    return Problem(status, detail, dependency="postgres", reason=reason, retry_after_s=1)
