"""An answer that was read before is served stale when the service fails, and never for another request."""

import asyncio
import json
import re

import pytest

from tests.chassis.upstream import Exchange, answer, hang, in_turn
from tests.services.gateway.conftest import ORDER, Gateway, OpenGateway, until

NOT_FRESH = json.dumps({"stale_cache": {"fresh_s": 0}})


async def test_a_search_that_was_made_before_is_answered_while_products_is_away(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(products_patterns=NOT_FRESH)
    gateway.products.behave = answer(200, b'{"products":[1]}')
    first = await gateway.get("/api/products/search?q=lamp")
    await gateway.products.stop()
    reply = await gateway.get("/api/products/search?q=lamp")
    assert first.headers["Cache-Status"] == "gateway; fwd=miss"
    assert (reply.status, reply.body) == (200, b'{"products":[1]}')
    assert re.fullmatch(r"gateway; hit; ttl=-\d+; detail=unreachable", reply.headers["Cache-Status"])
    assert reply.headers["Age"].isdigit()
    assert reply.headers["X-Patterns"].endswith("fallback;dependency=products;reason=unreachable")
    assert await gateway.metric("afloat_stale_answers_total", dependency="products") == 1
    assert await gateway.metric("afloat_dependency_calls_total", dependency="products", outcome="stale") == 1


async def test_another_search_is_not_answered(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(products_patterns=NOT_FRESH)
    await gateway.get("/api/products/search?q=lamp")
    await gateway.products.stop()
    assert (await gateway.get("/api/products/search?q=lamb")).problem()["reason"] == "unreachable"


async def test_a_fresh_answer_needs_no_call(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(products_patterns=json.dumps({"stale_cache": {"fresh_s": 60}}))
    await gateway.get("/api/products/search?q=lamp")
    reply = await gateway.get("/api/products/search?q=lamp")
    assert re.fullmatch(r"gateway; hit; ttl=\d+", reply.headers["Cache-Status"])
    assert "X-Patterns" not in reply.headers
    assert len(gateway.products.received) == 1


@pytest.mark.parametrize("path", ["/api/customers/7", "/api/orders/7", "/api/orders?customer_id=7"])
async def test_data_that_can_be_written_are_read_every_time(gateway: Gateway, path: str) -> None:
    for _ in range(2):
        assert (await gateway.get(path)).headers["Cache-Status"] == "gateway; fwd=miss"
    assert len(gateway.customers.received) + len(gateway.orders.received) == 2


async def test_a_read_after_a_write_does_not_share_a_call_that_began_before_it(gateway: Gateway) -> None:
    gateway.orders.behave = in_turn(hang, answer(200, b'{"orders":[9]}'))
    before = asyncio.create_task(gateway.get("/api/orders?customer_id=7"))
    await until(lambda: len(gateway.orders.received) == 1)
    assert (await gateway.get("/api/orders?customer_id=7")).body == b'{"orders":[9]}'
    before.cancel()


async def test_the_data_of_one_customer_are_never_served_for_another(gateway: Gateway) -> None:
    await gateway.get("/api/customers/7")
    await gateway.get("/api/orders?customer_id=7")
    await gateway.customers.stop()
    await gateway.orders.stop()
    assert (await gateway.get("/api/customers/7")).status == 200
    assert (await gateway.get("/api/customers/8")).status == 503
    assert (await gateway.get("/api/orders?customer_id=7")).status == 200
    assert (await gateway.get("/api/orders?customer_id=8")).status == 503


async def test_a_write_is_never_answered_from_the_cache(gateway: Gateway) -> None:
    gateway.orders.behave = answer(201, ORDER)
    assert "Cache-Status" not in (await gateway.order()).headers
    await gateway.orders.stop()
    assert (await gateway.order()).status == 503


async def test_a_404_removes_the_stored_answer(gateway: Gateway) -> None:
    await gateway.get("/api/customers/7")
    gateway.customers.behave = answer(404, b"{}", content_type="application/problem+json")
    assert (await gateway.get("/api/customers/7")).status == 404
    await gateway.customers.stop()
    assert (await gateway.get("/api/customers/7")).status == 503


async def test_a_read_that_ends_after_a_404_does_not_bring_the_deleted_answer_back(gateway: Gateway) -> None:
    go_on = asyncio.Event()

    async def answer_later(exchange: Exchange) -> None:
        await go_on.wait()
        await answer()(exchange)

    gateway.customers.behave = in_turn(answer_later, answer(404, b"{}", content_type="application/problem+json"))
    slow = asyncio.create_task(gateway.get("/api/customers/7"))
    await until(lambda: len(gateway.customers.received) == 1)
    assert (await gateway.get("/api/customers/7")).status == 404
    go_on.set()
    assert (await slow).status == 200
    await gateway.customers.stop()
    assert (await gateway.get("/api/customers/7")).status == 503


@pytest.mark.parametrize("status", [400, 422, 429])
async def test_another_4xx_keeps_the_stored_answer(gateway: Gateway, status: int) -> None:
    await gateway.get("/api/customers/7")
    gateway.customers.behave = answer(status, b"{}", content_type="application/problem+json", retry_after="1")
    assert (await gateway.get("/api/customers/7")).status == status
    await gateway.customers.stop()
    assert (await gateway.get("/api/customers/7")).headers["Cache-Status"].startswith("gateway; hit; ttl=-")


async def test_an_answer_with_no_store_is_not_stored(gateway: Gateway) -> None:
    gateway.customers.behave = answer(cache_control="private, no-store")
    await gateway.get("/api/customers/7")
    await gateway.customers.stop()
    assert (await gateway.get("/api/customers/7")).status == 503
