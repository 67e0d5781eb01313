"""Liveness (the process runs) and readiness (it can serve: not draining, what it needs is reachable)."""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from chassis.metrics import HttpMetrics

Check = Callable[[], Awaitable[None]]
"""Returns when the thing is usable, raises an exception that says why not."""


class Drain:
    """Whether the process is on its way out: it still serves, but asks for no new work."""

    def __init__(self) -> None:
        self.started = False


def router(drain: Drain, checks: Mapping[str, Check], metrics: HttpMetrics) -> APIRouter:
    """`/livez`, `/readyz` and `/metrics`, for whoever runs the service; the load balancer does not route them."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "alive"})

    @routes.get("/readyz")
    async def readyz() -> Response:
        if drain.started:
            return _not_ready("draining")
        for name, check in checks.items():
            try:
                await check()
            except Exception as error:
                return _not_ready(f"{name}: {error}")
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    async def exposition() -> Response:
        return Response(metrics.exposition(), media_type=metrics.content_type)

    return routes


def _not_ready(why: str) -> Response:
    return JSONResponse({"status": "not_ready", "why": why}, 503, {"Retry-After": "1"})
