"""GET /orders/{id} and GET /orders?customer_id=."""

from datetime import datetime, timedelta

import pytest
from services.orders.model import MAX_ID

from tests.services.orders.conftest import Orders, body

PROBLEM = "application/problem+json"


async def test_an_order_that_is_not_there_is_a_404_problem(orders: Orders) -> None:
    answer = await orders.http.get(f"/orders/{MAX_ID}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize("wrong", ["0", "-1", str(2**63), "9" * 5000, "1.5", "1e3", "abc", "%F0%9F%9B%92", "1'--"])
async def test_an_id_that_is_none_is_a_422_problem(orders: Orders, wrong: str) -> None:
    answer = await orders.http.get(f"/orders/{wrong}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)


async def test_pages_show_every_order_of_the_customer_once_newest_first(orders: Orders) -> None:
    placed = [(await orders.post(body(1 + number % 2, [(1 + number, 1)]))).json() for number in range(9)]
    seen, cursor = [], None
    for _ in range(3):
        params = {"customer_id": "1", "limit": "2"} | ({} if cursor is None else {"cursor": cursor})
        page = (await orders.http.get("/orders", params=params)).json()
        seen += page["orders"]
        cursor = page["next_cursor"]
    assert seen == placed[::-2]
    assert cursor is None


async def test_an_order_placed_while_paging_moves_nothing(orders: Orders) -> None:
    placed = [(await orders.post()).json() for _ in range(4)]
    first = (await orders.http.get("/orders?customer_id=1&limit=2")).json()
    await orders.post()
    second = (await orders.http.get(f"/orders?customer_id=1&limit=2&cursor={first['next_cursor']}")).json()
    assert [*first["orders"], *second["orders"]] == placed[::-1]


async def test_a_full_last_page_says_that_it_is_the_last(orders: Orders) -> None:
    for _ in range(2):
        await orders.post()
    assert (await orders.http.get("/orders?customer_id=1&limit=2")).json()["next_cursor"] is None


@pytest.mark.parametrize("customer_id", [3, 4, MAX_ID])
async def test_a_customer_without_orders_has_an_empty_list_known_or_not(orders: Orders, customer_id: int) -> None:
    answer = await orders.http.get("/orders", params={"customer_id": customer_id})
    assert (answer.status_code, answer.json()) == (200, {"orders": [], "next_cursor": None})


@pytest.mark.parametrize("cursor", ["", "0", "01", "-1", "1 ", "x", "١", "1\n", "9" * 20, "9" * 5000, "1;drop"])
async def test_a_forged_cursor_is_a_400_problem(orders: Orders, cursor: str) -> None:
    answer = await orders.http.get("/orders", params={"customer_id": 1, "cursor": cursor})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)


@pytest.mark.parametrize(
    "query", ["", "customer_id=", "customer_id=0", f"customer_id={MAX_ID + 1}", "customer_id=1&limit=0"]
)
async def test_a_query_that_is_none_is_a_422_problem(orders: Orders, query: str) -> None:
    answer = await orders.http.get(f"/orders?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, PROBLEM)


async def test_the_time_is_utc_whatever_the_role_was_given(orders: Orders) -> None:
    await orders.database.execute("ALTER ROLE orders SET timezone = 'Asia/Kolkata'")
    try:
        order = (await orders.post()).json()
        stored = (await orders.database.execute('SELECT created_at FROM orders."order"'))[0][0]
        assert datetime.fromisoformat(order["created_at"]) == stored
        assert datetime.fromisoformat(order["created_at"]).utcoffset() == timedelta(0)
    finally:
        await orders.database.execute("ALTER ROLE orders RESET timezone")
