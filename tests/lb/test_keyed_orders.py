"""An order is sent a second time only if the service can tell that it is the same one."""

import pytest

from tests.lb.conftest import SHORT, OpenShop, Shop
from tests.lb.fake_replica import Mood


def _reached(shop: Shop) -> list[int]:
    return [len(gateway.received) for gateway in shop.gateways]


@pytest.mark.parametrize("mood", [Mood.RESETTING, Mood.HUNG])
async def test_an_order_with_a_key_is_taken_over_by_the_other_gateway(open_shop: OpenShop, mood: Mood) -> None:
    shop = await open_shop(products=0, gateways=2, read_timeout=SHORT)
    shop.gateways[0].mood = mood
    order = b"x" * 60_000
    answers = [await shop.lb.order(key="k1", body=order) for _ in range(2)]
    assert [answer.served_by for answer in answers] == ["gateway-2", "gateway-2"]
    assert _reached(shop) == [1, 2]
    for request in shop.received:
        assert (request.method, request.headers["idempotency-key"], request.body) == ("POST", "k1", order)


async def test_both_gateways_get_the_same_call_id_which_is_not_the_clients(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2)
    shop.gateways[0].mood = Mood.RESETTING
    headers = {"Idempotency-Key": "k1", "X-Call-Id": "mine"}
    for _ in range(2):
        assert (await shop.lb.ask("POST", "/api/orders", headers, b"{}")).served_by == "gateway-2"
    (broken,), (first, second) = (
        [request.headers["x-call-id"] for request in gateway.received] for gateway in shop.gateways
    )
    assert broken == first
    assert "mine" != first != second


@pytest.mark.parametrize("mood", [Mood.RESETTING, Mood.HUNG])
@pytest.mark.parametrize("key", [None, "", "  "])
async def test_an_order_without_a_key_is_sent_once(open_shop: OpenShop, mood: Mood, key: str | None) -> None:
    shop = await open_shop(products=0, gateways=2, read_timeout=SHORT)
    for gateway in shop.gateways:
        gateway.mood = mood
    answer = await shop.lb.order(key)
    assert answer.problem()["status"] == (502 if mood is Mood.RESETTING else 504)
    assert sum(_reached(shop)) == 1


async def test_an_order_that_reached_nobody_needs_no_key(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2)
    await shop.gateways[0].kill()
    for _ in range(4):
        assert (await shop.lb.order()).served_by == "gateway-2"
    assert len(shop.gateways[1].received) == 4


async def test_a_key_alone_asks_no_gateway_twice_for_an_answer_it_gave(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2)
    for gateway in shop.gateways:
        gateway.answer_problem(503, dependency="orders", reason="circuit_open")
    assert (await shop.lb.order(key="k1")).status == 503
    assert sum(_reached(shop)) == 1


async def test_the_switch_for_retries_holds_for_keyed_orders_too(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2, AFLOAT_LB_GATEWAY_NEXT_UPSTREAM="off")
    for gateway in shop.gateways:
        gateway.mood = Mood.RESETTING
    assert (await shop.lb.order(key="k1")).status == 502
    assert sum(_reached(shop)) == 1
