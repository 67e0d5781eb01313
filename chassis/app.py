"""The app factory and the way a service is run: `serve(build)` is all that a service's `__main__` says."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from chassis import health, logs, problems
from chassis.drain import DrainingServer
from chassis.faults import routes as fault_routes
from chassis.faults.active import ActiveFaults
from chassis.faults.host import Host
from chassis.faults.reset import ResettableProtocol
from chassis.health import Check, Drain
from chassis.identity import replica_name
from chassis.metrics import HttpMetrics
from chassis.middleware import Envelope
from chassis.pool import Pool
from chassis.problems import ProblemDocument, documented
from chassis.protocol import ProblemProtocol
from chassis.settings import ServiceSettings

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
    host: Host | None = None,
) -> FastAPI:
    """A service: its routes inside the envelope, with health and metrics beside them.

    `resource` is entered at start and left at stop (a database, a client); `checks` decide readiness. Faults, where
    they are enabled, act on `host`, and on the pool that the resource opens.
    """
    replica = replica_name(service, settings.replica)
    drain, metrics = Drain(), metrics or HttpMetrics()
    faults = ActiveFaults(host or Host(), routes.routes, metrics.registry) if settings.faults_enabled else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with resource() if resource else nullcontext() as opened:
            if faults is not None and isinstance(opened, Pool):
                faults.host.pool = opened
            yield
            if faults is not None:
                faults.clear()

    app = FastAPI(
        title=f"Afloat {service}",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=documented(400, 408, 413, 422, 429, 431, 500, 503, 504),
    )
    app.state.service = service
    app.state.replica = replica
    app.state.drain = drain
    problems.install(app, routes)
    app.include_router(routes)
    app.include_router(health.router(drain, checks or {}, metrics))
    if faults is not None:
        app.include_router(fault_routes.router(faults))
    app.add_middleware(Envelope, settings=settings, replica=replica, drain=drain, metrics=metrics, faults=faults)
    for route in routes.routes:
        if isinstance(route, APIRoute):
            for method in route.methods or ():
                metrics.expect(method, route.path)
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
        http=ResettableProtocol if settings.faults_enabled else ProblemProtocol,
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
    DrainingServer(config, app.state.drain, settings.drain_s).run()


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
