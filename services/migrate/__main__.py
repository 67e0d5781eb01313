"""python -m services.migrate: the one-shot job that prepares the database. It can be run again at any time."""

import asyncio
from time import monotonic

import asyncpg

from services.migrate import job
from services.migrate.settings import MigrateSettings

_RETRY_S = 0.25
_NOT_YET = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def migrate(settings: MigrateSettings) -> None:
    """Bring the database to where the services expect it, as soon as it answers."""
    urls = {
        "products": settings.products_database_url,
        "customers": settings.customers_database_url,
        "orders": settings.orders_database_url,
    }
    admin = await _connect(settings.admin_database_url, settings.wait_for_database_s)
    try:
        await job.schemas(admin, urls)
        await job.data(urls)
    finally:
        await admin.close()


async def _connect(url: str, wait_s: float) -> asyncpg.Connection:
    give_up_at = monotonic() + wait_s
    while True:
        try:
            return await asyncpg.connect(url, timeout=5)
        except _NOT_YET as error:
            if monotonic() > give_up_at:
                raise SystemExit(f"PostgreSQL did not answer within {wait_s:g} s: {error}") from None
            await asyncio.sleep(_RETRY_S)


if __name__ == "__main__":
    asyncio.run(migrate(MigrateSettings.load()))
