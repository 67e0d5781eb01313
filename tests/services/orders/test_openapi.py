"""Requests that the OpenAPI document allows, and many that it does not, are answered as the document says."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.orders.app import build
from services.orders.settings import OrdersSettings
from tests.services.database import ShopDatabase
from tests.services.orders.conftest import FILL
from tests.services.serving import serving

_settings = OrdersSettings.model_validate({"database_url": "postgresql://unused", "replica": "orders-1"})
schema = schemathesis.openapi.from_dict(build(_settings).openapi())


@pytest.fixture(scope="module")
def url(database: ShopDatabase) -> Iterator[str]:
    asyncio.run(database.run(FILL))
    with serving("orders", database.url("orders")) as started:
        yield started


@schema.parametrize()
@settings(max_examples=25, deadline=None)
def test_orders_answers_as_its_openapi_document_says(case: Any, url: str) -> None:
    # A well-formed order may still name a customer or a product that there is none of: 422.
    unless = [positive_data_acceptance] if case.method == "POST" else []
    case.call_and_validate(base_url=url, excluded_checks=unless)
