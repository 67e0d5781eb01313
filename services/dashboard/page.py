"""The page at `/` and its parts at `/control/assets/`."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from chassis.problems import Problem, documented
from services.dashboard import assets
from services.dashboard.access import Access


def router(access: Access) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(access.check_host)], responses=documented(421), include_in_schema=False)
    files = assets.load()
    page = files.pop(assets.PAGE)

    @routes.get("/")
    async def show(request: Request) -> Response:
        token = request.query_params.get("token")
        return page.response(request) if token is None else access.enter(request, token)

    @routes.get("/control/assets/{name}")
    async def part(name: str, request: Request) -> Response:
        if name not in files:
            raise Problem(404, "The page has no such part.")
        return files[name].response(request)

    return routes
