"""What each service really says at /metrics, a few requests after its start, as Prometheus would label it."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import cache

import httpx
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from services.customers.app import build as customers
from services.customers.settings import CustomersSettings
from services.dashboard.app import build as dashboard
from services.dashboard.settings import DashboardSettings
from services.gateway.app import build as gateway
from services.gateway.settings import GatewaySettings
from services.orders.app import build as orders
from services.orders.settings import OrdersSettings
from services.products.app import build as products
from services.products.settings import ProductsSettings

NOWHERE = "http://127.0.0.1:1"
DATABASE = {"database_url": "postgresql://nobody@127.0.0.1:1/nothing", "faults_enabled": True}
URLS = {f"{name}_url": NOWHERE for name in ("products", "customers", "orders")}
# What a Prometheus with our configuration adds.
TARGET = {"service", "instance", "job"}

Samples = dict[str, list[dict[str, str]]]


def _apps() -> Iterator[tuple[str, FastAPI, bool]]:
    """Each service, and whether to start it: the dashboard would begin to look for the others."""
    yield "products", products(ProductsSettings.model_validate({**DATABASE, "replica": "products-1"})), True
    yield "customers", customers(CustomersSettings.model_validate({**DATABASE, "replica": "customers-1"})), True
    yield "orders", orders(OrdersSettings.model_validate({**DATABASE, "replica": "orders-1"})), True
    settings = GatewaySettings.model_validate({**URLS, "faults_enabled": True, "replica": "gateway-1"})
    yield "gateway", gateway(settings), True
    yield "dashboard", dashboard(DashboardSettings.model_validate({"replica": "dashboard-1"})), False


@cache
def samples() -> Samples:
    """The labels of every sample of every service, by name."""
    return asyncio.run(_collect())


async def _collect() -> Samples:
    found: Samples = {"up": []}
    for service, app, starts in _apps():
        target = {"service": service, "instance": f"{service}:8000", "job": "afloat"}
        found["up"].append(target)
        async with AsyncExitStack() as stack:
            if starts:
                await stack.enter_async_context(app.router.lifespan_context(app))
            transport = httpx.ASGITransport(app)
            client = await stack.enter_async_context(
                httpx.AsyncClient(transport=transport, base_url=f"http://{service}")
            )
            for path in ("/livez", "/readyz", "/faults", "/patterns", "/metrics"):
                await client.get(path)
            text = (await client.get("/metrics")).text
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                found.setdefault(sample.name, []).append({**sample.labels, **target})
    return found
