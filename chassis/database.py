"""A database that may be away: the service starts without it, says so while it is gone, and recovers by itself.

One failure to connect while no connection is open, or one query that outlasts the server's own limit, is enough to call
the database away. From then on every call fails at once, without a wait, and one task looks several times a second
until it is back. While a connection is open, the calls on it show whether the server is there: a machine so busy that a
new one takes too long must not lose those that serve.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from functools import partial
from time import monotonic
from typing import NoReturn, TypeAlias, TypeVar

import asyncpg
import structlog

from chassis.database_errors import BUSY, connection_lost, exhausted, overloaded, problem_of, unreachable
from chassis.pool import Pool, PoolTimeout
from chassis.problems import Problem
from chassis.settings import DatabaseSettings

T = TypeVar("T")
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

LOOK_AGAIN_S = 0.25
# The server itself ends a slow query: only one that hangs lets it take longer than this beyond the limit.
GRACE_S = 0.15
# Longest that a connection may need to recover from a cancelled call before it is given up.
MEND_S = 0.5

log = structlog.get_logger("chassis")


class Database:
    """A few connections to PostgreSQL. A failure that it caused is a 503 or 504 problem, any other is the service's."""

    def __init__(self, settings: DatabaseSettings, *, ready_query: str = "SELECT 1") -> None:
        self._settings = settings
        self._ready_query = ready_query
        self._query_s = settings.database_query_timeout_s + GRACE_S
        self._pool: Pool[Connection] = Pool(
            self._connect, settings.database_pool_size, settings.database_acquire_timeout_s
        )
        self._why_away: Callable[[], Problem] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def available(self) -> bool:
        """False from the moment it was found away until it was found again."""
        return self._why_away is None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[Pool[Connection]]:
        """Opens the pool, which connects nothing: the first call does. At the end everything is closed."""
        try:
            yield self._pool
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._pool.close()

    async def fetchrow(self, query: str, *args: object) -> asyncpg.Record | None:
        """The first row, or None. Only for a statement that may run twice: see `fetch`."""
        return await self._run(lambda connection, time_s: connection.fetchrow(query, *args, timeout=time_s))

    async def fetch(self, query: str, *args: object) -> list[asyncpg.Record]:
        """All rows.

        If the connection turns out dead, the statement is sent once more on a new one: it must be a read, or a write
        that does no harm when it is done twice.
        """
        return await self._run(lambda connection, time_s: connection.fetch(query, *args, timeout=time_s))

    async def check(self) -> None:
        """Readiness: raises a problem when the database cannot answer for this service. To be busy is to be ready."""
        try:
            await self.fetchrow(self._ready_query)
        except Problem as problem:
            if problem.reason != BUSY:
                raise

    async def _run(self, call: Callable[[Connection, float], Awaitable[T]]) -> T:
        """Make the call, once more if the connection was dead."""
        ends_at = monotonic() + self._query_s
        connection = await self._take()
        try:
            result = await call(connection, self._query_s)
        except BaseException as error:
            left_s = ends_at - monotonic()
            if left_s <= 0 or not connection_lost(error, closed=connection.is_closed()):
                self._fail(connection, error)
        else:
            self._pool.give(connection)
            return result
        self._pool.discard(connection)
        # What ended this connection has likely ended the idle ones too.
        self._pool.drop_idle()
        connection = await self._take()
        try:
            result = await call(connection, left_s)
        except BaseException as error:
            self._fail(connection, error)
        self._pool.give(connection)
        return result

    async def _take(self) -> Connection:
        if self._why_away is not None:
            raise self._why_away()
        try:
            return await self._pool.take()
        except PoolTimeout:
            raise exhausted() from None

    def _fail(self, connection: Connection, error: BaseException) -> NoReturn:
        """Take back the connection after a failed call, and raise what the caller is to see."""
        closed = connection.is_closed()
        problem = problem_of(error, closed=closed)
        if closed:
            self._pool.discard(connection)
        elif isinstance(error, TimeoutError):
            # Whoever waits is turned away first: the slot would only lead him to a server that hangs.
            self._lose(error)
            self._pool.discard(connection)
        elif isinstance(error, asyncpg.PostgresError):
            self._pool.give(connection)
        else:
            self._in_background(self._mend(connection))
        if problem is None:
            raise error
        raise problem from error

    async def _mend(self, connection: Connection) -> None:
        """Wait until PostgreSQL has ended the cancelled statement."""
        try:
            await connection.execute("SELECT 1", timeout=MEND_S)
        except Exception:
            self._pool.discard(connection)
        except asyncio.CancelledError:
            self._pool.discard(connection)
            raise
        else:
            self._pool.give(connection)

    async def _connect(self) -> Connection:
        try:
            return await self._open()
        except Exception as error:  # of many families, when the server is not what it should be
            if overloaded(error):
                raise problem_of(error) or error from error
            if self._pool.open:
                log.warning("database_connection_failed", error=_described(error))
                raise _why(error) from error
            raise self._lose(error) from error

    async def _open(self) -> Connection:
        return await asyncpg.connect(
            self._settings.database_url,
            timeout=self._settings.database_connect_timeout_s,
            command_timeout=self._query_s,
            max_cached_statement_lifetime=0,
            server_settings={
                "statement_timeout": _ms(self._settings.database_query_timeout_s),
                # Compiling a query of some milliseconds takes longer than running it.
                "jit": "off",
                # Planning would be a third of a search; the statements are written so that one plan fits all arguments.
                "plan_cache_mode": "force_generic_plan",
                "timezone": "UTC",
            },
        )

    def _lose(self, error: Exception) -> Problem:
        """The database is away: everyone is told so at once, and one task looks for it."""

        if self._why_away is None:
            self._why_away = partial(_why, error)
            log.warning("database_away", error=_described(error))
            self._pool.drop_idle()
            self._pool.turn_away(self._why_away)
            self._in_background(self._look_again())
        return _why(error)

    async def _look_again(self) -> None:
        lost_at = monotonic()
        while True:
            with suppress(Exception):
                connection = await self._open()
                connection.terminate()
                break
            await asyncio.sleep(LOOK_AGAIN_S)
        self._why_away = None
        log.warning("database_back", after_s=round(monotonic() - lost_at, 3))

    def _in_background(self, work: Coroutine[None, None, None]) -> None:
        # Not in the context of the request that happened to notice: the work is nobody's.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _why(error: Exception) -> Problem:
    """What those are told who get no connection because of it."""
    known = None if isinstance(error, TimeoutError) else problem_of(error)
    return known or unreachable()


def _ms(seconds: float) -> str:
    return str(round(seconds * 1000))


def _described(error: Exception) -> str:
    """What happened, unless the text might repeat a part of the URL, and with it of the password."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, OSError | asyncpg.PostgresError) else name
