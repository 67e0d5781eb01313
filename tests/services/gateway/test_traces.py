"""The trace of a request as a collector receives it: the attempts, and what the patterns did."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from tests.chassis.collector import Collector, Span, collecting
from tests.chassis.upstream import answer, hang, in_turn, reset
from tests.services.gateway.conftest import PATIENCE_S, SHORT_S, OpenGateway, until

NGINX_ID = "5f0c6a3be47c11d0a1b2c3d4e5f60718"
FOR_LONG = {"open_wait_s": 600, "max_open_wait_s": 600}
# One attempt, and a breaker that one failure opens.
TOUCHY = json.dumps({"retry": {"max_attempts": 1}, "circuit_breaker": {"consecutive_failures": 1} | FOR_LONG})
# The same, and one probe, which is due at once.
CURIOUS = json.dumps(
    {
        "retry": {"max_attempts": 1},
        "circuit_breaker": {
            "consecutive_failures": 1,
            "open_wait_s": 0.001,
            "max_open_wait_s": 0.001,
            "permitted_calls": 1,
            "slow_call_s": 60,
        },
    }
)
HASTY = json.dumps({"attempt_timeout_s": SHORT_S, "retry": {"max_attempts": 1}})


@pytest.fixture
async def collector(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Collector]:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "20")  # ms, so that no test waits for a batch
    async with collecting() as started:
        yield started


async def flushed(collector: Collector, requests: int) -> tuple[list[Span], list[Span]]:
    """The spans of so many requests, and those of their attempts, when all of them have arrived."""
    await until(lambda: len(collector.of("gateway-1", "server")) == requests)
    return collector.of("gateway-1", "server"), collector.of("gateway-1", "client")


async def test_the_attempts_are_children_of_their_request(open_gateway: OpenGateway, collector: Collector) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url)
    gateway.customers.behave = in_turn(reset, answer())
    reply = await gateway.get("/api/customers/7", X_Request_Id=NGINX_ID)
    assert reply.status == 200
    [request], [first, second] = await flushed(collector, 1)
    assert {span.trace_id for span in (request, first, second)} == {NGINX_ID}
    assert (request.parent, request.name) == ("", "GET /api/customers/{customer_id}")
    assert first.parent == second.parent == request.span_id
    assert (first.failed, first.attributes["error.type"], first.attributes["afloat.outcome"]) == (
        True,
        "unreachable",
        "failure",
    )
    assert "http.request.resend_count" not in first.attributes
    assert (second.failed, second.attributes["http.request.resend_count"]) == (False, 1)
    assert [name for name, _ in request.events] == ["retrying"]
    # Each attempt sends the id of its own span.
    sent = [received.headers["traceparent"].split("-")[1:3] for received in gateway.customers.received]
    assert sent == [[NGINX_ID, first.span_id], [NGINX_ID, second.span_id]]


async def test_what_the_patterns_do_is_an_event_on_the_request(open_gateway: OpenGateway, collector: Collector) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url, customers_patterns=TOUCHY)
    gateway.customers.behave = in_turn(answer(), reset)
    for _ in range(3):
        await gateway.get("/api/customers/7")
    [fine, failing, rejected], attempts = await flushed(collector, 3)
    assert fine.events == []
    assert [name for name, _ in failing.events] == ["circuit_changed", "stale_served"]
    assert [(name, attributes.get("reason")) for name, attributes in rejected.events] == [
        ("rejected", "circuit_open"),
        ("stale_served", "circuit_open"),
    ]
    # The rejected request made no attempt.
    assert [span.parent for span in attempts] == [fine.span_id, failing.span_id]


async def test_a_probe_that_outlives_its_request_has_its_events_on_its_own_span(
    open_gateway: OpenGateway, collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url, customers_patterns=CURIOUS)
    gateway.customers.behave = in_turn(answer(), reset, answer())
    async with asyncio.timeout(PATIENCE_S):
        while len(gateway.customers.received) < 3:
            assert (await gateway.get("/api/customers/7")).status == 200
    await until(lambda: len(collector.of("gateway-1", "client")) >= 3)
    probe = collector.of("gateway-1", "client")[2]
    assert [(name, attributes["after"]) for name, attributes in probe.events] == [("circuit_changed", "closed")]
    await until(lambda: probe.parent in {span.span_id for span in collector.of("gateway-1", "server")})
    assert "ended span" not in caplog.text


async def test_an_attempt_has_the_status_of_its_answer(open_gateway: OpenGateway, collector: Collector) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url)
    gateway.customers.behave = in_turn(answer(500), answer(404, content_type="application/problem+json"))
    assert (await gateway.get("/api/customers/7")).status == 404
    _, attempts = await flushed(collector, 1)
    of_each = [(a.attributes["http.response.status_code"], a.attributes["afloat.outcome"]) for a in attempts]
    assert of_each == [(500, "request_failure"), (404, "success")]
    assert [(a.failed, a.attributes["error.type"]) for a in attempts] == [(True, "500"), (True, "404")]


async def test_an_attempt_that_runs_out_of_time_is_a_timeout(open_gateway: OpenGateway, collector: Collector) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url, orders_patterns=HASTY)
    gateway.orders.behave = hang
    assert (await gateway.get("/api/orders/7")).status == 504
    [request], [attempt] = await flushed(collector, 1)
    assert request.failed
    assert (attempt.failed, attempt.attributes["error.type"]) == (True, "timeout")


async def test_an_attempt_that_the_deadline_ends_is_cancelled(open_gateway: OpenGateway, collector: Collector) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url)
    gateway.orders.behave = hang
    assert (await gateway.get("/api/orders/7", X_Deadline_Ms="300")).status == 504
    _, [attempt] = await flushed(collector, 1)
    assert (attempt.attributes["error.type"], attempt.attributes["afloat.outcome"]) == ("cancelled", "ignored")


async def test_the_three_calls_of_the_storefront_are_children_of_one_request(
    open_gateway: OpenGateway, collector: Collector
) -> None:
    gateway = await open_gateway(otlp_endpoint=collector.url)
    await gateway.get("/api/storefront/7")
    [request], attempts = await flushed(collector, 1)
    assert {span.parent for span in attempts} == {request.span_id}
    assert {span.attributes["peer.service"] for span in attempts} == {"products", "customers", "orders"}


async def test_the_trace_is_passed_on_also_when_traces_are_off(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway()
    await gateway.get("/api/customers/7", X_Request_Id=NGINX_ID)
    [received] = gateway.customers.received
    assert received.headers["traceparent"].split("-")[1] == NGINX_ID
