"""The gateway put together: a Dependency for each service that it calls."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chassis.app import create_app
from chassis.metrics import HttpMetrics
from chassis.tracing import open_tracing
from resilience.bulkhead import Bulkhead
from resilience.options import SHARED_POOL
from services.gateway import options, patterns, routes
from services.gateway.dependency import Dependency
from services.gateway.metrics import DependencyMetrics
from services.gateway.pattern_metrics import PatternMetrics
from services.gateway.settings import GatewaySettings


def build(settings: GatewaySettings) -> FastAPI:
    """The gateway. It is ready whenever it runs, whatever its dependencies do.

    Were it not ready while one of them is away, the load balancer would take the other two away as well.
    """
    metrics = HttpMetrics()
    traces = open_tracing("gateway", settings)
    called = DependencyMetrics(metrics.registry, ("products", "customers", "orders"))
    shared_pool = Bulkhead("shared", SHARED_POOL)

    def dependency(name: str, base_url: str, defaults: options.DependencyOptions, changes: str) -> Dependency:
        return Dependency(
            name,
            base_url,
            options.from_json(defaults, changes),
            called,
            shared_pool=shared_pool,
            keep_alive_s=settings.dependency_keep_alive_s,
            max_answer_bytes=settings.max_answer_bytes,
            traces=traces,
        )

    to = routes.Dependencies(
        products=dependency("products", settings.products_url, options.PRODUCTS, settings.products_patterns),
        customers=dependency("customers", settings.customers_url, options.CUSTOMERS, settings.customers_patterns),
        orders=dependency("orders", settings.orders_url, options.ORDERS, settings.orders_patterns),
    )
    dependencies = (to.products, to.customers, to.orders)
    pipelines = [each.pipeline for each in dependencies]
    switchable = patterns.Patterns(pipelines)
    PatternMetrics(metrics.registry, pipelines)

    @asynccontextmanager
    async def clients() -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for each in dependencies:
                await stack.enter_async_context(each.lifespan())
            yield

    return create_app(
        "gateway",
        settings,
        routes.router(to, switchable),
        lifespan=clients,
        metrics=metrics,
        traces=traces,
        private=patterns.router(switchable),
        # What waits for ever has no deadline either.
        unbounded=lambda scope: not switchable.switches.timeouts,
    )
