"""The kinds of request that an experiment may mix, by name, and the service that each is about."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from lab.request import WANTED, Request

# Few enough that each has been seen once before the fault: what the cache cannot know, it cannot stand in for.
CUSTOMERS = 40
_CLICKS_TWICE = 0.05

SERVICE_OF: Mapping[str, str] = MappingProxyType(
    {
        "search": "products",
        "gateway_search": "products",
        "customer": "customers",
        "orders_of_customer": "orders",
        "order": "orders",
        "storefront": "storefront",
    }
)
"""Every kind; the storefront asks all three services."""

KINDS = tuple(SERVICE_OF)
GROUPS = tuple(dict.fromkeys([*SERVICE_OF.values(), *KINDS]))
"""What figures are given for apart from all requests together: each service, and each kind."""


def kinds_of(group: str) -> frozenset[str]:
    """The kinds that a group's figures are about."""
    return frozenset(kind for kind, service in SERVICE_OF.items() if group in (kind, service))


def mixed(weights: Mapping[str, float], seed: int = 1) -> Iterator[Request]:
    """Requests of these kinds, each as often as its weight says, the same ones for the same seed."""
    chance = random.Random(seed)
    sources = {kind: _SOURCES[kind](random.Random(chance.random())) for kind in weights}
    kinds, shares = list(weights), list(weights.values())
    while True:
        (kind,) = chance.choices(kinds, shares)
        yield next(sources[kind])


def _searches(prefix: str, kind: str) -> Callable[[random.Random], Iterator[Request]]:
    """What others have searched for too, so that the gateway's cache may stand in for it."""

    def source(chance: random.Random) -> Iterator[Request]:
        while True:
            yield Request("GET", f"{prefix}/search?{urlencode({'q': chance.choice(WANTED)})}", kind=kind)

    return source


def _customers(chance: random.Random) -> Iterator[Request]:
    while True:
        yield Request("GET", f"/api/customers/{chance.randint(1, CUSTOMERS)}", kind="customer")


def _orders_of_customers(chance: random.Random) -> Iterator[Request]:
    while True:
        query = urlencode({"customer_id": chance.randint(1, CUSTOMERS)})
        yield Request("GET", f"/api/orders?{query}", kind="orders_of_customer")


def _orders(chance: random.Random) -> Iterator[Request]:
    """Each with a key of its own, but for shoppers who click twice."""
    # Keys of this run alone, or a second run would be told of the orders of the first.
    fresh = random.SystemRandom()
    while True:
        lines = [{"product_id": chance.randint(1, 100), "quantity": chance.randint(1, 3)}]
        body = json.dumps({"customer_id": chance.randint(1, CUSTOMERS), "lines": lines}).encode()
        key = str(UUID(int=fresh.getrandbits(128), version=4))
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        request = Request("POST", "/api/orders", headers, body, kind="order", keep_body=True)
        yield from [request] * (2 if chance.random() < _CLICKS_TWICE else 1)


def _storefronts(chance: random.Random) -> Iterator[Request]:
    while True:
        query = urlencode({"q": chance.choice(WANTED)})
        path = f"/api/storefront/{chance.randint(1, CUSTOMERS)}?{query}"
        yield Request("GET", path, kind="storefront", sections=True)


_SOURCES: Mapping[str, Callable[[random.Random], Iterator[Request]]] = {
    "search": _searches("/products", "search"),
    "gateway_search": _searches("/api/products", "gateway_search"),
    "customer": _customers,
    "orders_of_customer": _orders_of_customers,
    "order": _orders,
    "storefront": _storefronts,
}
