"""Every pattern can be switched off and on again, to see what it is good for."""

import asyncio
import json

import pytest

from resilience.pipeline_state import Switches
from services.gateway.patterns import Patterns, SwitchChanges
from tests.chassis.upstream import answer, hang, reset
from tests.services.gateway.conftest import PATIENCE_S, Gateway, OpenGateway, until

ALL = ("timeouts", "circuit_breakers", "bulkheads", "retries", "retry_budgets", "fallbacks")


async def test_before_the_first_call_everything_is_on_and_every_state_is_shown(gateway: Gateway) -> None:
    shown = (await gateway.get("/patterns")).json
    assert shown["switches"] == dict.fromkeys(ALL, True)
    assert list(shown["dependencies"]) == ["products", "customers", "orders"]
    for dependency, state in shown["dependencies"].items():
        assert (state["circuit_breaker"]["state"], state["bulkhead"]["max_concurrent"]) == ("closed", 25)
        assert state["rejected"] == dict.fromkeys(("circuit_open", "bulkhead_full", "timeout", "deadline_exceeded"), 0)
        assert await gateway.metric("afloat_circuit_state", dependency=dependency, state="closed") == 1
        assert await gateway.metric("afloat_circuit_state", dependency=dependency, state="open") == 0


@pytest.mark.parametrize("pattern", ALL)
async def test_one_pattern_is_switched_alone(gateway: Gateway, pattern: str) -> None:
    off = (await gateway.switch(**{pattern: False})).json["switches"]
    assert off == dict.fromkeys(ALL, True) | {pattern: False}
    assert await gateway.metric("afloat_pattern_enabled", dependency="orders", pattern=pattern) == 0
    on = (await gateway.switch(**{pattern: True})).json["switches"]
    assert on == dict.fromkeys(ALL, True)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"timeouts":"off"}',
        b'{"timeouts":0}',
        b'{"luck":true}',
        b"null",
        b'{"for_s":0}',
        b'{"for_s":1e999}',
        b'{"for_s":"NaN"}',
    ],
)
async def test_a_malformed_change_is_refused_and_changes_nothing(gateway: Gateway, body: bytes) -> None:
    reply = await gateway.ask("PUT", "/patterns", {"Content-Type": "application/json"}, body)
    assert reply.problem()["status"] == 422
    assert (await gateway.get("/patterns")).json["switches"] == dict.fromkeys(ALL, True)


async def test_a_temporary_change_ends_by_itself(gateway: Gateway) -> None:
    await gateway.switch(retries=False)
    off = (await gateway.switch(timeouts=False, fallbacks=False, for_s=0.05)).json["switches"]
    assert off == dict.fromkeys(ALL, True) | {"retries": False, "timeouts": False, "fallbacks": False}
    await gateway.metric_becomes(1, "afloat_pattern_enabled", dependency="orders", pattern="timeouts")
    now = (await gateway.get("/patterns")).json["switches"]
    assert now == dict.fromkeys(ALL, True) | {"retries": False}


async def test_another_change_before_the_end_stays() -> None:
    patterns = Patterns(())
    patterns.switch(SwitchChanges(timeouts=False, for_s=0.01))
    patterns.switch(SwitchChanges(retries=False))
    # Timers end in the order of their times: the timer of 0.01 s would have ended by then.
    await asyncio.sleep(0.05)
    assert patterns.switches == Switches(timeouts=False, retries=False)


async def test_two_temporary_changes_end_together() -> None:
    patterns = Patterns(())
    patterns.switch(SwitchChanges(timeouts=False, for_s=60))
    patterns.switch(SwitchChanges(retries=False, for_s=0.01))
    assert patterns.switches == Switches(timeouts=False, retries=False)
    await until(lambda: patterns.switches == Switches())


async def test_without_timeouts_a_call_goes_on_after_its_deadline_and_its_client(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(orders_patterns='{"attempt_timeout_s": 0.05}', request_timeout_s=0.2)
    # Until then this request too has only 0.2 s.
    async with asyncio.timeout(PATIENCE_S):
        while (await gateway.switch(timeouts=False)).status != 200:
            pass
    gateway.orders.behave = hang
    waiting = [asyncio.create_task(gateway.get(f"/api/orders/{number}")) for number in range(1, 6)]
    await until(lambda: len(gateway.orders.received) == 5)
    assert "x-deadline-ms" not in gateway.orders.received[0].headers
    done, _ = await asyncio.wait(waiting, timeout=0.5)
    assert not done
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    # When this request is answered, the gateway has seen that the other clients have disconnected.
    assert (await gateway.get("/api/products/5")).status == 200
    assert await gateway.metric("afloat_attempts_in_flight", dependency="orders") == 5
    await gateway.orders.stop()
    await gateway.metric_becomes(0, "afloat_attempts_in_flight", dependency="orders")


async def test_without_circuit_breakers_every_call_is_made(gateway: Gateway) -> None:
    await gateway.switch(circuit_breakers=False, retries=False)
    gateway.customers.behave = answer(503)
    for number in range(1, 31):
        assert (await gateway.get(f"/api/customers/{number}")).problem()["reason"] == "upstream_error"
    assert len(gateway.customers.received) == 30


async def test_without_bulkheads_one_slow_service_takes_all_slots(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(request_timeout_s=60)
    await gateway.switch(bulkheads=False, timeouts=False)
    gateway.products.behave = hang
    slow = [asyncio.create_task(gateway.get(f"/api/products/{number}")) for number in range(1, 121)]
    await until(lambda: len(gateway.products.received) == 100)
    starved = asyncio.create_task(gateway.get("/api/customers/7"))
    await gateway.metric_becomes(21, "afloat_bulkhead_queued_calls", dependency="customers")
    assert gateway.customers.received == []
    for task in slow:
        task.cancel()
    await gateway.products.stop()
    assert (await starved).status == 200


async def test_without_retries_there_is_one_attempt(gateway: Gateway) -> None:
    await gateway.switch(retries=False)
    gateway.customers.behave = reset
    assert (await gateway.get("/api/customers/7")).status == 502
    assert len(gateway.customers.received) == 1


async def test_the_retry_budget_limits_the_attempts_and_without_it_they_multiply(open_gateway: OpenGateway) -> None:
    patterns = {"retry": {"first_backoff_s": 0.001, "max_backoff_s": 0.001}}
    for budget, most in ((True, 24 + 3), (False, 60)):
        gateway = await open_gateway(customers_patterns=json.dumps(patterns))
        await gateway.switch(circuit_breakers=False, retry_budgets=budget)
        gateway.customers.behave = answer(503)
        await asyncio.gather(*(gateway.get(f"/api/customers/{number}") for number in range(1, 21)))
        assert len(gateway.customers.received) <= most
        assert budget or len(gateway.customers.received) == most


async def test_without_fallbacks_nothing_is_served_stale(gateway: Gateway) -> None:
    await gateway.get("/api/products/5")
    await gateway.switch(fallbacks=False)
    await gateway.products.stop()
    assert (await gateway.get("/api/products/5")).status == 503
