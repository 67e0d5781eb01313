"""SQLAlchemy's async engine over asyncpg: its pool, its time limits, and how a connection closes."""

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis.settings import DatabaseSettings

# The server itself ends a slow query. If a query takes longer than the limit and this time, the server hangs.
GRACE_S = 0.15
# Longest that closing a connection may take.
GOODBYE_S = 0.03
# The search has 129 shapes, and SQLAlchemy's default of 100 would prepare some of them again and again.
PREPARED_STATEMENTS = 256


class _Connection(asyncpg.Connection):
    """Closes within a moment, also where the server hangs. SQLAlchemy's own limits are 2 s and, for idle ones, none.

    The moment is for a call that was cancelled: asyncpg ends its statement on the server first.
    """

    async def close(self, *, timeout: float | None = None) -> None:
        if timeout is None:
            self.terminate()
        else:
            await super().close(timeout=GOODBYE_S)


def open_engine(settings: DatabaseSettings) -> AsyncEngine:
    """An engine that connects nothing before its first use. No wait in it is longer than the settings allow."""
    return create_async_engine(
        make_url(settings.database_url).set(drivername="postgresql+asyncpg"),
        # Each statement is a transaction: BEGIN and COMMIT would be two more round trips.
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_acquire_timeout_s,
        # The connection that was used last is the one that is most likely alive.
        pool_use_lifo=True,
        connect_args={
            "connection_class": _Connection,
            "timeout": settings.database_connect_timeout_s,
            "command_timeout": settings.database_query_timeout_s + GRACE_S,
            "prepared_statement_cache_size": PREPARED_STATEMENTS,
            "server_settings": {
                "statement_timeout": str(round(settings.database_query_timeout_s * 1000)),
                # To compile a query of a few milliseconds takes longer than to run it.
                "jit": "off",
                # Planning would be a third of a search. The statements are written so that one plan fits all values.
                "plan_cache_mode": "force_generic_plan",
                "timezone": "UTC",
            },
        },
    )
