"""A gateway on a real socket, and three dependencies that do what a test tells them to."""

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
# A test that waits for the end of one of these sets its own.
PATIENT = {"attempt_timeout_s": 20}
# Long enough for a loaded machine to answer, short enough for a test that waits for its end.
SHORT_S = 0.3


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def problem(self) -> dict[str, Any]:
        """The problem document that this reply is, after the rules that all of them keep."""
        assert self.headers["Content-Type"] == "application/problem+json"
        document: dict[str, Any] = self.json
        assert document["status"] == self.status
        assert {"type", "title", "detail"} <= set(document)
        assert b"Traceback" not in self.body
        return document


@dataclass(frozen=True)
class Gateway:
    """The gateway as its clients see it, and what it depends on."""

    url: str
    http: aiohttp.ClientSession
    products: Upstream
    customers: Upstream
    orders: Upstream

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.ask("GET", path, headers)

    async def order(self, body: bytes = b'{"customer_id":7}', key: str = "key-1") -> Reply:
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        return await self.ask("POST", "/api/orders", headers, body)

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.http.request(method, self.url + path, headers=named, data=body) as response:
            return Reply(response.status, response.headers, await response.read())

    async def target(self, target: str) -> Reply:
        """GET with a request target that no client library would send."""
        return await self.raw(f"GET {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n".encode("latin-1"))

    async def raw(self, request: bytes) -> Reply:
        """Send these very bytes; they must ask for the connection to be closed."""
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
        """The value of one metric now; KeyError if it is not shown."""
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
        """As an operator does."""
        return await self.ask("PUT", "/patterns", {"Content-Type": "application/json"}, json.dumps(switches).encode())


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve the app as in production, on a free port; gives its URL."""
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
    """Starts a gateway with settings of the test's own."""
    async with AsyncExitStack() as stack:

        async def start(**settings: Any) -> Gateway:
            upstreams = [Upstream() for _ in range(3)]
            for each in upstreams:
                await each.start()
                stack.push_async_callback(each.let_go)
            products, customers, orders = upstreams
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
    """Everything as it is unless told otherwise."""
    return await open_gateway()


async def until(condition: Any) -> None:
    """Wait for a condition; the test fails when it does not come true in time."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.005)
