"""Whatever goes wrong, the client gets a problem document, and a service's own is passed on as it is."""

import pytest

from tests.lb.conftest import OpenShop
from tests.lb.wire import parse

REQUESTS = {
    "a route that does not exist": (b"GET /nowhere HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", 404),
    "a method that is not allowed": (b"PUT /api/orders HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n", 405),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "words": (b"hello, is anybody there?\r\n\r\n", 400),
    "a method in small letters": (b"get /products/42 HTTP/1.1\r\nHost: shop\r\n\r\n", 400),
    "HTTP/2 without asking": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a version that does not exist": (b"GET /products/42 HTTP/3.7\r\nHost: shop\r\n\r\n", 400),
    "a tunnel": (b"CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\nConnection: close\r\n\r\n", 405),
    "an old client": (b"GET /nowhere HTTP/1.0\r\n\r\n", 404),
}


@pytest.mark.parametrize("kind", REQUESTS)
async def test_bad_input_gets_a_problem_document(open_shop: OpenShop, kind: str) -> None:
    request, status = REQUESTS[kind]
    shop = await open_shop(products=1)
    answer = parse(await shop.lb.raw(request))
    assert answer.problem()["status"] == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-Id"]
    assert "X-Served-By" not in answer.headers
    assert "Retry-After" not in answer.headers
    assert shop.received == []


async def test_a_problem_says_what_and_how_in_words(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    assert (await shop.lb.get("/nowhere")).problem() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
    }


@pytest.mark.parametrize("internal", [False, True])
async def test_an_outage_names_what_is_missing_and_when_to_come_back(open_shop: OpenShop, internal: bool) -> None:
    shop = await open_shop(products=0)
    answer = await shop.lb.get("/products/42", internal=internal)
    assert answer.problem() == {
        "type": "about:blank",
        "title": "Bad Gateway",
        "status": 502,
        "detail": "No replica answered.",
        "dependency": "products",
        "reason": "unreachable",
    }
    assert answer.headers["Retry-After"] == "2"


async def test_the_head_of_a_problem_has_no_body(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    answer = parse(await shop.lb.raw(b"HEAD /nowhere HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"))
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (404, "application/problem+json", b"")


async def test_a_client_cannot_write_into_a_problem(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    answer = await shop.lb.target('/nowhere"<script>', internal=True)
    assert b"script" not in answer.body
    assert answer.problem()["status"] == 404


async def test_a_service_s_own_problem_is_passed_on_as_it_is(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for status in (400, 404, 413, 418, 422, 429, 431, 500, 502, 503, 504):
        for service, path in ((shop.products[0], "/products/42"), (shop.gateways[0], "/api/orders/9")):
            problem = service.answer_problem(status, dependency="postgres", reason="timeout")
            service.headers |= {"Retry-After": "17", "Cache-Status": "gateway; hit"}
            answer = await shop.lb.get(path)
            assert (answer.status, answer.body, answer.served_by) == (status, problem, service.name)
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.headers["Retry-After"] == "17"
            assert answer.headers["Cache-Status"] == "gateway; hit"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_service_and_balancer_both_say_is_said_once(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].headers = {"X-Content-Type-Options": "nosniff", "X-Request-Id": "the-service-s-own"}
    answer = await shop.lb.raw(b"GET /products/42 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
    for name in (b"X-Content-Type-Options:", b"X-Request-Id:", b"X-Served-By:"):
        assert answer.count(name) == 1
