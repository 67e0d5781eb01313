"""Builds the gateway: a Dependency for each service that it calls, and the application."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from chassis.app import create_app
from chassis.metrics import HttpMetrics
from chassis.tracing import Tracing, open_tracing
from resilience.bulkhead import Bulkhead
from resilience.options import SHARED_POOL
from services.gateway import options, patterns, routes
from services.gateway.dependency import Dependencies, Dependency
from services.gateway.metrics import DependencyMetrics
from services.gateway.pattern_metrics import PatternMetrics
from services.gateway.patterns import Patterns
from services.gateway.settings import GatewaySettings


def build(settings: GatewaySettings) -> FastAPI:
    """Build the gateway from its settings. It is ready while it runs, even if a dependency is down.

    Otherwise the load balancer would stop sending requests for the other two dependencies too.
    """
    metrics = HttpMetrics()
    traces = open_tracing("gateway", settings)
    dependencies = _dependencies(settings, metrics, traces)
    all_dependencies = (dependencies.products, dependencies.customers, dependencies.orders)
    pipelines = [dependency.pipeline for dependency in all_dependencies]
    PatternMetrics(metrics.registry, pipelines)
    switchable = Patterns(pipelines)

    @asynccontextmanager
    async def clients() -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for dependency in all_dependencies:
                await stack.enter_async_context(dependency.lifespan())
            yield

    app = create_app(
        "gateway",
        settings,
        routes.router,
        lifespan=clients,
        metrics=metrics,
        traces=traces,
        private=patterns.router,
        # If timeouts are switched off, requests have no deadline.
        unbounded=lambda scope: not switchable.switches.timeouts,
        prefix="/api",
    )
    app.state.dependencies = dependencies
    app.state.patterns = switchable
    return app


def _dependencies(settings: GatewaySettings, metrics: HttpMetrics, traces: Tracing | None) -> Dependencies:
    """The three services. Each has its own connections and patterns; they share only the metrics and one pool."""
    calls = DependencyMetrics(metrics.registry, ("products", "customers", "orders"))
    shared_pool = Bulkhead("shared", SHARED_POOL)

    def dependency(name: str, base_url: str, defaults: options.DependencyOptions, changes: str) -> Dependency:
        return Dependency(
            name,
            base_url,
            options.from_json(defaults, changes),
            calls,
            shared_pool=shared_pool,
            keep_alive_s=settings.dependency_keep_alive_s,
            max_answer_bytes=settings.max_answer_bytes,
            traces=traces,
        )

    return Dependencies(
        dependency("products", settings.products_url, options.PRODUCTS, settings.products_patterns),
        dependency("customers", settings.customers_url, options.CUSTOMERS, settings.customers_patterns),
        dependency("orders", settings.orders_url, options.ORDERS, settings.orders_patterns),
    )
