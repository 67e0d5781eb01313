"""Liveness (the process runs) and readiness (it is not draining, and everything that it needs can be reached)."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from chassis.metrics import HttpMetrics
from chassis.problems import Problem, problem_response

Check = Callable[[], Awaitable[None]]
"""Returns if the checked resource can be used. Otherwise raises an exception with the reason."""

log = structlog.get_logger("chassis")


class Drain:
    """Whether the process is going to stop: it still serves, but the load balancer should send no more requests."""

    def __init__(self) -> None:
        self.started = False


def router(drain: Drain, checks: Mapping[str, Check], metrics: HttpMetrics) -> APIRouter:
    """`/livez`, `/readyz` and `/metrics`, for the operator. The load balancer does not route them."""
    routes = APIRouter(include_in_schema=False)
    was_ready = False

    @routes.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"status": "alive"})

    @routes.get("/readyz")
    async def readyz(once: bool = False) -> Response:
        """Whether the service can serve. With `once`: whether it could serve at some time since the start.

        `once` is for a scheduler that kills a task if its check fails, and that has only one check. The check is then a
        startup probe until the service is ready, and a liveness probe from then on.
        """
        nonlocal was_ready
        if once and was_ready:
            return JSONResponse({"status": "alive"})
        if drain.started:
            return _not_ready("The service is stopping.", "draining")
        for name, check in checks.items():
            try:
                await check()
            except Problem as problem:
                return _not_ready(f"{name}: {problem.detail}", problem.reason)
            except Exception:
                log.exception("readiness_check_failed", check=name)
                return _not_ready(f"{name}: the check failed. The service's log says why.")
        was_ready = True
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    async def exposition() -> Response:
        return Response(metrics.exposition(), media_type=metrics.content_type)

    return routes


def _not_ready(detail: str, reason: str | None = None) -> Response:
    return problem_response(503, detail, {"Retry-After": "1"}, reason=reason)
