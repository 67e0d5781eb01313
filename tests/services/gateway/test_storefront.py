"""The storefront loses a section rather than the page."""

import json
from typing import Any

import pytest

from tests.chassis.upstream import answer, hang
from tests.services.gateway.conftest import Gateway

ONCE = json.dumps({"retry": {"max_attempts": 1}, "attempt_timeout_s": 0.3})


async def test_all_three_are_asked_at_once_and_stand_side_by_side(gateway: Gateway) -> None:
    gateway.products.behave = answer(200, b'{"products":[]}')
    gateway.customers.behave = answer(200, b'{"id":7}')
    gateway.orders.behave = answer(200, b'{"orders":[9]}')
    reply = await gateway.get("/api/storefront/7?q=a%20lamp%26b")
    assert reply.status == 200
    assert reply.json == {
        "products": {"status": "fresh", "age_s": 0.0, "data": {"products": []}},
        "customer": {"status": "fresh", "age_s": 0.0, "data": {"id": 7}},
        "orders": {"status": "fresh", "age_s": 0.0, "data": {"orders": [9]}},
    }
    assert gateway.products.received[0].target == "/products/search?q=a+lamp%26b"
    assert gateway.customers.received[0].target == "/customers/7"
    assert gateway.orders.received[0].target == "/orders?customer_id=7"
    assert "X-Patterns" not in reply.headers


async def test_a_section_that_cannot_be_had_says_why_and_the_others_are_there(gateway: Gateway) -> None:
    await gateway.orders.stop()
    reply = await gateway.get("/api/storefront/7")
    assert reply.status == 200
    assert reply.json["orders"] == {"status": "unavailable", "age_s": None, "data": None, "reason": "unreachable"}
    assert (reply.json["products"]["status"], reply.json["customer"]["status"]) == ("fresh", "fresh")
    assert reply.headers["X-Patterns"] == "retry;dependency=orders;attempts=3"


async def test_a_section_seen_before_is_stale_rather_than_gone(gateway: Gateway) -> None:
    await gateway.get("/api/storefront/7")
    await gateway.customers.stop()
    reply = await gateway.get("/api/storefront/7")
    assert (reply.status, reply.json["customer"]["status"], reply.json["customer"]["data"]) == (200, "stale", {})
    assert reply.json["customer"]["age_s"] >= 0
    assert "fallback;dependency=customers;reason=unreachable" in reply.headers["X-Patterns"]


async def test_a_section_that_hangs_costs_its_own_timeout_and_no_more(open_gateway: Any) -> None:
    gateway = await open_gateway(customers_patterns=ONCE, orders_patterns=ONCE)
    gateway.customers.behave = gateway.orders.behave = hang
    reply = await gateway.get("/api/storefront/7")
    assert reply.status == 200
    assert {name: section["status"] for name, section in reply.json.items()} == {
        "products": "fresh",
        "customer": "unavailable",
        "orders": "unavailable",
    }
    assert reply.json["orders"]["reason"] == "timeout"


async def test_a_page_without_any_data_is_a_problem(gateway: Gateway) -> None:
    for upstream in (gateway.products, gateway.customers, gateway.orders):
        await upstream.stop()
    reply = await gateway.get("/api/storefront/7")
    assert (reply.status, reply.problem()["reason"], reply.headers["Retry-After"]) == (503, "unreachable", "1")


async def test_a_customer_who_does_not_exist_has_no_page(gateway: Gateway) -> None:
    body = b'{"type":"about:blank","title":"Not Found","status":404,"detail":"No such customer."}'
    gateway.customers.behave = answer(404, body, content_type="application/problem+json")
    assert (await gateway.get("/api/storefront/7")).problem()["detail"] == "No such customer."


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff"])
async def test_a_section_that_is_not_json_is_unavailable(gateway: Gateway, body: bytes) -> None:
    gateway.products.behave = answer(200, body)
    reply = await gateway.get("/api/storefront/7")
    assert (reply.status, reply.json["products"]["reason"]) == (200, "upstream_error")


@pytest.mark.parametrize("customer", ["0", "-1", "x", "9223372036854775808"])
async def test_a_customer_that_is_no_number_is_refused(gateway: Gateway, customer: str) -> None:
    assert (await gateway.get(f"/api/storefront/{customer}")).problem()["status"] == 422
