"""The one-shot job that prepares the database: roles and schemas, migrations, seeds. It can be run again at any time.

It reads every service's folder but imports none: migrations are found by path, a seed is run as a process of its own,
with the service's own role.
"""

import asyncio
import sys
from pathlib import Path
from time import monotonic

import asyncpg

from chassis import migrations
from services.migrate import roles
from services.migrate.settings import MigrateSettings, environment_for

_SERVICES = Path(__file__).parents[1]
_RETRY_S = 0.25
# One migrate job at a time; the number only has to be the same for all of them.
_LOCK = 0x0AF10A7

# Orders keeps what it needs of the others' data: it takes an order while Products and Customers are down.
_READ_MODEL = (
    "INSERT INTO orders.price_list (product_id, unit_price_cents, currency)"
    " SELECT id, price_cents, currency FROM products.product ON CONFLICT (product_id) DO UPDATE"
    " SET unit_price_cents = excluded.unit_price_cents, currency = excluded.currency"
    " WHERE price_list.unit_price_cents <> excluded.unit_price_cents OR price_list.currency <> excluded.currency",
    "INSERT INTO orders.customer (id) SELECT id FROM customers.customer ON CONFLICT DO NOTHING",
    "ANALYZE orders.price_list, orders.customer",
)


async def migrate(settings: MigrateSettings) -> None:
    """Bring the database to where the services expect it."""
    urls = {
        "products": settings.products_database_url,
        "customers": settings.customers_database_url,
        "orders": settings.orders_database_url,
    }
    admin = await _connect(settings.admin_database_url, settings.wait_for_database_s)
    try:
        await admin.fetchval("SELECT pg_advisory_lock($1)", _LOCK)
        await admin.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
        for service, url in urls.items():
            await roles.prepare(admin, service, url)
            await migrations.upgrade(url, service, _SERVICES / service / "migrations")
        await _seed("products", urls)
        await _seed("customers", urls)
        for statement in _READ_MODEL:
            await admin.execute(statement)
        await _seed("orders", urls)
    finally:
        await admin.close()


async def _connect(url: str, wait_s: float) -> asyncpg.Connection:
    give_up_at = monotonic() + wait_s
    while True:
        try:
            return await asyncpg.connect(url, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError) as error:
            if monotonic() > give_up_at:
                raise SystemExit(f"PostgreSQL did not answer within {wait_s:.0f} s: {error}") from None
            await asyncio.sleep(_RETRY_S)


async def _seed(service: str, urls: dict[str, str]) -> None:
    command = [sys.executable, "-m", f"services.{service}.seed"]
    process = await asyncio.create_subprocess_exec(*command, env=environment_for(urls[service]))
    if await process.wait():
        raise SystemExit(f"The seed of {service} failed; what it printed says why.")


if __name__ == "__main__":
    asyncio.run(migrate(MigrateSettings.load()))
