"""Whatever a dependency does, the client soon gets an answer that says which dependency failed, and why."""

import asyncio
import json
from typing import Any

import pytest

from tests.chassis.upstream import Exchange, answer, hang, raw, reset
from tests.services.gateway.conftest import SHORT_S, Gateway, OpenGateway, until

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def drip(exchange: Exchange) -> None:
    await exchange.send(_HEAD + b"Content-Length: 1000000\r\n\r\n")
    while not exchange.writer.is_closing():
        await exchange.send(b" ")
        await asyncio.sleep(SHORT_S / 20)


async def drip_the_head(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        await exchange.send(b"X-%d: x\r\n" % number)
        await asyncio.sleep(SHORT_S / 20)


async def test_a_service_that_is_stopped_is_unreachable(gateway: Gateway) -> None:
    await gateway.customers.stop()
    reply = await gateway.get("/api/customers/7")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (503, "customers", "unreachable")
    assert reply.headers["Retry-After"] == "1"
    assert reply.headers["X-Served-By"] == "gateway-1"
    assert await gateway.metric("afloat_dependency_calls_total", dependency="customers", outcome="unreachable") == 1


async def test_a_name_without_an_address_is_unreachable(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(products_url="http://no-such-host.invalid:8000", request_timeout_s=30)
    assert (await gateway.get("/api/products/5")).problem()["reason"] == "unreachable"


@pytest.mark.parametrize(
    "behave",
    [
        reset,
        raw(b""),
        raw(b"HTTP/1.1 200"),
        raw(_HEAD + b"Content-Length: 10\r\n\r\n{}"),
        raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}"),
    ],
    ids=["reset", "closed", "cut off in the head", "cut off in the body", "cut off in a chunk"],
)
async def test_a_connection_that_breaks_is_a_bad_gateway(gateway: Gateway, behave: Any) -> None:
    gateway.customers.behave = behave
    reply = await gateway.get("/api/customers/7")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (502, "customers", "unreachable")
    assert len(gateway.customers.received) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        _HEAD + b"Content-Length: -5\r\n\r\n{}",
        _HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
        _HEAD + b"X: " + b"x" * 20_000 + b"\r\n\r\n",
        _HEAD + b"".join(b"X-%d: x\r\n" % number for number in range(1000)) + b"\r\n",
        b"\x00\xff" * 100 + b"\r\n\r\n",
    ],
)
async def test_an_answer_that_is_not_http_is_an_upstream_error(gateway: Gateway, data: bytes) -> None:
    gateway.customers.behave = raw(data)
    problem = (await gateway.get("/api/customers/7")).problem()
    assert (problem["status"], problem["dependency"]) == (502, "customers")


@pytest.mark.parametrize("behave", [hang, drip, drip_the_head], ids=["silent", "dripping", "dripping its head"])
async def test_a_service_that_is_too_slow_is_a_timeout(open_gateway: OpenGateway, behave: Any) -> None:
    gateway = await open_gateway(
        customers_patterns=json.dumps({"attempt_timeout_s": SHORT_S, "retry": {"max_attempts": 1}})
    )
    gateway.customers.behave = behave
    reply = await gateway.get("/api/customers/7")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (504, "customers", "timeout")
    assert reply.headers["Retry-After"] == "1"
    assert await gateway.metric("afloat_dependency_calls_total", dependency="customers", outcome="timeout") == 1
    await gateway.customers.stop()


async def test_a_deadline_that_ends_the_call_is_the_reason(
    open_gateway: OpenGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The gateway ends the call this long before the request's deadline: long enough also for a slow machine.
    monkeypatch.setattr("services.gateway.dependency._OWN_TIME_S", 10)
    gateway = await open_gateway()
    gateway.customers.behave = hang
    reply = await gateway.get("/api/customers/7", X_Deadline_Ms=str(int((10 + SHORT_S) * 1000)))
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (504, "customers", "deadline_exceeded")
    assert "Retry-After" not in reply.headers


async def test_a_request_with_too_little_time_reaches_no_service(gateway: Gateway) -> None:
    problem = (await gateway.get("/api/customers/7", X_Deadline_Ms="5")).problem()
    assert (problem["dependency"], problem["reason"]) == ("customers", "deadline_exceeded")
    assert gateway.customers.connections == 0


@pytest.mark.parametrize("status", [500, 501, 505, 599])
async def test_the_body_of_an_error_does_not_reach_the_client(gateway: Gateway, status: int) -> None:
    gateway.customers.behave = answer(status, b"Traceback (most recent call last): secret", content_type="text/plain")
    reply = await gateway.get("/api/customers/7")
    problem = reply.problem()
    assert (reply.status, problem["dependency"], problem["reason"]) == (502, "customers", "upstream_error")
    assert b"secret" not in reply.body


async def test_the_explanation_of_a_service_reaches_the_client(gateway: Gateway) -> None:
    document = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "No database."}
    document |= {"dependency": "postgres", "reason": "unreachable"}
    body = json.dumps(document).encode()
    gateway.orders.behave = answer(
        503, body, content_type="application/problem+json", retry_after="1", x_served_by="orders-1"
    )
    reply = await gateway.get("/api/orders/9")
    assert reply.problem() == document
    assert (reply.headers["Retry-After"], reply.headers["X-Served-By"]) == ("1", "orders-1")
    assert await gateway.metric("afloat_dependency_calls_total", dependency="orders", outcome="upstream_error") == 1


async def test_an_explanation_without_a_dependency_gets_the_name_of_the_service(gateway: Gateway) -> None:
    body = b'{"title":"Gateway Timeout","status":504,"detail":"Too slow.","debug":"secret"}'
    gateway.orders.behave = answer(504, body, content_type="application/problem+json; charset=utf-8")
    problem = (await gateway.get("/api/orders/9")).problem()
    assert (problem["dependency"], problem["reason"]) == ("orders", "upstream_error")
    assert "debug" not in problem


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"title":1}', b"\xff"])
async def test_a_malformed_explanation_is_replaced(gateway: Gateway, body: bytes) -> None:
    gateway.orders.behave = answer(503, body, content_type="application/problem+json")
    problem = (await gateway.get("/api/orders/9")).problem()
    assert (problem["status"], problem["reason"]) == (502, "upstream_error")


async def test_a_redirect_is_not_followed(gateway: Gateway) -> None:
    gateway.customers.behave = answer(302, location=f"{gateway.orders.url}/orders/9")
    reply = await gateway.get("/api/customers/7")
    assert reply.problem()["reason"] == "upstream_error"
    assert "Location" not in reply.headers
    assert gateway.orders.connections == 0


@pytest.mark.parametrize("announced", [True, False])
async def test_an_answer_over_the_limit_is_an_upstream_error(open_gateway: OpenGateway, announced: bool) -> None:
    gateway = await open_gateway(max_answer_bytes=1024)
    length = b"Content-Length: 1025\r\n\r\n" if announced else b"\r\n"
    gateway.customers.behave = raw(_HEAD + length + b"x" * 1025)
    problem = (await gateway.get("/api/customers/7")).problem()
    assert (problem["status"], problem["reason"]) == (502, "upstream_error")
    gateway.customers.behave = answer(200, b"x" * 1024)
    assert len((await gateway.get("/api/customers/7")).body) == 1024


async def test_two_dead_services_do_not_affect_the_third_or_readiness(gateway: Gateway) -> None:
    await gateway.orders.stop()
    await gateway.customers.stop()
    assert (await gateway.get("/api/orders/9")).status == 503
    assert (await gateway.get("/api/products/5")).status == 200
    assert (await gateway.get("/readyz")).status == 200


async def test_the_call_of_a_client_that_disconnects_is_cancelled(gateway: Gateway) -> None:
    gateway.products.behave = hang
    waiting = asyncio.create_task(gateway.get("/api/products/5"))
    await until(lambda: len(gateway.products.received) == 1)
    waiting.cancel()
    await until(lambda: gateway.products.hung_up == 1)
    assert await gateway.metric("afloat_dependency_calls_total", dependency="products", outcome="cancelled") == 1
    assert await gateway.metric("afloat_dependency_in_flight_calls", dependency="products") == 0
