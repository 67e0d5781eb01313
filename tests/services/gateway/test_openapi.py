"""The OpenAPI document of the gateway, and its interactive documentation."""

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI

from services.customers.app import build as build_customers
from services.customers.settings import CustomersSettings
from services.gateway.app import build as build_gateway
from services.gateway.settings import GatewaySettings
from services.orders.app import build as build_orders
from services.orders.settings import OrdersSettings
from services.products.app import build as build_products
from services.products.settings import ProductsSettings
from tests.chassis.upstream import Exchange, answer
from tests.services.gateway.conftest import CUSTOMER, ORDER, ORDER_PAGE, PRODUCT, SEARCH_PAGE, Gateway, OpenGateway

DATABASE: Any = {"database_url": "postgresql://unused", "replica": "service-1"}
SERVICES = {
    "products": build_products(ProductsSettings(**DATABASE)),
    "customers": build_customers(CustomersSettings(**DATABASE)),
    "orders": build_orders(OrdersSettings(**DATABASE)),
}
URLS: Any = dict.fromkeys(("products_url", "customers_url", "orders_url"), "http://unused")
GATEWAY = build_gateway(GatewaySettings(replica="gateway-1", **URLS))


def operations(app: FastAPI, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every operation of an app by its method and its path without the prefix. Models replace their names."""
    document = app.openapi()
    schemas = document["components"]["schemas"]

    def resolve(value: Any) -> Any:
        if isinstance(value, list):
            return [resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return resolve(schemas[value["$ref"].rpartition("/")[2]])
        return {name: resolve(item) for name, item in value.items()}

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path.removeprefix(prefix)}", resolve(operation)


@pytest.mark.parametrize("service", SERVICES)
def test_the_gateway_documents_the_same_requests_and_answers_as_the_service(service: str) -> None:
    of_the_gateway = dict(operations(GATEWAY, prefix="/api"))
    for name, operation in operations(SERVICES[service]):
        if not name.partition(" ")[2].startswith(f"/{service}"):
            continue
        same = of_the_gateway[name]
        assert same.get("parameters") == operation.get("parameters"), name
        assert same.get("requestBody") == operation.get("requestBody"), name
        success = {status for status in operation["responses"] if status < "300"}
        assert len(success) == 1
        for status in {status for status in operation["responses"] if status < "500"}:
            assert same["responses"][status] == operation["responses"][status], name


async def test_schemathesis_finds_nothing(open_gateway: OpenGateway, tmp_path: Path) -> None:
    """Requests that the document allows, and many that it does not, are answered as the document says."""
    gateway = await open_gateway()

    async def products(exchange: Exchange) -> None:
        search = exchange.received.target.startswith("/products/search")
        await answer(body=SEARCH_PAGE if search else PRODUCT)(exchange)

    async def orders(exchange: Exchange) -> None:
        body = ORDER_PAGE if exchange.received.target.startswith("/orders?") else ORDER
        placed = exchange.received.method == "POST"
        await (answer(201, body, location="orders/9") if placed else answer(200, body))(exchange)

    gateway.products.behave = products
    gateway.customers.behave = answer(body=CUSTOMER)
    gateway.orders.behave = orders
    # Excluded, because no schema says that min_price may not exceed max_price, or that a product is in one line only.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", "run", f"{gateway.url}/api/openapi.json",
        "--checks", "all", "--exclude-checks", "positive_data_acceptance",
        "--phases", "coverage,fuzzing", "--max-examples", "20", "--seed", "1", "--no-color",
        cwd=tmp_path, stdout=-1, stderr=-2,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def test_the_documentation_loads_nothing_from_another_host(gateway: Gateway) -> None:
    page = (await gateway.get("/api/docs")).body.decode()
    links = re.findall(r"""(?:src|href|url)\s*[:=]\s*["']([^"']*)["']""", page)
    assert "/api/openapi.json" in links
    assert len(links) > 3
    for link in links:
        place = urlsplit(urljoin("http://shop.example/api/docs", link))
        assert place.netloc == "shop.example"
        assert (await gateway.get(place.path)).status == 200
    style = (await gateway.get("/api/docs/files/swagger-ui.css")).body.decode()
    assert re.findall(r"@import|url\((?!\W?data:)[^)]*\)", style) == []
