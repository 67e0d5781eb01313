"""The storefront: products, a customer and the customer's orders on one page. A section that fails is left out.

A section is `fresh`, `stale`, or `unavailable` with the reason. There is a page while any section has data.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import quote_plus

from fastapi import Query, Response
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.datastructures import MutableHeaders

from chassis.problems import Problem
from services.contract import Customer, OrderPage, SearchPage
from services.gateway.answer import PATTERNS, Reply, patterns_header
from services.gateway.dependency import Dependencies, Dependency
from services.gateway.problems import UpstreamError
from services.gateway.transport import Call

Data = TypeVar("Data", bound=BaseModel)

SearchWords = Annotated[str, Query(max_length=200, description="words to search for", examples=["desk lamp"])]


class Available(BaseModel, Generic[Data]):
    """A section with the answer of its service, `age_s` seconds old."""

    status: Literal["fresh", "stale"]
    age_s: float
    data: Data


class Unavailable(BaseModel):
    """A section without data: its service did not answer, and the cache has no older answer."""

    status: Literal["unavailable"] = "unavailable"
    age_s: None = None
    data: None = None
    reason: str


class Storefront(BaseModel):
    products: Available[SearchPage] | Unavailable
    customer: Available[Customer] | Unavailable
    orders: Available[OrderPage] | Unavailable


@dataclass(frozen=True, slots=True)
class _Result(Generic[Data]):
    """A section, and the patterns that acted on its call. `refusal` is a 4xx of the service, such as a 404."""

    section: Available[Data] | Unavailable
    patterns: str
    refusal: Reply | None = None


async def read_storefront(
    to: Dependencies, customer_id: int, words: str, headers: MutableHeaders
) -> Storefront | Response:
    """The page. If a service refuses the request, the answer of that service. Sets X-Patterns in `headers`.

    The three calls run at the same time. If one of them has a bug, the others are cancelled.
    """
    async with asyncio.TaskGroup() as group:
        search = f"/products/search?q={quote_plus(words)}"
        products = group.create_task(_read(to.products, search, Available[SearchPage]))
        customer = group.create_task(_read(to.customers, f"/customers/{customer_id}", Available[Customer]))
        orders = group.create_task(_read(to.orders, f"/orders?customer_id={customer_id}", Available[OrderPage]))
    results: list[_Result[Any]] = [products.result(), customer.result(), orders.result()]
    for result in results:
        if result.refusal is not None:
            return result.refusal.response()
    missing = [result.section.reason for result in results if isinstance(result.section, Unavailable)]
    if len(missing) == len(results):
        raise Problem(503, "No section of the page is available.", reason=missing[0], retry_after_s=1)
    headers.update(patterns_header(*(result.patterns for result in results)))
    return Storefront(
        products=products.result().section, customer=customer.result().section, orders=orders.result().section
    )


async def _read(dependency: Dependency, target: str, section: type[Available[Data]]) -> _Result[Data]:
    unusable = Unavailable(reason=UpstreamError.reason)
    try:
        reply = await dependency.call(Call("GET", target))
    except Problem as problem:
        patterns = (problem.headers or {}).get(PATTERNS, "")
        return _Result(Unavailable(reason=problem.reason or unusable.reason), patterns)
    status = reply.answer.status
    if status == 429 or status >= 500:
        return _Result(unusable, reply.patterns)
    if status != 200:
        return _Result(unusable, reply.patterns, refusal=reply)
    freshness = {"status": "stale" if reply.served.stale else "fresh", "age_s": round(reply.served.age_s, 1)}
    try:
        return _Result(section.model_validate(freshness | {"data": from_json(reply.answer.body)}), reply.patterns)
    except ValueError:  # it is not JSON, or not what the contract says
        return _Result(unusable, reply.patterns)
