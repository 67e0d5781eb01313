"""The libraries that the project is there to teach are those that serve its requests: their code runs while it does."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import httpx

from services.orders.app import build as orders
from services.orders.settings import OrdersSettings
from services.products.app import build as products
from services.products.settings import ProductsSettings
from tests.chassis.postgres import PATIENT
from tests.chassis.upstream import answer, in_turn, reset
from tests.services.database import ShopDatabase
from tests.services.gateway.conftest import OpenGateway, open_gateway, serving  # noqa: F401 - a fixture

SERVED_BY = {"uvicorn", "fastapi", "pydantic", "prometheus_client"}
QUERIED_BY = {"sqlalchemy", "asyncpg"}
ORDER = {"customer_id": 1, "lines": [{"product_id": 1, "quantity": 2}]}


@contextmanager
def packages_at_work() -> Iterator[set[str]]:
    """The packages whose Python code runs in this thread until the end of the block."""
    found: set[str] = set()

    def note(frame: FrameType, _: str, __: object) -> None:
        found.add(str(frame.f_globals.get("__name__", "")).partition(".")[0])

    assert threading.current_thread() is threading.main_thread()
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(None)


async def test_a_search_goes_through_sqlalchemy_and_asyncpg(database: ShopDatabase) -> None:
    settings = {"database_url": database.url("products"), "replica": "products-1", **PATIENT}
    async with serving(products(ProductsSettings.model_validate(settings))) as url, httpx.AsyncClient() as client:
        with packages_at_work() as packages:
            assert (await client.get(f"{url}/products/search?q=lamp")).status_code == 200
            assert (await client.get(f"{url}/products/999999999")).status_code == 404
    assert packages >= SERVED_BY | QUERIED_BY


async def test_an_order_goes_through_sqlalchemy_and_asyncpg(database: ShopDatabase) -> None:
    settings = {"database_url": database.url("orders"), "replica": "orders-1", **PATIENT}
    async with serving(orders(OrdersSettings.model_validate(settings))) as url, httpx.AsyncClient() as client:
        with packages_at_work() as packages:
            answered = await client.post(f"{url}/orders", json=ORDER, headers={"Idempotency-Key": "card"})
    assert answered.status_code in (201, 422)
    assert packages >= SERVED_BY | QUERIED_BY


async def test_a_call_of_the_gateway_goes_through_httpx_and_its_retry_through_tenacity(
    open_gateway: OpenGateway,  # noqa: F811 - the fixture
) -> None:
    gateway = await open_gateway()
    gateway.customers.behave = in_turn(reset, answer(200))
    with packages_at_work() as packages:
        assert (await gateway.get("/api/customers/7")).status == 200
    assert packages >= SERVED_BY | {"httpx", "httpx_aiohttp", "tenacity"}
    assert len(gateway.customers.received) == 2
