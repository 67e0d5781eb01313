"""Adds the customers: `python -m services.customers.seed`. A second run adds only those that are missing."""

import asyncio

import asyncpg

from services.customers.people import COLUMNS, people
from services.customers.settings import SeedSettings

_LOCK = "LOCK TABLE customers.customer IN SHARE ROW EXCLUSIVE MODE"
_MISSING = "SELECT generate_series(1, $1::bigint) AS id EXCEPT SELECT id FROM customers.customer ORDER BY id"
_NUMBER_ON = "SELECT setval(pg_get_serial_sequence('customers.customer', 'id'), max(id)) FROM customers.customer"


async def seed(connection: asyncpg.Connection, count: int) -> int:
    """Add the missing people of the ids 1 to `count`, in one transaction. Returns how many were added."""
    async with connection.transaction():
        # Without the lock, two seeds at the same time would add the same people.
        await connection.execute(_LOCK)
        missing = [row["id"] for row in await connection.fetch(_MISSING, count)]
        if missing:
            await connection.copy_records_to_table(
                "customer", schema_name="customers", columns=COLUMNS, records=people(missing)
            )
            await connection.execute(_NUMBER_ON)
            await connection.execute("ANALYZE customers.customer")
    return len(missing)


async def main() -> None:
    """Seed the database that the environment names."""
    settings = SeedSettings.load()
    connection = await asyncpg.connect(settings.database_url, timeout=10)
    try:
        added = await seed(connection, settings.customers_count)
    finally:
        await connection.close()
    print(f"customers: {added} added")


if __name__ == "__main__":
    asyncio.run(main())
