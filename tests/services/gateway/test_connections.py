"""Connections are kept. When one turns out dead, the retries send the request again and nothing else does."""

import asyncio
import json
from typing import Any

import pytest

from tests.chassis.upstream import Exchange, answer, hang, hang_up, in_turn, reset
from tests.services.gateway.conftest import ORDER, Gateway, OpenGateway, until

ONE_ATTEMPT = json.dumps({"retry": {"max_attempts": 1}})


async def test_one_connection_serves_many_requests(gateway: Gateway) -> None:
    for _ in range(5):
        assert (await gateway.get("/api/customers/5")).status == 200
    assert (gateway.customers.connections, len(gateway.customers.received)) == (1, 5)


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_a_read_on_a_dead_kept_connection_succeeds(gateway: Gateway, end: Any) -> None:
    gateway.customers.behave = in_turn(answer(), end, answer(200, b'{"id":5}'))
    await gateway.get("/api/customers/5")
    reply = await gateway.get("/api/customers/5")
    assert (reply.status, reply.body) == (200, b'{"id":5}')
    assert reply.headers["X-Patterns"] == "retry;dependency=customers;attempts=2"
    assert gateway.customers.connections == 2


@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_an_order_is_sent_again_with_the_same_key(gateway: Gateway, end: Any) -> None:
    gateway.orders.behave = in_turn(end, answer(201, ORDER))
    reply = await gateway.order(key="the-key")
    assert (reply.status, reply.headers["X-Patterns"]) == (201, "retry;dependency=orders;attempts=2")
    assert [request.headers["idempotency-key"] for request in gateway.orders.received] == ["the-key"] * 2


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
async def test_only_the_retries_send_a_request_again(open_gateway: OpenGateway, end: Any, kept: bool) -> None:
    gateway = await open_gateway(customers_patterns=ONE_ATTEMPT)
    gateway.customers.behave = in_turn(answer(), end) if kept else end
    if kept:
        await gateway.get("/api/customers/4")
    assert (await gateway.get("/api/customers/5")).status == 502
    assert len(gateway.customers.received) == 1 + kept


async def test_a_request_is_sent_at_most_three_times(gateway: Gateway) -> None:
    gateway.customers.behave = hang_up
    reply = await gateway.get("/api/customers/5")
    assert (reply.status, reply.headers["X-Patterns"]) == (502, "retry;dependency=customers;attempts=3")
    assert len(gateway.customers.received) == 3


async def test_a_service_that_is_back_is_called_at_once(gateway: Gateway) -> None:
    assert (await gateway.order()).status == 200
    await gateway.orders.stop()
    assert (await gateway.get("/api/orders/9")).status == 503
    await gateway.orders.start()
    assert (await gateway.order()).status == 200


async def test_there_are_at_most_as_many_connections_as_slots(open_gateway: OpenGateway) -> None:
    patterns = {"bulkhead": {"max_concurrent": 2, "max_wait_s": 20}}
    gateway = await open_gateway(customers_patterns=json.dumps(patterns), request_timeout_s=20)
    go_on = asyncio.Event()

    async def wait(exchange: Exchange) -> None:
        await go_on.wait()
        await answer()(exchange)

    gateway.customers.behave = wait
    waiting = [asyncio.create_task(gateway.get(f"/api/customers/{number}")) for number in range(1, 6)]
    await until(lambda: gateway.customers.connections == 2)
    await gateway.metric_becomes(3, "afloat_bulkhead_queued_calls", dependency="customers")
    go_on.set()
    assert {reply.status for reply in await asyncio.gather(*waiting)} == {200}
    assert gateway.customers.connections == 2


@pytest.mark.parametrize(("bulkheads", "before", "after"), [(False, 100, 24), (True, 25, 99)])
async def test_after_a_switch_there_is_a_connection_for_every_slot(
    open_gateway: OpenGateway, bulkheads: bool, before: int, after: int
) -> None:
    """Property 11: a call with a slot never waits for a connection."""

    async def answer_the_last(exchange: Exchange) -> None:
        await (answer() if exchange.received.target.endswith("/200") else hang)(exchange)

    gateway = await open_gateway(request_timeout_s=60)
    gateway.customers.behave = answer_the_last
    await gateway.switch(timeouts=False, circuit_breakers=False, bulkheads=bulkheads)
    hung = [asyncio.create_task(gateway.get(f"/api/customers/{number}")) for number in range(1, before + 1)]
    await gateway.metric_becomes(before, "afloat_attempts_in_flight", dependency="customers")
    await gateway.switch(bulkheads=not bulkheads)
    more = range(before + 1, before + after + 1)
    hung += [asyncio.create_task(gateway.get(f"/api/customers/{number}")) for number in more]
    await gateway.metric_becomes(before + after, "afloat_attempts_in_flight", dependency="customers")
    await gateway.switch(timeouts=True)
    assert (await gateway.get("/api/customers/200")).status == 200
    for task in hung:
        task.cancel()
    await gateway.customers.stop()


async def test_a_full_bulkhead_of_one_service_does_not_affect_another(open_gateway: OpenGateway) -> None:
    patterns = {"bulkhead": {"max_concurrent": 1, "max_queued": 0}}
    gateway = await open_gateway(orders_patterns=json.dumps(patterns), request_timeout_s=20)
    gateway.orders.behave = hang
    waiting = asyncio.create_task(gateway.get("/api/orders/9"))
    await until(lambda: gateway.orders.connections == 1)
    reply = await gateway.get("/api/orders/10")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (503, "orders", "bulkhead_full")
    assert (reply.headers["X-Patterns"], reply.headers["Retry-After"]) == ("bulkhead;dependency=orders", "1")
    assert (await gateway.get("/api/products/5")).status == 200
    waiting.cancel()


async def test_a_call_that_times_out_gives_back_its_slot_and_its_connection(open_gateway: OpenGateway) -> None:
    patterns = {"attempt_timeout_s": 0.2, "bulkhead": {"max_concurrent": 1}, "retry": {"max_attempts": 1}}
    gateway = await open_gateway(customers_patterns=json.dumps(patterns))
    gateway.customers.behave = in_turn(hang, answer())
    assert (await gateway.get("/api/customers/5")).status == 504
    await gateway.switch(timeouts=False)
    assert (await gateway.get("/api/customers/5")).status == 200
