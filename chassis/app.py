"""The app factory and the way to run a service: a service's `__main__` is `serve(build(settings), settings)`."""

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
    """A service: its routes inside the envelope; health, metrics, faults and the interactive documentation beside them.

    `database` is open while the service runs: readiness checks it, its pool has metrics, a fault may exhaust the pool.
    `lifespan` is entered at start and left at stop. `checks` decide readiness too. Faults, where they are enabled, act
    on `host` and on the database. `private` are routes for the operator, which faults leave alone. `unbounded` requests
    (an event stream) have no time limit. `prefix` comes before the paths of the documentation.
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
        # The script of the documentation has 1.5 MB, which a slow client takes its time to read.
        return scope["path"].startswith(documentation_files) or unbounded(scope)

    app = _documented_app(service, prefix, documentation_files, _lifespan(traces, database, lifespan, faults), traces)
    app.state.service, app.state.replica, app.state.drain = service, replica, drain
    own = [routes, health.router(drain, checks, metrics)]
    own += [private] if private is not None else []
    own += [fault_routes.router(faults)] if faults is not None else []
    problems.install(app, [route for each in own for route in _routes_of(each)])
    for each in own:
        app.include_router(each)
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
    for route in _routes_of(routes):
        for method in route.methods or ():
            metrics.expect(method, route.path, route.status_code or 200)
    _describe_problems(app)
    return app


def _lifespan(
    traces: Tracing | None, database: Database | None, lifespan: Lifespan | None, faults: ActiveFaults | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What is open while the service runs. It is closed in the opposite order."""

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
    """FastAPI with its interactive documentation, whose `files` are served from here and not from another host."""
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
    # Imported modules stay: without this, a full garbage collection looks at all of them while every request waits.
    gc.collect()
    gc.freeze()
    DrainingServer(config, app.state.drain, settings.drain_s).run()


def _routes_of(router: APIRouter) -> list[APIRoute]:
    """The routes of a router, with those of the routers that it includes without a prefix of their own."""
    found = (each.original_route for each in iter_route_contexts(router.routes))
    return [route for route in found if isinstance(route, APIRoute)]


def _describe_problems(app: FastAPI) -> None:
    """Put the problem document's schema in place of FastAPI's own error schema.

    FastAPI can declare a model for an error, but only as `application/json`, and an error here is
    `application/problem+json`. See "Extending OpenAPI" in FastAPI's documentation.
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
