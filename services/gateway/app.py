"""The gateway put together: a Dependency for each service that it calls."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chassis.app import create_app
from chassis.metrics import HttpMetrics
from services.gateway import routes
from services.gateway.dependency import Dependency, DependencyOptions
from services.gateway.metrics import DependencyMetrics
from services.gateway.settings import GatewaySettings


def build(settings: GatewaySettings) -> FastAPI:
    """The gateway. It is ready whenever it runs, whatever its dependencies do.

    Were it not ready while one of them is away, the load balancer would take the other two away as well.
    """
    metrics = HttpMetrics()
    called = DependencyMetrics(metrics.registry, ("products", "customers", "orders"))

    def dependency(name: str, base_url: str, timeout_s: float) -> Dependency:
        options = DependencyOptions(
            timeout_s=timeout_s,
            connections=settings.dependency_connections,
            keep_alive_s=settings.dependency_keep_alive_s,
            max_answer_bytes=settings.max_answer_bytes,
        )
        return Dependency(name, base_url, options, called)

    dependencies = routes.Dependencies(
        products=dependency("products", settings.products_url, settings.products_timeout_s),
        customers=dependency("customers", settings.customers_url, settings.customers_timeout_s),
        orders=dependency("orders", settings.orders_url, settings.orders_timeout_s),
    )

    @asynccontextmanager
    async def clients() -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for each in (dependencies.products, dependencies.customers, dependencies.orders):
                await stack.enter_async_context(each.lifespan())
            yield

    return create_app("gateway", settings, routes.router(dependencies), resource=clients, metrics=metrics)
