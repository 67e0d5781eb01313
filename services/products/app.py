"""`GET /products/search` and `GET /products/{id}`."""

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from services.contract import Product, ProductId, SearchPage, SearchParameters
from services.products.settings import ProductsSettings
from services.products.store import READY, Catalogue

router = APIRouter(prefix="/products", tags=["products"])


async def _catalogue(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


CatalogueDependency = Annotated[Catalogue, Depends(_catalogue)]


@router.get("/search", responses=documented(422))
async def search(query: SearchParameters, catalogue: CatalogueDependency) -> SearchPage:
    """Search by words, category, brand and price. Misspelt words still find products."""
    started_at = perf_counter()
    found, next_cursor = await catalogue.search(query)
    return SearchPage(
        products=found.products,
        total_found=found.total,
        total_capped=found.capped,
        next_cursor=next_cursor,
        search_time_ms=round((perf_counter() - started_at) * 1000, 3),
        corrected_query=found.corrected,
    )


@router.get("/{product_id}", responses=documented(404))
async def get_product(product_id: ProductId, catalogue: CatalogueDependency) -> Product:
    """One product."""
    product = await catalogue.product(product_id)
    if product is None:
        raise Problem(404, f"There is no product {product_id}.")
    return product


def build(settings: ProductsSettings) -> FastAPI:
    """Build the service from its settings."""
    database = Database(settings, ready=READY)
    app = create_app("products", settings, router, database=database)
    app.state.catalogue = Catalogue(database)
    return app
