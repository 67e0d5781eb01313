"""Realistic old orders from a fixed seed: some customers order often, and the best sellers are ordered most."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

Price = tuple[int, int, str]
"""Product id, unit price in cents, currency."""

ORDER_COLUMNS = ("id", "idempotency_key", "fingerprint", "customer_id", "currency", "total_cents", "created_at")
LINE_COLUMNS = ("order_id", "line_number", "product_id", "quantity", "unit_price_cents")

_SEED = 20_261_124
_NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
_SPAN = timedelta(days=365)
_LINES = ((1, 2, 3, 4, 5, 6), (45, 25, 14, 8, 5, 3))
_QUANTITIES = ((1, 2, 3, 4, 6, 12), (70, 16, 6, 4, 3, 1))


def generate(
    count: int, customers: Sequence[int], prices: Sequence[Price]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """`count` orders with ids from 1, oldest first, and their lines: rows as in ORDER_COLUMNS and LINE_COLUMNS."""
    draw = Random(_SEED)
    moments = sorted(_NEWEST - _SPAN * draw.random() for _ in range(count))
    orders: list[tuple[object, ...]] = []
    lines: list[tuple[object, ...]] = []
    for order_id, moment in enumerate(moments, start=1):
        basket = _basket(draw, prices)
        total = 0
        for number, (product_id, unit_price_cents, _) in enumerate(basket, start=1):
            quantity = draw.choices(*_QUANTITIES)[0]
            lines.append((order_id, number, product_id, quantity, unit_price_cents))
            total += quantity * unit_price_cents
        key = f"seed:{order_id}"
        fingerprint = hashlib.sha256(key.encode()).digest()
        customer = customers[_early(draw, len(customers))]
        orders.append((order_id, key, fingerprint, customer, basket[0][2], total, moment))
    return orders, lines


def _basket(draw: Random, prices: Sequence[Price]) -> list[Price]:
    """Different products in one currency, at least one."""
    chosen = [prices[_early(draw, len(prices))] for _ in range(draw.choices(*_LINES)[0])]
    currency = chosen[0][2]
    return list({price[0]: price for price in chosen if price[2] == currency}.values())


def _early(draw: Random, length: int) -> int:
    """An index that is small more often than large: product 1 sells best."""
    return int(length * draw.random() ** 2)
