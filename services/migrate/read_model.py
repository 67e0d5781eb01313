"""The read model of Orders: prices and customer ids, so that Orders works while Products and Customers are down.

Each table is read or written with the role of its service. A superuser must not do this, because the triggers and
functions of a service would then run with all rights.
"""

import asyncpg

_BATCH = 50_000

_PRICES = "SELECT id, price_cents, currency FROM products.product ORDER BY id"
_KEEP_PRICES = """
INSERT INTO orders.price_list (product_id, unit_price_cents, currency)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[])
ON CONFLICT (product_id) DO UPDATE
SET unit_price_cents = excluded.unit_price_cents, currency = excluded.currency
WHERE (price_list.unit_price_cents, price_list.currency) IS DISTINCT FROM
    (excluded.unit_price_cents, excluded.currency)
"""
_CUSTOMERS = "SELECT id FROM customers.customer ORDER BY id"
_KEEP_CUSTOMERS = "INSERT INTO orders.customer (id) SELECT * FROM unnest($1::bigint[]) ON CONFLICT DO NOTHING"


async def copy(products_url: str, customers_url: str, orders_url: str) -> None:
    """Bring Orders' price list and customers up to date."""
    await _copy(products_url, _PRICES, orders_url, _KEEP_PRICES)
    await _copy(customers_url, _CUSTOMERS, orders_url, _KEEP_CUSTOMERS)


async def _copy(from_url: str, query: str, to_url: str, keep: str) -> None:
    source = await asyncpg.connect(from_url)
    try:
        target = await asyncpg.connect(to_url)
        try:
            async with source.transaction(readonly=True):
                rows = await source.cursor(query)
                while batch := await rows.fetch(_BATCH):
                    await target.execute(keep, *(list(column) for column in zip(*batch, strict=True)))
            await target.execute("ANALYZE orders.price_list, orders.customer")
        finally:
            await target.close()
    finally:
        await source.close()
