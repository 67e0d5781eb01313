"""Requests that the OpenAPI document allows, and many that it does not, are answered as the document says."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings

from services.customers.app import build
from services.customers.settings import CustomersSettings
from tests.services.customers.conftest import PEOPLE, seed_people
from tests.services.database import ShopDatabase
from tests.services.serving import serving

_settings = CustomersSettings.model_validate({"database_url": "postgresql://unused", "replica": "customers-1"})
schema = schemathesis.openapi.from_dict(build(_settings).openapi())


@pytest.fixture(scope="module")
def url(database: ShopDatabase) -> Iterator[str]:
    asyncio.run(seed_people(database, PEOPLE))
    with serving("customers", database.url("customers")) as started:
        yield started


@schema.parametrize()
@settings(max_examples=25, deadline=None)
def test_customers_answers_as_its_openapi_document_says(case: Any, url: str) -> None:
    case.call_and_validate(base_url=url)
