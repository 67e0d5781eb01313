"""The product search on a real database, with enough products to fill one shelf and start the next."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.products import catalogue
from services.products.app import build
from services.products.catalogue import Product
from services.products.seed import seed
from services.products.settings import ProductsSettings
from tests.chassis.postgres import PATIENT
from tests.services.database import ShopDatabase

PRODUCTS = 12_000


@pytest.fixture(scope="session")
def shop(database: ShopDatabase) -> ShopDatabase:
    """Products 1 to 12,000."""
    asyncio.run(seed(database.url("products"), PRODUCTS))
    return database


@pytest.fixture(scope="session")
def all_products() -> list[Product]:
    """What the database holds, from the generator itself."""
    return list(catalogue.products(1, PRODUCTS))


@pytest.fixture
async def http(shop: ShopDatabase) -> AsyncIterator[httpx.AsyncClient]:
    given = {"database_url": shop.url("products"), "replica": "products-1", **PATIENT}
    app = build(ProductsSettings.model_validate(given))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://products") as client,
    ):
        yield client
