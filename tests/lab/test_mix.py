"""The mix of a load."""

from collections import Counter
from itertools import islice

import pytest

from lab.mix import KINDS, kinds_of, mixed


def test_each_kind_comes_as_often_as_its_weight_says() -> None:
    counts = Counter(request.kind for request in islice(mixed({"search": 1, "customer": 3}), 4000))
    assert set(counts) == {"search", "customer"}
    assert 900 < counts["search"] < 1100


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_marked_as_what_it_is(kind: str) -> None:
    requests = list(islice(mixed({kind: 1}), 50))
    assert {request.kind for request in requests} == {kind}
    assert {request.method for request in requests} == {"POST" if kind == "order" else "GET"}
    assert all(request.path.startswith(("/products/", "/api/")) for request in requests)


def test_the_same_seed_asks_for_the_same() -> None:
    def paths(seed: int) -> list[str]:
        return [request.path for request in islice(mixed({"search": 1, "storefront": 2}, seed), 100)]

    assert paths(1) == paths(1) != paths(2)


def test_each_order_has_a_key_and_a_few_shoppers_click_twice() -> None:
    orders = list(islice(mixed({"order": 1}), 1000))
    keys = Counter(order.headers["Idempotency-Key"] for order in orders)
    assert set(keys.values()) == {1, 2}
    assert 10 < sum(count == 2 for count in keys.values()) < 120
    by_key = {order.headers["Idempotency-Key"]: order.body for order in orders}
    assert all(by_key[order.headers["Idempotency-Key"]] == order.body for order in orders)
    others = {order.headers["Idempotency-Key"] for order in islice(mixed({"order": 1}), 1000)}
    assert not others & set(keys), "a second run must not be told of the orders of the first"


def test_a_group_is_a_kind_or_all_of_a_service() -> None:
    assert kinds_of("products") == {"search", "gateway_search"}
    assert kinds_of("orders") == {"orders_of_customer", "order"}
    assert kinds_of("customer") == {"customer"}
