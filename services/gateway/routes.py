"""The public routes. Each says what it asks of which dependency; the answer is the dependency's own."""

import re
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import quote_from_bytes, quote_plus

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from chassis.problems import Problem, documented
from services.gateway.dependency import Call, Dependency
from services.gateway.disconnect import unless_gone
from services.gateway.patterns import Patterns
from services.gateway.reply import Reply
from services.gateway.storefront import Section, storefront

T = TypeVar("T")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
CustomerQuery = Annotated[int, Query(ge=1, le=2**63 - 1)]
SearchWords = Annotated[str, Query(max_length=200)]

_SEARCH_PARAMETERS = ("q", "category", "brand", "min_price", "max_price", "sort", "limit", "cursor")
_LEFT_AS_THEY_ARE = "!$%&'()*+,/:;=?@[]"
_PRINTABLE = re.compile(r"[ -~]*")
_PASSED_ON = ("content-type", "idempotency-key")


@dataclass(frozen=True, slots=True)
class Dependencies:
    """Whom the gateway calls."""

    products: Dependency
    customers: Dependency
    orders: Dependency


def router(to: Dependencies, patterns: Patterns) -> APIRouter:
    """Routes that pass requests on to these dependencies."""
    routes = APIRouter(prefix="/api", responses=documented(502, 504))

    async def while_wanted(request: Request, work: Awaitable[T]) -> T:
        """Without timeouts nothing is given up: not even when nobody is there any more."""
        return await (unless_gone(request.receive, work) if patterns.switches.timeouts else work)

    async def pass_on(request: Request, dependency: Dependency, call: Call) -> Response:
        reply: Reply = await while_wanted(request, dependency.call(call))
        return reply.response()

    @routes.get("/products/search", openapi_extra=_query_parameters(_SEARCH_PARAMETERS))
    async def search_products(request: Request) -> Response:
        return await pass_on(request, to.products, Call("GET", _with_query(request, "/products/search")))

    @routes.get("/products/{product_id}", responses=documented(404))
    async def get_product(request: Request, product_id: Id) -> Response:
        return await pass_on(request, to.products, Call("GET", f"/products/{product_id}"))

    @routes.get("/customers/{customer_id}", responses=documented(404))
    async def get_customer(request: Request, customer_id: Id) -> Response:
        return await pass_on(request, to.customers, Call("GET", f"/customers/{customer_id}"))

    @routes.get("/orders/{order_id}", responses=documented(404))
    async def get_order(request: Request, order_id: Id) -> Response:
        return await pass_on(request, to.orders, Call("GET", f"/orders/{order_id}"))

    @routes.get("/orders")
    async def list_orders(request: Request, customer_id: CustomerQuery) -> Response:
        return await pass_on(request, to.orders, Call("GET", _with_query(request, "/orders")))

    @routes.post("/orders", status_code=201, openapi_extra=_ORDER_REQUEST)
    async def place_order(request: Request) -> Response:
        headers = _order_headers(request)
        # The key is what makes it safe to send again.
        keyed = "idempotency-key" in headers
        return await pass_on(request, to.orders, Call("POST", "/orders", headers, await request.body(), keyed))

    @routes.get("/storefront/{customer_id}", responses=documented(404))
    async def get_storefront(request: Request, customer_id: Id, q: SearchWords = "") -> Response:
        sections = [
            Section("products", to.products, f"/products/search?q={quote_plus(q)}"),
            Section("customer", to.customers, f"/customers/{customer_id}"),
            Section("orders", to.orders, f"/orders?customer_id={customer_id}"),
        ]
        return await while_wanted(request, storefront(sections))

    return routes


def _order_headers(request: Request) -> dict[str, str]:
    """What Orders needs of the head. What cannot be passed on as it came is refused, never passed on as another."""
    passed_on = {}
    for name in _PASSED_ON:
        values = request.headers.getlist(name)
        if len(values) > 1:
            raise Problem(400, f"{name.title()} must be given once.")
        if values and not _PRINTABLE.fullmatch(values[0]):
            raise Problem(400, f"{name.title()} must be printable ASCII characters.")
        if values:
            passed_on[name] = values[0]
    return passed_on


def _with_query(request: Request, path: str) -> str:
    """The path with the query as the client encoded it: each service judges its own parameters."""
    # Bytes that have no place in an address are encoded; what the client encoded stays as it is.
    query = quote_from_bytes(request.scope["query_string"], safe=_LEFT_AS_THEY_ARE)
    return f"{path}?{query}" if query else path


def _query_parameters(names: tuple[str, ...]) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


_ORDER_REQUEST: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "description": "The same for every try of one order, and for no other order.",
            "schema": {"type": "string", "pattern": "^[!#-~]+$", "minLength": 1, "maxLength": 255},
        }
    ],
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
}
