"""Requests that the OpenAPI document allows, and many that it does not, are answered as the document says."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.products.app import build
from services.products.settings import ProductsSettings
from tests.services.database import ShopDatabase
from tests.services.serving import serving

DOCUMENT = build(ProductsSettings(database_url="postgresql://unused", replica="products-1")).openapi()
schema = schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def url(shop: ShopDatabase) -> Iterator[str]:
    with serving("products", shop.url("products")) as started:
        yield started


@schema.parametrize()
@settings(max_examples=50, deadline=None)
def test_products_answers_as_its_openapi_document_says(case: Any, url: str) -> None:
    # What no schema can say: a cursor must be one that was given, the lower price must not be above the higher, and no
    # target may have a null byte in it.
    unsaid = {"cursor", "min_price"} & set(case.query or ()) or r"\x00" in repr(case.query)
    unless = [positive_data_acceptance] if unsaid else []
    case.call_and_validate(base_url=url, excluded_checks=unless)
