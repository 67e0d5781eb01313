"""python -m services.migrate: the one-shot job that prepares the database. It can be run again at any time."""

import asyncio

import asyncpg
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_delay, wait_fixed

from services.migrate import job
from services.migrate.settings import MigrateSettings

_NOT_YET = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def migrate(settings: MigrateSettings) -> None:
    """Wait for the database, then create or update everything that the services need in it."""
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
    """A connection. If PostgreSQL does not answer yet, tries again for `wait_s`."""
    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_NOT_YET), wait=wait_fixed(0.25), stop=stop_after_delay(wait_s)
    )
    try:
        return await retrying(asyncpg.connect, url, timeout=5)
    except RetryError as error:
        last = error.last_attempt.exception()
        raise SystemExit(f"PostgreSQL did not answer within {wait_s:g} s: {last}") from None


if __name__ == "__main__":
    asyncio.run(migrate(MigrateSettings.load()))
