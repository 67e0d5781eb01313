"""Adds orders if there are none: `python -m services.orders.seed`."""

import asyncio

import asyncpg

from services.orders import history
from services.orders.settings import SeedSettings

_LOCK = 'LOCK TABLE orders."order" IN SHARE ROW EXCLUSIVE MODE'
_ANY = 'SELECT EXISTS (SELECT FROM orders."order")'
_CUSTOMERS = "SELECT id FROM orders.customer ORDER BY id"
_PRICES = "SELECT product_id, unit_price_cents, currency FROM orders.price_list ORDER BY product_id LIMIT $1"
_NUMBER_ON = """SELECT setval(pg_get_serial_sequence('orders."order"', 'id'), max(id)) FROM orders."order\""""
_BEST_SELLERS = 10_000


async def seed(connection: asyncpg.Connection, count: int) -> int:
    """Add `count` orders if there are none, in one transaction; returns how many were added."""
    if await connection.fetchval(_ANY):
        return 0
    async with connection.transaction():
        # Without the lock, two seeds at the same time would both add orders.
        await connection.execute(_LOCK)
        customers = [row["id"] for row in await connection.fetch(_CUSTOMERS)]
        prices = [tuple(row) for row in await connection.fetch(_PRICES, _BEST_SELLERS)]
        if await connection.fetchval(_ANY) or not (count and customers and prices):
            return 0
        orders, lines = history.generate(count, customers, prices)
        for table, columns, rows in (
            ("order", history.ORDER_COLUMNS, orders),
            ("order_line", history.LINE_COLUMNS, lines),
        ):
            await connection.copy_records_to_table(table, schema_name="orders", columns=columns, records=rows)
        await connection.execute(_NUMBER_ON)
        await connection.execute('ANALYZE orders."order", orders.order_line')
    return count


async def main() -> None:
    """Seed the database that the environment names."""
    settings = SeedSettings.load()
    connection = await asyncpg.connect(settings.database_url, timeout=10)
    try:
        added = await seed(connection, settings.orders_count)
    finally:
        await connection.close()
    print(f"orders: {added} added")


if __name__ == "__main__":
    asyncio.run(main())
