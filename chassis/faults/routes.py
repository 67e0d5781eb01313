"""`/faults` on the service's own port, for the dashboard and the lab. The load balancer does not route it."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from chassis.faults.active import ActiveFaults
from chassis.faults.kinds import AnyFault


def router(faults: ActiveFaults) -> APIRouter:
    """The routes. Each answer lists the faults that are on after the request."""
    routes = APIRouter(prefix="/faults", include_in_schema=False)

    @routes.put("")
    async def inject(fault: AnyFault) -> Response:
        faults.inject(fault)
        return _on()

    @routes.get("")
    async def describe() -> Response:
        return _on()

    @routes.delete("")
    async def clear() -> Response:
        faults.clear()
        return _on()

    def _on() -> Response:
        return JSONResponse({"faults": faults.describe()})

    return routes
