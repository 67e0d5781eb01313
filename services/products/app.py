"""`GET /products/search` and `GET /products/{id}`."""

import json
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, FastAPI, Path, Request, Response

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from chassis.query import QueryString
from services.products.model import Product, SearchPage, SearchQuery
from services.products.settings import ProductsSettings
from services.products.store import READY, Catalogue, Found

_JSON = "application/json"
_MAX_ID = 2**63 - 1
_QUERY = QueryString(SearchQuery)


def build(settings: ProductsSettings) -> FastAPI:
    """The service, wired."""
    database = Database(settings, ready_query=READY)
    checks = {"postgres": database.check}
    return create_app("products", settings, routes(Catalogue(database)), resource=database.lifespan, checks=checks)


def routes(catalogue: Catalogue) -> APIRouter:
    """The service's routes over its catalogue."""
    router = APIRouter()

    @router.get(
        "/products/search", response_model=SearchPage, openapi_extra=_QUERY.openapi(), responses=documented(422)
    )
    async def search(request: Request) -> Response:
        started_at = perf_counter()
        found, next_cursor = await catalogue.search(_QUERY.read(request))
        return Response(_page(found, next_cursor, (perf_counter() - started_at) * 1000), media_type=_JSON)

    @router.get("/products/{product_id}", response_model=Product, responses=documented(404))
    async def product(product_id: Annotated[int, Path(ge=1, le=_MAX_ID)]) -> Response:
        document = await catalogue.product(product_id)
        if document is None:
            raise Problem(404, f"There is no product {product_id}.")
        return Response(document, media_type=_JSON)

    return router


def _page(found: Found, next_cursor: str | None, time_ms: float) -> str:
    """The answer; the products are JSON already."""
    rest = {
        "total_found": found.total,
        "total_capped": found.more,
        "next_cursor": next_cursor,
        "search_time_ms": round(time_ms, 3),
        "corrected_query": found.corrected,
    }
    return f'{{"products":[{",".join(found.documents)}],{json.dumps(rest)[1:]}'
