"""The app factory and the way a service is run: `serve(build)` is all that a service's `__main__` says."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.middleware.exceptions import ExceptionMiddleware

from chassis import health, logs, pool_metrics, problems, tracing
from chassis.context import RequestContext
from chassis.drain import DrainingServer
from chassis.express import Express
from chassis.faults import routes as fault_routes
from chassis.faults.active import ActiveFaults
from chassis.faults.host import Host
from chassis.faults.reset import ResettableProtocol
from chassis.health import Check, Drain
from chassis.identity import replica_name
from chassis.metrics import HttpMetrics
from chassis.middleware import Envelope, Unbounded, never
from chassis.pool import Pool
from chassis.problems import ProblemDocument, documented
from chassis.protocol import ServiceProtocol
from chassis.settings import ServiceSettings
from chassis.tracing import Tracing

Resource = Callable[[], AbstractAsyncContextManager[Any]]
log = structlog.get_logger("chassis")


def create_app(
    service: str,
    settings: ServiceSettings,
    routes: APIRouter,
    *,
    resource: Resource | None = None,
    checks: Mapping[str, Check] | None = None,
    metrics: HttpMetrics | None = None,
    traces: Tracing | None = None,
    host: Host | None = None,
    private: APIRouter | None = None,
    unbounded: Unbounded = never,
) -> FastAPI:
    """A service: its routes inside the envelope, with health and metrics beside them.

    `resource` is entered at start and left at stop (a database, a client); `checks` decide readiness. `traces` are
    those of the settings, unless the service has opened them already. Faults, where they are enabled, act on `host`,
    and on the pool that the resource opens. `private` are routes for the operator, which no fault strikes. The time of
    `unbounded` requests (an event stream) has no limit.
    """
    replica = replica_name(service, settings.replica)
    drain, metrics = Drain(), metrics or HttpMetrics()
    metrics.name(replica)
    traces = traces or tracing.open_tracing(service, settings)
    faults = ActiveFaults(host or Host(), _routes_of(routes), metrics.registry) if settings.faults_enabled else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with resource() if resource else nullcontext() as opened:
            if isinstance(opened, Pool):
                pool_metrics.expose(metrics.registry, opened)
                if faults is not None:
                    faults.host.pool = opened
                if traces is not None:
                    opened.watch = traces.watch
            yield
            if faults is not None:
                faults.clear()
        if traces is not None:
            await traces.close()

    app = FastAPI(
        title=f"Afloat {service}",
        lifespan=lifespan,
        telemetry=tracing.OFF if traces is None else traces.telemetry,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=documented(400, 408, 413, 422, 429, 431, 500, 503, 504),
    )
    app.state.service = service
    app.state.replica = replica
    app.state.drain = drain
    own = [routes, health.router(drain, checks or {}, metrics)]
    own += [private] if private is not None else []
    own += [fault_routes.router(faults)] if faults is not None else []
    problems.install(app, [route for each in own for route in _routes_of(each)])
    for each in own:
        app.include_router(each)
    # A traced request is named by FastAPI's router, so all of them have to come by there.
    if traces is None:
        app.add_middleware(Express, routes=routes.routes)
        # FastAPI's own is within, where the short way does not come by.
        app.add_middleware(ExceptionMiddleware, handlers=app.exception_handlers)
    app.add_middleware(
        Envelope,
        settings=settings,
        replica=replica,
        drain=drain,
        metrics=metrics,
        faults=faults,
        unbounded=unbounded,
        read_context=RequestContext.read if traces is None else traces.read_context,
    )
    for route in _routes_of(routes):
        for method in route.methods or ():
            metrics.expect(method, route.path, route.status_code or 200)
    _describe_problems(app)
    return app


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
    # What has been imported stays: the garbage collector need not look through it again and again.
    gc.collect()
    gc.freeze()
    DrainingServer(config, app.state.drain, settings.drain_s).run()


def _routes_of(router: APIRouter) -> list[APIRoute]:
    """The routes of a router, with those of the routers that it includes without a prefix of their own."""
    found = (each.original_route for each in iter_route_contexts(router.routes))
    return [route for route in found if isinstance(route, APIRoute)]


def _describe_problems(app: FastAPI) -> None:
    """OpenAPI without FastAPI's own error schema: errors are problem documents here."""
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
