"""The public routes of the gateway: the same requests and the same answers as those of the services behind it.

The gateway checks a request with the models of `services/contract.py` and passes it on as the client sent it. Each
service validates its own answers, so the gateway passes them on unchanged. Here `response_model` is only for the
documentation. The storefront is the gateway's own page.
"""

from collections.abc import Awaitable
from typing import Annotated, Any, TypeVar
from urllib.parse import quote_from_bytes

from fastapi import APIRouter, Depends, Request, Response

from chassis.disconnect import unless_disconnected
from chassis.problems import documented
from services.contract import (
    Customer,
    CustomerId,
    Order,
    OrderId,
    OrderPage,
    OrderRequest,
    OrdersParameters,
    Product,
    ProductId,
    SearchPage,
    SearchParameters,
)
from services.gateway.dependency import Dependencies, Dependency
from services.gateway.patterns import Patterns
from services.gateway.storefront import SearchWords, Storefront, read_storefront
from services.gateway.transport import Call
from services.idempotency import CALL_ID, HEADER, PLACED, CallId, IdempotencyKey

T = TypeVar("T")

router = APIRouter(prefix="/api", responses=documented(502, 504))


async def _dependencies(request: Request) -> Dependencies:
    dependencies: Dependencies = request.app.state.dependencies
    return dependencies


To = Annotated[Dependencies, Depends(_dependencies)]


@router.get("/products/search", response_model=SearchPage, tags=["products"])
async def search_products(query: SearchParameters, request: Request, to: To) -> Response:
    """Search by words, category, brand and price. Misspelt words still find products."""
    return await _pass_on(request, to.products, Call("GET", "/products/search" + _query_string(request)))


@router.get("/products/{product_id}", response_model=Product, responses=documented(404), tags=["products"])
async def get_product(product_id: ProductId, request: Request, to: To) -> Response:
    """One product."""
    return await _pass_on(request, to.products, Call("GET", f"/products/{product_id}"))


@router.get("/customers/{customer_id}", response_model=Customer, responses=documented(404), tags=["customers"])
async def get_customer(customer_id: CustomerId, request: Request, to: To) -> Response:
    """One customer."""
    return await _pass_on(request, to.customers, Call("GET", f"/customers/{customer_id}"))


@router.post("/orders", status_code=201, response_model=Order, responses=PLACED, tags=["orders"])
async def place_order(order: OrderRequest, key: IdempotencyKey, call_id: CallId, request: Request, to: To) -> Response:
    """Place an order. The same request with the same key places no second order: it gets the first one."""
    headers = {"Content-Type": "application/json", HEADER: request.headers[HEADER], CALL_ID: str(call_id)}
    return await _pass_on(request, to.orders, Call("POST", "/orders", headers, await request.body()))


@router.get("/orders/{order_id}", response_model=Order, responses=documented(404), tags=["orders"])
async def get_order(order_id: OrderId, request: Request, to: To) -> Response:
    """One order."""
    return await _pass_on(request, to.orders, Call("GET", f"/orders/{order_id}"))


@router.get("/orders", response_model=OrderPage, tags=["orders"])
async def list_orders(query: OrdersParameters, request: Request, to: To) -> Response:
    """A customer's orders, newest first."""
    return await _pass_on(request, to.orders, Call("GET", "/orders" + _query_string(request)))


@router.get("/storefront/{customer_id}", response_model=Storefront, responses=documented(404), tags=["storefront"])
async def get_storefront(
    customer_id: CustomerId, request: Request, response: Response, to: To, q: SearchWords = ""
) -> Any:
    """Products, the customer and the customer's orders on one page. A section that fails does not lose the page."""
    return await _while_connected(request, read_storefront(to, customer_id, q, response.headers))


async def _pass_on(request: Request, dependency: Dependency, call: Call) -> Response:
    reply = await _while_connected(request, dependency.call(call))
    return reply.response()


async def _while_connected(request: Request, work: Awaitable[T]) -> T:
    """The result of `work`, which is cancelled if the client disconnects.

    If timeouts are switched off, the gateway waits without limit, even after the client has disconnected.
    """
    patterns: Patterns = request.app.state.patterns
    return await (unless_disconnected(request.receive, work) if patterns.switches.timeouts else work)


def _query_string(request: Request) -> str:
    """The query as the client encoded it. Bytes that are not allowed in a URL are encoded here."""
    query = quote_from_bytes(request.scope["query_string"], safe="!$%&'()*+,/:;=?@[]")
    return f"?{query}" if query else ""
