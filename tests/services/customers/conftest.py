"""The customers service on a real database with some people in it."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from services.customers.app import build
from services.customers.seed import seed
from services.customers.settings import CustomersSettings
from tests.chassis.postgres import PATIENT
from tests.services.database import ShopDatabase

PEOPLE = 50


async def seed_people(database: ShopDatabase, count: int) -> int:
    """Run the seed as the service's own role; gives the number of people added."""
    connection = await asyncpg.connect(database.url("customers"))
    try:
        return await seed(connection, count)
    finally:
        await connection.close()


@pytest.fixture
async def nobody(database: ShopDatabase) -> ShopDatabase:
    """An empty table."""
    await database.run("TRUNCATE customers.customer RESTART IDENTITY")
    return database


@pytest.fixture
async def people(nobody: ShopDatabase) -> ShopDatabase:
    """Customers 1 to 50."""
    await seed_people(nobody, PEOPLE)
    return nobody


@pytest.fixture
async def http(people: ShopDatabase) -> AsyncIterator[httpx.AsyncClient]:
    given = {"database_url": people.url("customers"), "replica": "customers-1", **PATIENT}
    app = build(CustomersSettings.model_validate(given))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://customers") as client,
    ):
        yield client
