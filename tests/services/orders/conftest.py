"""The orders service on a real database that knows three customers and some products."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from services.orders.app import build
from services.orders.settings import OrdersSettings
from tests.chassis.postgres import PATIENT
from tests.services.database import ShopDatabase

CUSTOMERS = (1, 2, 3)
DOLLAR_PRODUCT = 500
MAX_PRICE_CENTS = 2**31 - 1

FILL = """
TRUNCATE orders."order", orders.order_line, orders.customer, orders.price_list RESTART IDENTITY;
INSERT INTO orders.customer VALUES (1), (2), (3);
INSERT INTO orders.price_list SELECT id, id * 100, 'EUR' FROM generate_series(1, 60) AS id;
INSERT INTO orders.price_list SELECT id, 2147483647, 'EUR' FROM generate_series(1001, 1050) AS id;
INSERT INTO orders.price_list VALUES (500, 100, 'USD');
"""


def body(customer_id: int = 1, lines: Iterable[tuple[int, int]] = ((1, 2), (7, 1))) -> dict[str, object]:
    """An order for (product, quantity) pairs."""
    return {
        "customer_id": customer_id,
        "lines": [{"product_id": product_id, "quantity": quantity} for product_id, quantity in lines],
    }


@dataclass(frozen=True)
class Orders:
    """The service as its clients see it, and the database below it."""

    http: httpx.AsyncClient
    database: ShopDatabase

    async def post(self, order: object = None, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key or str(uuid4())}
        return await self.http.post("/orders", json=body() if order is None else order, headers=headers)

    async def count(self, key: str | None = None) -> int:
        sql = 'SELECT count(*) FROM orders."order" WHERE idempotency_key = coalesce($1, idempotency_key)'
        return int((await self.database.execute(sql, key))[0][0])


@pytest.fixture
async def empty_shop(database: ShopDatabase) -> ShopDatabase:
    """Customers and prices, no orders."""
    await database.run(FILL)
    return database


@asynccontextmanager
async def orders_at(url: str, database: ShopDatabase) -> AsyncIterator[Orders]:
    """The service on the database at this URL."""
    app = build(OrdersSettings.model_validate({"database_url": url, "replica": "orders-1", **PATIENT}))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://orders") as client,
    ):
        yield Orders(client, database)


@pytest.fixture
async def orders(empty_shop: ShopDatabase) -> AsyncIterator[Orders]:
    async with orders_at(empty_shop.url("orders"), empty_shop) as service:
        yield service
