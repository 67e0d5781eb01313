"""Connections are kept, and a dead one costs nobody an error, nor an order its once-only delivery."""

import asyncio

import pytest

from tests.services.gateway.conftest import Gateway, OpenGateway, until
from tests.services.gateway.upstream import answer, hang, hang_up, in_turn, reset


async def test_one_connection_serves_one_request_after_the_other(gateway: Gateway) -> None:
    for _ in range(5):
        assert (await gateway.get("/api/products/5")).status == 200
    assert gateway.products.connections == 1


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_a_kept_connection_that_turns_out_dead_costs_a_read_nothing(gateway: Gateway, end: object) -> None:
    gateway.products.behave = in_turn(answer(), end, answer(200, b'{"id":5}'))  # type: ignore[arg-type]
    await gateway.get("/api/products/5")
    reply = await gateway.get("/api/products/5")
    assert (reply.status, reply.body) == (200, b'{"id":5}')
    assert gateway.products.connections == 2


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_a_kept_connection_that_turns_out_dead_never_repeats_an_order(gateway: Gateway, end: object) -> None:
    gateway.orders.behave = in_turn(answer(201), end, answer(201))  # type: ignore[arg-type]
    await gateway.order()
    reply = await gateway.order()
    assert (reply.status, reply.problem()["reason"]) == (502, "unreachable")
    assert len(gateway.orders.received) == 2


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_a_new_connection_that_breaks_is_not_tried_again(gateway: Gateway, end: object) -> None:
    gateway.products.behave = end  # type: ignore[assignment]
    assert (await gateway.get("/api/products/5")).status == 502
    assert len(gateway.products.received) == 1


async def test_a_read_is_repeated_once_at_most(gateway: Gateway) -> None:
    gateway.products.behave = in_turn(answer(), hang_up)
    await gateway.get("/api/products/5")
    assert (await gateway.get("/api/products/5")).status == 502
    assert len(gateway.products.received) == 3


async def test_a_service_that_came_back_is_used_at_once(gateway: Gateway) -> None:
    assert (await gateway.order()).status == 200
    await gateway.orders.stop()
    assert (await gateway.get("/api/orders/9")).status == 503
    await gateway.orders.start()
    assert (await gateway.order()).status == 200


async def test_no_more_connections_are_made_than_allowed(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(dependency_connections=2, products_timeout_s=20)
    go_on = asyncio.Event()

    async def wait(exchange: object) -> None:
        await go_on.wait()
        await answer()(exchange)  # type: ignore[arg-type]

    gateway.products.behave = wait
    waiting = [asyncio.create_task(gateway.get("/api/products/5")) for _ in range(5)]
    await until(lambda: gateway.products.connections == 2)
    go_on.set()
    assert {reply.status for reply in await asyncio.gather(*waiting)} == {200}
    assert gateway.products.connections == 2


async def test_a_full_pool_of_one_service_does_not_touch_another(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(dependency_connections=1, orders_timeout_s=20)
    gateway.orders.behave = hang
    waiting = asyncio.create_task(gateway.get("/api/orders/9"))
    await until(lambda: gateway.orders.connections == 1)
    assert (await gateway.get("/api/products/5")).status == 200
    waiting.cancel()


async def test_a_call_given_up_leaves_its_place_in_the_pool(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(dependency_connections=1, products_timeout_s=0.2)
    gateway.products.behave = in_turn(hang, answer())
    assert (await gateway.get("/api/products/5")).status == 504
    assert (await gateway.get("/api/products/5")).status == 200
