"""The storefront: when a section fails, the other sections are still on the page."""

import json

import pytest

from tests.chassis.upstream import answer, hang
from tests.services.gateway.conftest import CUSTOMER, ORDER_PAGE, SEARCH_PAGE, Gateway, OpenGateway

ONCE = json.dumps({"retry": {"max_attempts": 1}, "attempt_timeout_s": 0.3})


@pytest.fixture
async def shop(gateway: Gateway) -> Gateway:
    return well(gateway)


def well(gateway: Gateway) -> Gateway:
    """The gateway, with services that answer as they should."""
    gateway.products.behave = answer(200, SEARCH_PAGE)
    gateway.customers.behave = answer(200, CUSTOMER)
    gateway.orders.behave = answer(200, ORDER_PAGE)
    return gateway


async def test_the_page_has_the_answers_of_all_three_services(shop: Gateway) -> None:
    reply = await shop.get("/api/storefront/7?q=a%20lamp%26b")
    assert reply.status == 200
    assert reply.json == {
        "products": {"status": "fresh", "age_s": 0.0, "data": json.loads(SEARCH_PAGE)},
        "customer": {"status": "fresh", "age_s": 0.0, "data": json.loads(CUSTOMER)},
        "orders": {"status": "fresh", "age_s": 0.0, "data": json.loads(ORDER_PAGE)},
    }
    assert shop.products.received[0].target == "/products/search?q=a+lamp%26b"
    assert shop.customers.received[0].target == "/customers/7"
    assert shop.orders.received[0].target == "/orders?customer_id=7"
    assert "X-Patterns" not in reply.headers


async def test_an_unavailable_section_has_a_reason_and_the_others_have_data(shop: Gateway) -> None:
    await shop.orders.stop()
    reply = await shop.get("/api/storefront/7")
    assert reply.status == 200
    assert reply.json["orders"] == {"status": "unavailable", "age_s": None, "data": None, "reason": "unreachable"}
    assert (reply.json["products"]["status"], reply.json["customer"]["status"]) == ("fresh", "fresh")


async def test_a_section_that_was_read_before_is_stale(shop: Gateway) -> None:
    await shop.get("/api/storefront/7")
    await shop.customers.stop()
    reply = await shop.get("/api/storefront/7")
    customer = reply.json["customer"]
    assert (reply.status, customer["status"], customer["data"]) == (200, "stale", json.loads(CUSTOMER))
    assert customer["age_s"] >= 0
    assert "fallback;dependency=customers;reason=unreachable" in reply.headers["X-Patterns"]


async def test_a_section_that_hangs_costs_its_own_timeout(open_gateway: OpenGateway) -> None:
    gateway = well(await open_gateway(customers_patterns=ONCE, orders_patterns=ONCE))
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


async def test_an_unknown_customer_has_no_page(shop: Gateway) -> None:
    body = b'{"type":"about:blank","title":"Not Found","status":404,"detail":"No such customer."}'
    shop.customers.behave = answer(404, body, content_type="application/problem+json")
    assert (await shop.get("/api/storefront/7")).problem()["detail"] == "No such customer."


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff", b"null", b"{}", b"[" * 100_000, SEARCH_PAGE.replace(b"5", b'"x"')]
)
async def test_a_section_with_data_that_do_not_fit_its_model_is_unavailable(shop: Gateway, body: bytes) -> None:
    shop.products.behave = answer(200, body)
    reply = await shop.get("/api/storefront/7")
    assert (reply.status, reply.json["products"]["reason"]) == (200, "upstream_error")
    assert reply.json["customer"]["status"] == "fresh"


@pytest.mark.parametrize("customer", ["0", "-1", "x", "9223372036854775808"])
async def test_a_customer_id_that_is_not_an_id_is_refused(gateway: Gateway, customer: str) -> None:
    assert (await gateway.get(f"/api/storefront/{customer}")).problem()["status"] == 422
