"""`POST /orders`, `GET /orders/{id}` and `GET /orders?customer_id=`."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response

from chassis.app import create_app
from chassis.database import Database
from chassis.problems import Problem, documented
from services.contract import MAX_ID, ORDERS_CURSOR, Order, OrderId, OrderPage, OrderRequest, OrdersParameters
from services.idempotency import PLACED, CallId, IdempotencyKey
from services.orders.settings import OrdersSettings
from services.orders.store import READY, OrderStore

router = APIRouter(prefix="/orders", tags=["orders"])


async def _store(request: Request) -> OrderStore:
    store: OrderStore = request.app.state.store
    return store


Store = Annotated[OrderStore, Depends(_store)]


@router.post("", status_code=201, responses=PLACED)
async def place_order(
    order: OrderRequest, key: IdempotencyKey, call_id: CallId, store: Store, response: Response
) -> Order:
    """Place an order. The same request with the same key places no second order: it gets the first one."""
    placed = await store.place(key, order, call_id)
    # This is relative to the request's URL, so it is also correct behind the prefix of the gateway.
    response.headers["Location"] = f"orders/{placed.order.id}"
    if placed.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return placed.order


@router.get("/{order_id}", responses=documented(404))
async def get_order(order_id: OrderId, store: Store) -> Order:
    """One order."""
    order = await store.get(order_id)
    if order is None:
        raise Problem(404, f"There is no order {order_id}.")
    return order


@router.get("")
async def list_orders(query: OrdersParameters, store: Store) -> OrderPage:
    """A customer's orders, newest first.

    For an unknown customer the list is empty, because Orders does not know all customers.
    """
    found = await store.of_customer(query.customer_id, _before_id(query.cursor), query.limit + 1)
    page = found[: query.limit]
    return OrderPage(orders=page, next_cursor=str(page[-1].id) if len(found) > query.limit else None)


def _before_id(cursor: str | None) -> int:
    """The cursor is the id of a page's last order. The list shows this id anyway, so it needs no signature."""
    if cursor is None:
        return MAX_ID
    if not re.fullmatch(ORDERS_CURSOR, cursor):
        raise Problem(400, "The cursor is not one that this list gave.")
    return min(int(cursor), MAX_ID)


def build(settings: OrdersSettings) -> FastAPI:
    """Build the service from its settings."""
    database = Database(settings, ready=READY)
    app = create_app("orders", settings, router, database=database)
    app.state.store = OrderStore(database)
    return app
