"""The circuit of one dependency: what opens it, what does not, what its callers get, and how it closes again."""

import asyncio
import json

from tests.chassis.upstream import answer, hang
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
    gateway.customers.behave = answer(500)
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
    gateway.customers.behave = answer(500)
    for number in range(1, 7):
        await gateway.get(f"/api/customers/{number}")
    assert (await gateway.get("/api/products/5")).status == 200
    assert (await gateway.get("/api/orders/5")).status == 200
    assert (await state(gateway, "products"), await state(gateway, "orders")) == ("closed", "closed")


async def test_a_service_that_recovers_is_called_again(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(customers_patterns=json.dumps(SHORT))
    gateway.customers.behave = answer(500)
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
