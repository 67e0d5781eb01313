"""What the gateway passes on: of a request to the service, and of the answer to the client."""

from urllib.parse import parse_qsl
from uuid import UUID

import httpx
import pytest

from services.gateway.answer import Answer
from tests.chassis.upstream import answer, in_turn, reset
from tests.services.gateway.conftest import ORDER, ORDER_REQUEST, Gateway, OpenGateway


@pytest.mark.parametrize(
    ("path", "service", "target"),
    [
        ("/api/products/search", "products", "/products/search"),
        ("/api/products/5", "products", "/products/5"),
        ("/api/customers/7", "customers", "/customers/7"),
        ("/api/orders/9", "orders", "/orders/9"),
        ("/api/orders?customer_id=7&limit=5", "orders", "/orders?customer_id=7&limit=5"),
    ],
)
async def test_every_route_calls_its_service(gateway: Gateway, path: str, service: str, target: str) -> None:
    assert (await gateway.get(path)).status == 200
    received = getattr(gateway, service).received
    assert [(request.method, request.target) for request in received] == [("GET", target)]


@pytest.mark.parametrize(
    "query",
    [
        "q=wireless%20lamp&limit=5",
        "q=a%2Bb+c&q=twice",
        "q=caf%C3%A9&cursor=aGk%3D",
        "q=100%25%20off&brand=x",
        "q=%26%3D%23%3B",
        "q=%zz&q=%",
        "q=a;b&q='%22<>`{|}^\\",
        "q=/../..//x?y",
    ],
)
async def test_a_query_means_the_same_to_the_service(gateway: Gateway, query: str) -> None:
    assert (await gateway.target(f"/api/products/search?{query}")).status == 200
    path, _, received = gateway.products.received[0].target.partition("?")
    assert path == "/products/search"
    assert parse_qsl(received, keep_blank_values=True) == parse_qsl(query, keep_blank_values=True)


@pytest.mark.parametrize(
    "target",
    [
        "/api/products/..%2forders",
        "/api/products/..%2f..%2fmetrics",
        "/api/products/%2e%2e",
        "/api/products/../orders/1",
        "/api/products/search%2f..%2f5",
        "/api/products/5%3fx=1",
        "/api/products/0",
        "/api/products/-1",
        "/api/products/1e3",
        "/api/products/9223372036854775808",
        "/api/products/" + "9" * 5000,
        "/api/products/search?limit=101",
        "/api/products/search?brand=",
        "/api/products/search?unknown=x",
        "/api/products/search?min_price=5&max_price=1",
        "/api/customers/five",
        "/api/orders/x%00",
        "/api/orders",
        "/api/orders?customer_id=0",
        "/api/orders?customer_id=7&limit=0",
        "/api/nothing",
        "/products/5",
    ],
)
async def test_a_bad_request_is_refused_and_reaches_no_service(gateway: Gateway, target: str) -> None:
    reply = await gateway.target(target)
    assert 400 <= reply.status < 500
    reply.problem()
    assert [*gateway.products.received, *gateway.customers.received, *gateway.orders.received] == []


async def test_unknown_parameters_of_a_list_of_orders_are_ignored_as_orders_does(gateway: Gateway) -> None:
    assert (await gateway.get("/api/orders?customer_id=7&unknown=x")).status == 200


async def test_an_order_is_passed_on_with_its_key_and_body_and_its_location_is_public(gateway: Gateway) -> None:
    gateway.orders.behave = answer(201, ORDER, location="/orders/9", idempotency_replayed="true")
    body = b' {"lines":[{"quantity":2, "product_id":5}], "customer_id":7}'
    reply = await gateway.order(body, key='"key-9"')
    assert (reply.status, reply.body) == (201, ORDER)
    assert reply.headers["Location"] == "/api/orders/9"
    assert reply.headers["Idempotency-Replayed"] == "true"
    received = gateway.orders.received[0]
    assert (received.method, received.target, received.body) == ("POST", "/orders", body)
    assert received.headers["idempotency-key"] == '"key-9"'
    assert received.headers["content-type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", ORDER_REQUEST.replace(b"2", b'"2"'), b'{"customer_id":7}'])
async def test_an_order_that_does_not_fit_its_model_reaches_no_service(gateway: Gateway, body: bytes) -> None:
    assert (await gateway.order(body)).problem()["status"] == 422
    assert gateway.orders.received == []


async def test_an_order_without_a_key_is_refused(gateway: Gateway) -> None:
    reply = await gateway.ask("POST", "/api/orders", {"Content-Type": "application/json"}, ORDER_REQUEST)
    assert reply.problem()["status"] == 400
    assert gateway.orders.received == []


async def test_an_order_with_two_keys_is_refused(gateway: Gateway) -> None:
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b"), ("Content-Type", "application/json")]
    async with gateway.http.post(gateway.url + "/api/orders", headers=headers, data=ORDER_REQUEST) as response:
        assert response.status == 400
    assert gateway.orders.received == []


@pytest.mark.parametrize("key", ["caf\xe9", "a\x01b", "a\tb", "\x7f"])
async def test_a_malformed_key_is_refused(gateway: Gateway, key: str) -> None:
    head = (
        "POST /api/orders HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Idempotency-Key: {key}\r\nContent-Length: {len(ORDER_REQUEST)}\r\n\r\n"
    )
    reply = await gateway.raw(head.encode("latin-1") + ORDER_REQUEST)
    assert reply.problem()["status"] == 400
    assert gateway.orders.received == []


async def test_every_attempt_of_one_order_has_the_same_call_id_and_another_order_another_one(gateway: Gateway) -> None:
    gateway.orders.behave = in_turn(reset, answer(201, ORDER))
    assert (await gateway.order()).headers["X-Patterns"] == "retry;dependency=orders;attempts=2"
    await gateway.order()
    first, second, other = [UUID(request.headers["x-call-id"]) for request in gateway.orders.received]
    assert first == second != other


async def test_the_call_id_that_nginx_gave_a_request_is_passed_on(gateway: Gateway) -> None:
    gateway.orders.behave = answer(201, ORDER)
    headers = {"Idempotency-Key": "a", "Content-Type": "application/json", "X-Call-Id": "0" * 31 + "7"}
    assert (await gateway.ask("POST", "/api/orders", headers, ORDER_REQUEST)).status == 201
    assert UUID(gateway.orders.received[0].headers["x-call-id"]) == UUID(int=7)


async def test_an_answer_keeps_what_it_says_about_itself(gateway: Gateway) -> None:
    gateway.products.behave = answer(
        200, b'{"id":5}', x_served_by="products-2", cache_control="max-age=5", content_type="application/json; v=2"
    )
    reply = await gateway.get("/api/products/5")
    assert reply.body == b'{"id":5}'
    assert reply.headers["X-Served-By"] == "products-2"
    assert reply.headers["Cache-Control"] == "max-age=5"
    assert reply.headers["Content-Type"] == "application/json; v=2"


async def test_other_headers_of_an_answer_do_not_reach_the_client(gateway: Gateway) -> None:
    gateway.products.behave = answer(
        keep_alive="timeout=5", server="secret", set_cookie="a=b", x_request_id="another", proxy_authenticate="Basic"
    )
    reply = await gateway.get("/api/products/5", X_Request_Id="mine")
    expected = {"content-type", "x-served-by", "content-length", "date", "x-request-id", "cache-status"}
    assert {name.lower() for name in reply.headers} == expected
    assert reply.headers["X-Request-Id"] == "mine"


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429])
async def test_what_a_service_says_about_a_bad_request_is_passed_on_unchanged(gateway: Gateway, status: int) -> None:
    body = b'{"type":"about:blank","title":"Odd","status":%d,"detail":"No.","extra":[1]}' % status
    gateway.customers.behave = answer(status, body, content_type="application/problem+json", retry_after="7")
    reply = await gateway.get("/api/customers/7")
    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (status, body, "7")


async def test_a_request_carries_its_id_its_trace_and_its_remaining_time(gateway: Gateway) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = f"00-{trace}-b7ad6b7169203331-01"
    await gateway.get("/api/products/5", X_Request_Id="mine", traceparent=parent, X_Deadline_Ms="900")
    headers = gateway.products.received[0].headers
    assert headers["x-request-id"] == "mine"
    version, trace_id, span_id, flags = headers["traceparent"].split("-")
    assert (version, trace_id, flags) == ("00", trace, "01")
    assert span_id != "b7ad6b7169203331"
    assert 0 < int(headers["x-deadline-ms"]) < 900


async def test_head_is_answered_like_get_without_the_body(gateway: Gateway) -> None:
    gateway.products.behave = answer(200, b'{"id":5}')
    reply = await gateway.ask("HEAD", "/api/products/5", {})
    assert (reply.status, reply.body, reply.headers["Content-Length"]) == (200, b"", "8")


async def test_a_body_over_the_limit_reaches_no_service(open_gateway: OpenGateway) -> None:
    gateway = await open_gateway(max_body_bytes=1000)
    reply = await gateway.order(b"x" * 1001)
    assert reply.problem()["status"] == 413
    assert gateway.orders.received == []


@pytest.mark.parametrize(
    ("location", "public"),
    [
        (b"/orders/9", b"/api/orders/9"),
        (b"http://orders:8000/orders/9", b"/api/orders/9"),
        (b"orders/9", b"orders/9"),
        (b"http://elsewhere/orders/9", b""),
        (b"http://orders:80001/x", b""),
        (b"//elsewhere/x", b""),
        (b"../x", b""),
        (b"/orders/../../x", b""),
        (b"javascript:alert(1)", b""),
        (b"", b""),
    ],
)
def test_a_location_is_made_public_or_left_out(location: bytes, public: bytes) -> None:
    request = httpx.Request("POST", "http://orders:8000/orders")
    response = httpx.Response(201, headers=[(b"Location", location)], request=request)
    assert Answer.of(response, b"").headers.get(b"location", b"") == public
