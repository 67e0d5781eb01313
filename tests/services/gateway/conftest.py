"""A gateway on a real socket, and three dependencies that do what a test wants."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import pytest
import uvicorn
from fastapi import FastAPI

from chassis.protocol import ServiceProtocol
from services.gateway.app import build
from services.gateway.settings import GatewaySettings
from tests.chassis.upstream import Upstream

PATIENCE_S = 60.0
# A test that waits for this timeout sets a shorter one.
PATIENT = {"attempt_timeout_s": 20}
# Long enough for a loaded machine to answer, and short enough for a test that waits until it is over.
SHORT_S = 0.3

# Answers of the services that fit the models of services/contract.py.
PRODUCT = (
    b'{"id":5,"name":"Lamp","brand":"Lumen","category":"lighting","description":"A lamp.","price_cents":1999,'
    b'"currency":"EUR","created_at":"2026-11-01T00:00:00Z"}'
)
SEARCH_PAGE = (
    b'{"products":[%b],"total_found":1,"total_capped":false,"next_cursor":null,"search_time_ms":1.5,'
    b'"corrected_query":null}' % PRODUCT
)
CUSTOMER = (
    b'{"id":7,"name":"Ada","email":"ada@example.org","city":"Rotterdam","country":"NL",'
    b'"created_at":"2026-11-01T00:00:00Z"}'
)
ORDER = (
    b'{"id":9,"customer_id":7,"lines":[{"product_id":5,"quantity":2,"unit_price_cents":1999}],"total_cents":3998,'
    b'"currency":"EUR","created_at":"2026-11-01T00:00:00Z"}'
)
ORDER_PAGE = b'{"orders":[%b],"next_cursor":null}' % ORDER
ORDER_REQUEST = b'{"customer_id": 7, "lines": [{"product_id": 5, "quantity": 2}]}'


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self) -> dict[str, Any]:
        """This reply as a problem document, after a check of what holds for all problem documents."""
        assert self.headers["Content-Type"] == "application/problem+json"
        document: dict[str, Any] = self.json
        assert document["status"] == self.status
        assert {"type", "title", "detail"} <= set(document)
        assert b"Traceback" not in self.body
        return document


@dataclass(frozen=True)
class Gateway:
    """The gateway as its clients see it, and its dependencies."""

    url: str
    http: aiohttp.ClientSession
    products: Upstream
    customers: Upstream
    orders: Upstream

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.ask("GET", path, headers)

    async def order(self, body: bytes = ORDER_REQUEST, key: str = "key-1") -> Reply:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return await self.ask("POST", "/api/orders", headers, body)

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, self.url + path, headers=named, data=body) as response:
            return Reply(response.status, response.headers, await response.read())

    async def target(self, target: str) -> Reply:
        """GET with this request target, which no client library changes."""
        return await self.raw(f"GET {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n".encode("latin-1"))

    async def raw(self, request: bytes) -> Reply:
        """Send exactly these bytes. They must ask the gateway to close the connection."""
        host, _, port = self.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(request)
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
        finally:
            writer.close()
        first, *lines = head.decode("latin-1").split("\r\n")
        named = {name.title(): value for name, value in (line.split(": ", 1) for line in lines)}
        return Reply(int(first.split(" ")[1]), named, body)

    async def metric(self, name: str, **labels: str) -> float:
        """The value of one metric now. Raises KeyError if it is not there."""
        wanted = ",".join(f'{label}="{value}"' for label, value in labels.items())
        lines = (await self.get("/metrics")).body.decode().splitlines()
        shown = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return float(shown[f"{name}{{{wanted}}}"])

    async def metric_becomes(self, value: float, name: str, **labels: str) -> None:
        """Wait until a metric has this value."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.metric(name, **labels) != value:
                await asyncio.sleep(0.005)

    async def switch(self, **switches: float) -> Reply:
        """Switch patterns, as an operator does."""
        return await self.ask("PUT", "/patterns", {"Content-Type": "application/json"}, json.dumps(switches).encode())


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve the app as in production, on a free port. Yields its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=ServiceProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listening]))
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not server.started:
                await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


class OpenGateway(Protocol):
    async def __call__(self, **settings: Any) -> Gateway: ...


@pytest.fixture
async def open_gateway() -> AsyncIterator[OpenGateway]:
    """Starts a gateway with the settings of the test."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> Gateway:
            products, customers, orders = [await stack.enter_async_context(Upstream().running()) for _ in range(3)]
            urls = {"products_url": products.url, "customers_url": customers.url, "orders_url": orders.url}
            patterns = {
                f"{name}_patterns": json.dumps(PATIENT | json.loads(settings.pop(f"{name}_patterns", "{}")))
                for name in ("products", "customers", "orders")
            }
            own: dict[str, Any] = {"replica": "gateway-1", "request_timeout_s": 60.0}
            app = build(GatewaySettings(**(urls | own | patterns | settings)))
            url = await stack.enter_async_context(serving(app))
            limit = aiohttp.ClientTimeout(total=PATIENCE_S)
            http = await stack.enter_async_context(
                aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=limit)
            )
            return Gateway(url, http, products, customers, orders)

        yield start


@pytest.fixture
async def gateway(open_gateway: OpenGateway) -> Gateway:
    """A gateway with default settings."""
    return await open_gateway()


async def until(condition: Any) -> None:
    """Wait for a condition. The test fails if it does not become true in time."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)
