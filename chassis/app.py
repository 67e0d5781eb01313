"""`create_app` builds a service's application, and `serve` runs it. A service's `__main__` calls both."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi_offline import FastAPIOffline
from starlette.types import Scope

from chassis import database_metrics, health, logs, problems, tracing
from chassis.context import RequestContext
from chassis.database import Database
from chassis.drain import DrainingServer
from chassis.faults import routes as fault_routes
from chassis.faults.active import ActiveFaults
from chassis.faults.host import Host
from chassis.faults.reset import ResettableProtocol
from chassis.health import Check, Drain
from chassis.identity import replica_name
from chassis.metrics import HttpMetrics
from chassis.middleware import Envelope, Unbounded, never
from chassis.problems import ProblemDocument, documented
from chassis.protocol import ServiceProtocol
from chassis.settings import ServiceSettings
from chassis.tracing import Tracing

Lifespan = Callable[[], AbstractAsyncContextManager[Any]]


def create_app(
    service: str,
    settings: ServiceSettings,
    routes: APIRouter,
    *,
    database: Database | None = None,
    lifespan: Lifespan | None = None,
    checks: Mapping[str, Check] | None = None,
    metrics: HttpMetrics | None = None,
    traces: Tracing | None = None,
    host: Host | None = None,
    private: APIRouter | None = None,
    unbounded: Unbounded = never,
    prefix: str = "",
) -> FastAPI:
    """A service: its routes, health checks, metrics, faults and interactive documentation, all inside the Envelope.

    `database` is open while the service runs. It is part of readiness, and its pool has metrics.
    `lifespan` is entered at the start and left at the stop. `checks` are more conditions for readiness.
    If faults are enabled, they act on `routes`, on `host` and on the database.
    `private` are routes for the operator. Faults do not act on them.
    `unbounded` returns True for requests without a time limit, such as an event stream.
    `prefix` comes before the paths of the documentation.
    """
    replica = replica_name(service, settings.replica)
    drain, metrics = Drain(), metrics or HttpMetrics()
    metrics.name(replica)
    traces = traces or tracing.open_tracing(service, settings)
    host = host or Host()
    faults = ActiveFaults(host, _routes_of(routes), metrics.registry) if settings.faults_enabled else None
    checks = dict(checks or {})
    if database is not None:
        host.database = database
        checks["postgres"] = database.check
        database_metrics.expose(metrics.registry, database)
        if traces is not None:
            traces.watch(database.engine)

    documentation_files = f"{prefix}/docs/files"

    def has_no_time_limit(scope: Scope) -> bool:
        # The documentation has a script of 1.5 MB. A slow client needs a long time to read it.
        return scope["path"].startswith(documentation_files) or unbounded(scope)

    app = _documented_app(service, prefix, documentation_files, _lifespan(traces, database, lifespan, faults), traces)
    app.state.service, app.state.replica, app.state.drain = service, replica, drain
    routers = [routes, health.router(drain, checks, metrics)]
    if private is not None:
        routers.append(private)
    if faults is not None:
        routers.append(fault_routes.router(faults))
    problems.install(app, [route for router in routers for route in _routes_of(router)])
    for router in routers:
        app.include_router(router)
    _describe_problems(app)
    _expect_requests(metrics, routes)
    app.add_middleware(
        Envelope,
        settings=settings,
        replica=replica,
        drain=drain,
        metrics=metrics,
        faults=faults,
        unbounded=has_no_time_limit,
        read_context=RequestContext.read if traces is None else traces.read_context,
    )
    return app


def _lifespan(
    traces: Tracing | None, database: Database | None, lifespan: Lifespan | None, faults: ActiveFaults | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Opens what the service needs while it runs, and closes it in the opposite order."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if traces is not None:
                stack.push_async_callback(traces.close)
            if database is not None:
                await stack.enter_async_context(database.lifespan())
            if lifespan is not None:
                await stack.enter_async_context(lifespan())
            if faults is not None:
                stack.callback(faults.clear)
            yield

    return running


def _documented_app(
    service: str,
    prefix: str,
    files: str,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    traces: Tracing | None,
) -> FastAPI:
    """FastAPI with its interactive documentation. The service itself serves the `files` of the documentation."""
    return FastAPIOffline(
        title=f"Afloat {service}",
        lifespan=lifespan,
        telemetry=tracing.OFF if traces is None else traces.telemetry,
        openapi_url=f"{prefix}/openapi.json",
        docs_url=f"{prefix}/docs",
        redoc_url=None,
        static_url=files,
        swagger_ui_oauth2_redirect_url=f"{prefix}/docs/oauth2-redirect",
        redirect_slashes=False,
        responses=documented(400, 408, 413, 422, 429, 431, 500, 503, 504),
    )


def serve(app: FastAPI, settings: ServiceSettings) -> None:
    """Serve until SIGTERM or SIGINT, then drain and return."""
    logs.configure(app.state.service, app.state.replica, settings.log_level)
    config = uvicorn.Config(
        app,
        host=settings.listen_host,
        port=settings.listen_port,
        loop="uvloop",
        http=ResettableProtocol if settings.faults_enabled else ServiceProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=2048,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=settings.stop_timeout_s,
    )
    # Imported modules are never freed. Without this, each full garbage collection would check them and delay requests.
    gc.collect()
    gc.freeze()
    DrainingServer(config, app.state.drain, settings.drain_s).run()


def _routes_of(router: APIRouter) -> list[APIRoute]:
    """The routes of a router, and of the routers that it includes without a prefix."""
    contexts = iter_route_contexts(router.routes)
    return [context.original_route for context in contexts if isinstance(context.original_route, APIRoute)]


def _expect_requests(metrics: HttpMetrics, routes: APIRouter) -> None:
    """Create the metrics of every route before its first request."""
    for route in _routes_of(routes):
        for method in route.methods or ():
            metrics.expect(method, route.path, route.status_code or 200)


def _describe_problems(app: FastAPI) -> None:
    """Replace FastAPI's error schema in the OpenAPI document by the schema of a problem document.

    FastAPI declares the model of an error as `application/json`. Here errors are `application/problem+json`.
    See "Extending OpenAPI" in FastAPI's documentation.
    """
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        schema = describe()
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        document = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(document.pop("$defs", {}))
        schemas["ProblemDocument"] = document
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI documents this as the way to extend it
