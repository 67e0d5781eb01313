"""SQLAlchemy's async engine over asyncpg: its pool, its time limits, and how a connection closes."""

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.settings import DatabaseSettings

# The server itself ends a slow query. If a query takes longer than the limit plus this time, the server hangs.
GRACE_S = 0.15
# The longest time for closing a connection.
CLOSE_TIMEOUT_S = 0.03
# The search has 129 different statements. SQLAlchemy's default of 100 would prepare some of them repeatedly.
PREPARED_STATEMENTS = 256


class _Connection(asyncpg.Connection):
    """Closes quickly, even if the server hangs. SQLAlchemy waits up to 2 s, and without limit for idle connections.

    It does not close at once after a cancelled call, because asyncpg first ends the statement on the server.
    """

    async def close(self, *, timeout: float | None = None) -> None:
        if timeout is None:
            self.terminate()
        else:
            await super().close(timeout=CLOSE_TIMEOUT_S)


def open_engine(settings: DatabaseSettings) -> AsyncEngine:
    """An engine, which connects at its first use. Every wait has a limit from the settings."""
    return create_async_engine(
        make_url(settings.database_url).set(drivername="postgresql+asyncpg"),
        # Each statement is a transaction, so BEGIN and COMMIT are not sent. That saves two round trips.
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_acquire_timeout_s,
        # The connection that was used last is most likely still open.
        pool_use_lifo=True,
        connect_args={
            "connection_class": _Connection,
            "timeout": settings.database_connect_timeout_s,
            "command_timeout": settings.database_query_timeout_s + GRACE_S,
            "prepared_statement_cache_size": PREPARED_STATEMENTS,
            "server_settings": {
                "statement_timeout": str(round(settings.database_query_timeout_s * 1000)),
                # Queries take a few milliseconds. JIT compilation would take longer.
                "jit": "off",
                # Otherwise planning would take a third of the search's time. One plan fits all values of a statement.
                "plan_cache_mode": "force_generic_plan",
                "timezone": "UTC",
            },
        },
    )
