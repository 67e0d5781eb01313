"""What the migrate job does, each step safe to do again. It reads every service's folder but imports none."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from chassis import migrations
from services.migrate import roles
from services.migrate.settings import environment_for

_SERVICES = Path(__file__).parents[1]
_EXTENSIONS = ("pg_trgm", "fuzzystrmatch")
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


async def schemas(admin: asyncpg.Connection, urls: Mapping[str, str]) -> None:
    """A role, a schema and its tables for each service; `urls` says where the database is as each service's role."""
    await admin.fetchval("SELECT pg_advisory_lock($1)", _LOCK)
    for extension in _EXTENSIONS:
        await admin.execute(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA public")
    for service, url in urls.items():
        await roles.prepare(admin, service, url)
        await migrations.upgrade(url, service, _SERVICES / service / "migrations")


async def data(admin: asyncpg.Connection, urls: Mapping[str, str]) -> None:
    """Every service's seed, as a process of its own with the service's own role, and the read model of Orders."""
    await _seed("products", urls)
    await _seed("customers", urls)
    for statement in _READ_MODEL:
        await admin.execute(statement)
    await _seed("orders", urls)


async def _seed(service: str, urls: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", f"services.{service}.seed"]
    process = await asyncio.create_subprocess_exec(*command, env=environment_for(urls[service]))
    if await process.wait():
        raise SystemExit(f"The seed of {service} failed; what it printed says why.")
