"""When every server is marked as failed the marks are wrong more often than not: requests go through all the same."""

import pytest

from tests.lb.conftest import OpenShop, Shop
from tests.lb.fake_replica import FakeReplica, Mood


async def _mark(shop: Shop, *replicas: FakeReplica) -> None:
    """Let each of the replicas fail once, then forget what they received."""
    path = "/products/42" if replicas[0] in shop.products else "/api/orders/9"
    for replica in replicas:
        replica.mood = Mood.RESETTING
    while not all(replica.received for replica in replicas):
        await shop.lb.get(path)
    for replica in (*shop.products, *shop.gateways):
        replica.mood = Mood.ANSWERING
        replica.received.clear()


async def test_marked_replicas_serve_when_no_other_is_left(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2)
    await _mark(shop, *shop.products)
    answers = [await shop.lb.get("/products/42") for _ in range(4)]
    assert {(answer.status, answer.served_by) for answer in answers} == {(200, "products-1"), (200, "products-2")}
    assert len(shop.received) == 4


async def test_the_dead_ones_among_them_cost_no_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    await _mark(shop, *shop.products)
    await shop.products[0].kill()
    await shop.products[1].kill()
    for _ in range(4):
        assert (await shop.lb.get("/products/42")).served_by == "products-3"


@pytest.mark.parametrize("key", [None, "k1"])
async def test_marked_gateways_take_orders_when_no_other_is_left(open_shop: OpenShop, key: str | None) -> None:
    shop = await open_shop(products=0, gateways=2)
    await _mark(shop, *shop.gateways)
    assert (await shop.lb.order(key)).status == 200
    [request] = shop.received
    assert (request.method, request.target, request.body) == ("POST", "/api/orders", b'{"customer_id":7}')


# nginx itself sends no POST on that a server may have read; failing open must not depend on it.
REPLAYS_EVERY_POST = {"proxy_next_upstream error timeout;": "proxy_next_upstream error timeout non_idempotent;"}


async def test_an_order_without_a_key_that_reached_a_gateway_is_not_repeated(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2, edits=REPLAYS_EVERY_POST)
    first, last = shop.gateways
    await _mark(shop, first)
    last.mood = Mood.RESETTING  # the order reaches the last one in rotation, which takes it along
    assert (await shop.lb.order()).problem()["reason"] == "unreachable"
    assert (len(first.received), len(last.received)) == (0, 1)


async def test_an_order_with_a_key_that_reached_a_gateway_is_repeated(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2)
    first, last = shop.gateways
    await _mark(shop, first)
    last.mood = Mood.RESETTING
    assert (await shop.lb.order(key="k1")).served_by == first.name
    assert {request.headers["idempotency-key"] for request in shop.received} == {"k1"}


async def test_a_read_that_reached_a_replica_is_repeated(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2)
    first, last = shop.products
    await _mark(shop, first)
    last.mood = Mood.RESETTING
    assert (await shop.lb.get("/products/42")).served_by == first.name
    assert len(first.received) == 1


async def test_a_request_that_nobody_can_answer_ends(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    for replica in shop.products:
        replica.mood = Mood.RESETTING
    for _ in range(2):  # the second time every replica is marked
        answer = await shop.lb.get("/products/42")
        problem = answer.problem()
        assert (problem["status"], problem["dependency"], problem["reason"]) == (502, "products", "unreachable")
        assert answer.headers["Retry-After"] == "2"
    assert [len(replica.received) for replica in shop.products] == [2, 2, 2]


async def test_a_service_without_servers_is_unreachable(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=0)
    for answer in (await shop.lb.get("/api/orders/9"), await shop.lb.order(), await shop.lb.order(key="k1")):
        problem = answer.problem()
        assert (problem["status"], problem["dependency"], problem["reason"]) == (502, "gateway", "unreachable")
