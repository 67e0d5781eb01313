"""The generated past of the shop."""

from collections.abc import Sequence

import asyncpg

from services.orders import history
from services.orders.seed import seed
from tests.services.database import ShopDatabase
from tests.services.orders.conftest import Orders, body


async def _seed(database: ShopDatabase, count: int) -> int:
    connection = await asyncpg.connect(database.url("orders"))
    try:
        return await seed(connection, count)
    finally:
        await connection.close()


async def test_an_empty_shop_gets_a_past_and_a_second_run_adds_nothing(empty_shop: ShopDatabase) -> None:
    assert await _seed(empty_shop, 500) == 500
    assert await _seed(empty_shop, 500) == 0
    assert await _seed(empty_shop, 600) == 0
    assert tuple((await empty_shop.execute('SELECT count(*), max(id) FROM orders."order"'))[0]) == (500, 500)


async def test_a_shop_without_customers_or_prices_gets_none(empty_shop: ShopDatabase) -> None:
    await empty_shop.execute("DELETE FROM orders.price_list")
    assert await _seed(empty_shop, 500) == 0


async def test_a_new_order_follows_the_generated_ones(orders: Orders) -> None:
    await _seed(orders.database, 500)
    placed = (await orders.post(body())).json()
    newest = (await orders.http.get("/orders?customer_id=1&limit=1")).json()["orders"]
    assert newest == [placed]
    assert placed["id"] == 501


def test_the_past_is_the_same_every_time_and_has_one_currency_an_order() -> None:
    prices: Sequence[history.Price] = [(n, n, "EUR" if n % 2 else "USD") for n in range(1, 50)]
    orders, lines = history.generate(300, range(1, 20), prices)
    assert (orders, lines) == history.generate(300, range(1, 20), prices)
    currencies = {order[0]: order[4] for order in orders}
    assert all(currencies[line[0]] == ("EUR" if int(str(line[2])) % 2 else "USD") for line in lines)
    assert {line[0] for line in lines} == set(range(1, 301))
