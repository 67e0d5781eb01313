"""An audit of a shop whose sins are known."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from lab.orders import OrderBook

BODY = json.dumps({"customer_id": 7, "lines": []})


class Shop:
    """Takes an order for a key once, unless it is to take it twice or never."""

    def __init__(self) -> None:
        self.orders: list[str] = []
        self.never: set[str] = set()

    def place(self, key: str) -> int:
        self.orders.append(key)
        return len(self.orders)

    async def post(self, request: web.Request) -> web.Response:
        key = request.headers["Idempotency-Key"]
        if key in self.never:
            return web.Response(status=503)
        known = key in self.orders
        number = self.orders.index(key) + 1 if known else self.place(key)
        headers = {"Idempotency-Replayed": "true"} if known else {}
        return web.json_response({"id": number}, status=201, headers=headers)

    async def list(self, request: web.Request) -> web.Response:
        own = self.orders if request.query["customer_id"] == "7" else []
        return web.json_response({"orders": own, "next_cursor": None})


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
async def book(shop: Shop) -> AsyncIterator[OrderBook]:
    application = web.Application()
    application.add_routes([web.post("/api/orders", shop.post), web.get("/api/orders", shop.list)])
    async with TestServer(application) as server:
        shop.place("before")
        book = OrderBook(str(server.make_url("/")), tries=1)
        await book.open()
        yield book


async def test_each_key_has_one_order(shop: Shop, book: OrderBook) -> None:
    book.note("answered", BODY, shop.place("answered"))
    shop.place("unanswered")
    book.note("unanswered", BODY, None)
    book.note("never arrived", BODY, None)
    assert await book.audit() == {"orders_accepted": 1, "orders_lost": 0, "orders_doubled": 0}


async def test_what_was_accepted_and_is_placed_anew_was_lost(book: OrderBook) -> None:
    book.note("lost", BODY, 77)
    assert await book.audit() == {"orders_accepted": 1, "orders_lost": 1, "orders_doubled": 0}


async def test_a_key_that_could_not_be_placed_does_not_make_up_for_one_with_two_orders(
    shop: Shop, book: OrderBook
) -> None:
    shop.place("twice")
    book.note("twice", BODY, shop.place("twice"))
    shop.never.add("never")
    book.note("never", BODY, None)
    assert await book.audit() == {"orders_accepted": 1, "orders_lost": 0, "orders_doubled": 1}
