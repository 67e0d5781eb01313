"""What the database itself refuses, whoever writes."""

import asyncpg
import pytest

from tests.services.database import ShopDatabase

_ORDER = """
INSERT INTO orders."order" (idempotency_key, fingerprint, customer_id, currency, total_cents)
VALUES ({key}, {fingerprint}, {customer}, {currency}, {total});
"""
_LINE = "INSERT INTO orders.order_line VALUES ({order}, {number}, {product}, {quantity}, {price});"
_GOOD = {
    "key": "'k'",
    "fingerprint": "sha256('')",
    "customer": "1",
    "currency": "'EUR'",
    "total": "600",
    "order": "1",
    "number": "1",
    "product": "3",
    "quantity": "2",
    "price": "300",
}


def _script(**changes: str) -> str:
    return (_ORDER + _LINE).format(**(_GOOD | changes))


async def test_a_good_order_is_taken(empty_shop: ShopDatabase) -> None:
    await empty_shop.run(_script(), role="orders")


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "''"},
        {"key": "repeat('a', 256)"},
        {"key": "'é'"},
        {"fingerprint": "'short'"},
        {"currency": "'eur'"},
        {"total": "-1"},
        {"total": "10630044052651", "price": "2147483647"},
        {"number": "0"},
        {"number": "51"},
        {"product": "0"},
        {"quantity": "0", "total": "0"},
        {"quantity": "100", "total": "30000"},
        {"price": "-300", "total": "0"},
        {"total": "601"},
    ],
)
async def test_a_value_out_of_range_is_refused(empty_shop: ShopDatabase, changes: dict[str, str]) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await empty_shop.run(_script(**changes), role="orders")


@pytest.mark.parametrize(
    "name", ["key", "fingerprint", "customer", "currency", "total", "product", "quantity", "price"]
)
async def test_nothing_may_be_missing(empty_shop: ShopDatabase, name: str) -> None:
    with pytest.raises(asyncpg.NotNullViolationError):
        await empty_shop.run(_script(**{name: "NULL"}), role="orders")


@pytest.mark.parametrize("changes", [{"customer": "4"}, {"order": "2"}])
async def test_an_unknown_customer_or_order_is_refused(empty_shop: ShopDatabase, changes: dict[str, str]) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await empty_shop.run(_script(**changes), role="orders")


@pytest.mark.parametrize(
    "second",
    [_ORDER.format(**_GOOD), _LINE.format(**_GOOD), _LINE.format(**(_GOOD | {"number": "2"}))],
    ids=["one key, two orders", "one line, twice", "one product, two lines"],
)
async def test_a_duplicate_is_refused(empty_shop: ShopDatabase, second: str) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await empty_shop.run(_script() + second, role="orders")


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE orders."order" SET total_cents = 601',
        "UPDATE orders.order_line SET quantity = 3",
        "DELETE FROM orders.order_line",
        "INSERT INTO orders.order_line VALUES (1, 2, 4, 1, 400)",
    ],
)
async def test_the_total_stays_the_sum_of_the_lines(empty_shop: ShopDatabase, change: str) -> None:
    await empty_shop.run(_script(), role="orders")
    with pytest.raises(asyncpg.CheckViolationError, match="not the sum of its lines"):
        await empty_shop.run(change, role="orders")


async def test_order_and_lines_may_change_together_in_one_transaction(empty_shop: ShopDatabase) -> None:
    await empty_shop.run(_script(), role="orders")
    await empty_shop.run(
        'UPDATE orders."order" SET total_cents = 1000; INSERT INTO orders.order_line VALUES (1, 2, 4, 1, 400);',
        role="orders",
    )
