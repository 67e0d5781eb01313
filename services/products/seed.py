"""Fills the catalogue: `python -m services.products.seed`. A second run adds only what is missing."""

import asyncio
from collections.abc import Iterator

import asyncpg

from services.products import catalogue
from services.products.settings import SeedSettings

_BATCH = 20_000

_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'products' AND tablename = 'product' AND indexname <> 'product_pkey'
"""

# Every word of the catalogue, and the number of products with it. Misspelt words of a search are corrected with them.
_COUNT_WORDS = """
INSERT INTO products.word
SELECT word, ndoc FROM ts_stat($$
    SELECT to_tsvector('simple', concat_ws(' ', name, category, description)) FROM products.product
$$)
WHERE word ~ '^[[:alpha:]]{3,}$'
"""


async def seed(database_url: str, count: int) -> int:
    """Add products until the catalogue has `count`. Returns how many were added."""
    connection = await asyncpg.connect(database_url, server_settings={"statement_timeout": "0"})
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE products.product IN SHARE ROW EXCLUSIVE MODE")
            existing: int = await connection.fetchval("SELECT coalesce(max(id), 0) FROM products.product")
            if existing < count:
                await _add(connection, existing, count)
        await connection.execute("VACUUM ANALYZE products.product, products.word")
        return max(0, count - existing)
    finally:
        await connection.close()


async def _add(connection: asyncpg.Connection, existing: int, count: int) -> None:
    """Add products. If most are new, drop the indexes first and create them again afterwards, which is faster."""
    indexes = await connection.fetch(_INDEXES) if count > 2 * existing else []
    for index in indexes:
        await connection.execute(f"DROP INDEX products.{index['indexname']}")
    for first, last in _batches(existing + 1, count):
        await connection.copy_records_to_table(
            "product",
            schema_name="products",
            columns=catalogue.Product._fields,
            records=catalogue.products(first, last),
        )
    for index in indexes:
        await connection.execute(index["indexdef"])
    await connection.execute("TRUNCATE products.word")
    await connection.execute(_COUNT_WORDS)


def _batches(first: int, last: int) -> Iterator[tuple[int, int]]:
    for start in range(first, last + 1, _BATCH):
        yield start, min(start + _BATCH - 1, last)


if __name__ == "__main__":
    settings = SeedSettings.load()
    added = asyncio.run(seed(settings.database_url, settings.products_count))
    print(f"products: {added} added, {settings.products_count} wanted")
