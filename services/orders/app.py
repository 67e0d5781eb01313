"""`POST /orders`, `GET /orders/{id}` and `GET /orders?customer_id=`."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Response

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from services.orders import idempotency
from services.orders.idempotency import idempotency_key
from services.orders.model import MAX_ID, Order, OrderPage, OrderRequest
from services.orders.settings import OrdersSettings
from services.orders.statements import READY
from services.orders.store import OrderStore

_JSON = "application/json"
_CURSOR = "^[1-9][0-9]{0,18}$"
_PLACED_HEADERS = {
    "Location": {"description": "The order.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` if an earlier request with this key had placed the order.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def build(settings: OrdersSettings) -> FastAPI:
    """The service, wired."""
    database = Database(settings, ready_query=READY)
    checks = {"postgres": database.check}
    return create_app("orders", settings, routes(OrderStore(database)), resource=database.lifespan, checks=checks)


def routes(store: OrderStore) -> APIRouter:
    """The service's routes over its store."""
    router = APIRouter()

    @router.post(
        "/orders",
        status_code=201,
        response_model=Order,
        responses={201: {"headers": _PLACED_HEADERS}},
        openapi_extra=idempotency.OPENAPI,
    )
    async def place(request: OrderRequest, key: Annotated[str, Depends(idempotency_key)]) -> Response:
        placed = await store.place(key, request)
        # Relative to the request's own URL, so that it holds behind a gateway's prefix too.
        headers = {"Location": f"orders/{placed.order_id}"}
        if placed.replayed:
            headers["Idempotency-Replayed"] = "true"
        return Response(placed.document, 201, headers, _JSON)

    @router.get("/orders/{order_id}", response_model=Order, responses=documented(404))
    async def order(order_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> Response:
        document = await store.get(order_id)
        if document is None:
            raise Problem(404, f"There is no order {order_id}.")
        return Response(document, media_type=_JSON)

    @router.get("/orders", response_model=OrderPage)
    async def orders(
        customer_id: Annotated[int, Query(ge=1, le=MAX_ID)],
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str | None, Query(json_schema_extra={"pattern": _CURSOR})] = None,
    ) -> Response:
        """Newest first; `cursor` is the `next_cursor` of the page before.

        A customer whom nobody knows has no orders: who exists is for Customers to say, not for Orders.
        """
        found = await store.of_customer(customer_id, _before_id(cursor), limit + 1)
        page = found[:limit]
        next_cursor = f'"{page[-1][0]}"' if len(found) > limit else "null"
        documents = ",".join(document for _, document in page)
        return Response(f'{{"orders":[{documents}],"next_cursor":{next_cursor}}}', media_type=_JSON)

    return router


def _before_id(cursor: str | None) -> int:
    """A cursor is the id of the last order seen: it shows nothing that the list does not, so it needs no signature."""
    if cursor is None:
        return MAX_ID
    if not re.fullmatch(_CURSOR, cursor):
        raise Problem(400, "The cursor is not one that this list gave.")
    return min(int(cursor), MAX_ID)
