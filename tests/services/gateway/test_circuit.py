"""The circuit of one dependency: what opens it, what does not, what its callers get, and how it closes again."""

import asyncio
import json

import pytest

from tests.chassis.upstream import Exchange, answer, hang, reset
from tests.services.gateway.conftest import PATIENCE_S, Gateway, OpenGateway, until

ONCE = {"retry": {"max_attempts": 1}}
LONG = ONCE | {"circuit_breaker": {"open_wait_s": 600, "max_open_wait_s": 600}}
SHORT = ONCE | {"circuit_breaker": {"open_wait_s": 0.05, "max_open_wait_s": 0.05}}


async def state(gateway: Gateway, dependency: str = "customers") -> str:
    """The state in /patterns, after /metrics shows the same. It may change between the two reads: then read again."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            shown = str((await gateway.get("/patterns")).json["dependencies"][dependency]["circuit_breaker"]["state"])
            if await gateway.metric("afloat_circuit_state", dependency=dependency, state=shown) == 1:
                return shown


async def test_a_service_that_keeps_failing_is_not_called_and_its_callers_get_a_503(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(customers_patterns=json.dumps(LONG))
    gateway.customers.behave = answer(503)
    for number in range(1, 6):
        assert (await gateway.get(f"/api/customers/{number}")).problem()["reason"] == "upstream_error"
    reply = await gateway.get("/api/customers/6")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (503, "customers", "circuit_open")
    assert reply.headers["X-Patterns"] == "circuit_breaker;dependency=customers"
    assert 400 < int(reply.headers["Retry-After"]) <= 720
    assert len(gateway.customers.received) == 5
    assert await state(gateway) == "open"
    assert await gateway.metric("afloat_circuit_next_probe_seconds", dependency="customers") > 400
    assert await gateway.metric("afloat_rejections_total", dependency="customers", reason="circuit_open") == 1


async def test_the_other_services_are_not_affected(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(customers_patterns=json.dumps(LONG))
    gateway.customers.behave = answer(503)
    for number in range(1, 7):
        await gateway.get(f"/api/customers/{number}")
    assert (await gateway.get("/api/products/5")).status == 200
    assert (await gateway.get("/api/orders/5")).status == 200
    assert (await state(gateway, "products"), await state(gateway, "orders")) == ("closed", "closed")


async def test_a_service_that_recovers_is_called_again(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(customers_patterns=json.dumps(SHORT))
    gateway.customers.behave = answer(503)
    for number in range(1, 7):
        await gateway.get(f"/api/customers/{number}")
    gateway.customers.behave = answer()
    async with asyncio.timeout(PATIENCE_S):
        while await state(gateway) != "closed":
            await gateway.get("/api/customers/7")
    assert (await gateway.get("/api/customers/8")).status == 200


async def test_clients_that_disconnect_never_open_it(gateway: Gateway) -> None:
    gateway.customers.behave = hang
    for number in range(1, 31):
        waiting = asyncio.create_task(gateway.get(f"/api/customers/{number}"))
        await until(lambda number=number: len(gateway.customers.received) == number)
        waiting.cancel()
    await gateway.metric_becomes(30, "afloat_attempts_total", dependency="customers", outcome="ignored")
    assert await state(gateway) == "closed"


async def test_bad_requests_never_open_it(gateway: Gateway) -> None:
    gateway.customers.behave = answer(404, b"{}", content_type="application/problem+json")
    for number in range(1, 31):
        assert (await gateway.get(f"/api/customers/{number}")).status == 404
    assert await state(gateway) == "closed"


async def test_429s_open_it(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(customers_patterns=json.dumps(LONG))
    gateway.customers.behave = answer(429, b"{}", content_type="application/problem+json")
    for number in range(1, 6):
        assert (await gateway.get(f"/api/customers/{number}")).status == 429
    assert await state(gateway) == "open"


async def test_a_request_is_not_sent_again_before_retry_after(gateway: Gateway) -> None:
    body = b'{"title":"Service Unavailable","status":503,"detail":"No database."}'
    gateway.customers.behave = answer(503, body, content_type="application/problem+json", retry_after="1")
    assert (await gateway.get("/api/customers/7")).headers["Retry-After"] == "1"
    assert len(gateway.customers.received) == 1


@pytest.mark.parametrize("per_s", [10, 100])
async def test_bad_requests_do_not_affect_the_good_ones(gateway: Gateway, per_s: int) -> None:
    """One request in five makes the service answer 500, always two of them in a row."""

    def is_bad(number: int) -> bool:
        return number % 10 in (4, 5)

    async def fail_if_bad(exchange: Exchange) -> None:
        number = int(exchange.received.target.rpartition("/")[2])
        await answer(500 if is_bad(number) else 200)(exchange)

    gateway.customers.behave = fail_if_bad
    requests = {}
    for number in range(1, 4 * per_s + 1):
        requests[number] = asyncio.create_task(gateway.get(f"/api/customers/{number}"))
        await asyncio.sleep(1 / per_s)
    replies = {number: await request for number, request in requests.items()}
    assert {reply.status for number, reply in replies.items() if not is_bad(number)} == {200}
    assert {reply.status for number, reply in replies.items() if is_bad(number)} == {502}
    assert await state(gateway) == "closed"


async def test_probes_that_hang_do_not_keep_the_circuit_half_open(open_gateway: OpenGateway) -> None:
    """Without timeouts, three probes hang. With timeouts again, the circuit must become closed by itself."""
    breaker = {"open_wait_s": 0.05, "max_open_wait_s": 0.05, "probe_timeout_s": 0.5}
    gateway = await open_gateway(customers_patterns=json.dumps(ONCE | {"circuit_breaker": breaker}))
    gateway.customers.behave = reset
    for number in range(1, 6):
        await gateway.get(f"/api/customers/{number}")
    assert await state(gateway) == "open"
    await gateway.switch(timeouts=False)
    gateway.customers.behave = hang
    probes = []
    async with asyncio.timeout(PATIENCE_S):
        while len(gateway.customers.received) < 5 + 3:
            probes.append(asyncio.create_task(gateway.get("/api/customers/7")))
            await asyncio.sleep(0.02)
    await gateway.switch(timeouts=True)
    gateway.customers.behave = answer()
    async with asyncio.timeout(PATIENCE_S):
        while (await gateway.get("/api/customers/8")).status != 200 or await state(gateway) != "closed":
            await asyncio.sleep(0.02)
    for probe in probes:
        probe.cancel()
    await gateway.customers.stop()
