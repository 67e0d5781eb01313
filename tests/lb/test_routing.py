"""What the load balancer lets in, and to whom it sends it."""

from tests.lb.conftest import OpenShop
from tests.lb.wire import parse

TO_PRODUCTS = ("/products/search", "/products/search?q=wireless+lamp&limit=5&cursor=a%2Fb", "/products/42")
TO_GATEWAY = (
    "/api/products/search?q=lamp",
    "/api/products/42",
    "/api/customers/7",
    "/api/orders/9",
    "/api/orders?customer_id=7",
    "/api/storefront/7?q=lamp",
    "/api/docs",
    "/api/docs/files/swagger-ui-bundle.js",
    "/api/openapi.json",
)
UNLISTED = (
    "/control",
    "/control/",
    "/control/metrics",
    "/control/assets/",
    "/control/assets/a/b",
    "/control/faults/a/b",
    "/livez",
    "/readyz",
    "/metrics",
    "/faults",
    "/healthz",
    "/openapi.json",
    "/products",
    "/products/",
    "/products/42/",
    "/PRODUCTS/42",
    "/customers/7",
    "/orders",
    "/api/metrics",
    "/api/docs/",
    "/api/docs/files/",
    "/api/docs/files/a/b",
    "/api/docs/../metrics",
    "/api/orders/",
    "/api/orders/9/lines",
    "/_problem",
    "/@products",
)
DISGUISED = (
    "//products/search",
    "/products//search",
    "/api//orders",
    "/products/.",
    "/products/..",
    "/products/../metrics",
    "/products/./42",
    "/products/%2e%2e",
    "/products/%2e%2e/metrics",
    "/products/..%2fmetrics",
    "/products/42%2f..%2f..%2fmetrics",
    "/products\\..\\metrics",
    "/products/42;/../metrics",
    "/products/42#/../../metrics",
    "/%70roducts/42",
    "http://shop/metrics",
    "/control/../metrics",
    "/control/assets/..",
    "/control/faults/%2e%2e",
)
MALFORMED = ("/../metrics", "/%2e%2e/metrics", "/products/42%00", "/products/42%", "/products/%zz", "products/42", "*")
NOT_ASCII = ("/products/caf\xe9", "/products/search?q=caf\xc3\xa9", "/products/search?q=\xff", "/products/4\x012")


async def test_every_route_of_the_contract_reaches_its_service_as_it_was_sent(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for path in TO_PRODUCTS:
        assert (await shop.lb.target(path)).served_by == "products-1"
    for path in TO_GATEWAY:
        assert (await shop.lb.target(path)).served_by == "gateway-1"
    assert [request.target for request in shop.products[0].received] == list(TO_PRODUCTS)
    assert [request.target for request in shop.gateways[0].received] == list(TO_GATEWAY)


async def test_nothing_else_reaches_a_service(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    answers = {target: (await shop.lb.target(target)).problem()["status"] for target in (*UNLISTED, *DISGUISED)}
    assert answers == dict.fromkeys((*UNLISTED, *DISGUISED), 404)
    assert shop.received == []


async def test_a_target_that_is_no_uri_is_a_bad_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    answers = {target: (await shop.lb.target(target)).problem()["status"] for target in (*MALFORMED, *NOT_ASCII)}
    assert answers == dict.fromkeys((*MALFORMED, *NOT_ASCII), 400)
    assert shop.received == []


async def test_a_target_that_names_the_host_reaches_the_same_service(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    assert (await shop.lb.target("http://shop.example:8080/products/42?q=a")).served_by == "products-1"
    [request] = shop.received
    assert (request.target, request.headers["host"]) == ("/products/42?q=a", "shop.example")


async def test_a_method_that_the_contract_does_not_list_is_refused(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FOO"):
        for path in ("/products/42", "/api/orders/9"):
            answer = await shop.lb.ask(method, path)
            assert answer.problem()["status"] == 405
            assert answer.headers["Allow"] == "GET, HEAD"
    assert shop.received == []


async def test_only_orders_are_posted(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    assert (await shop.lb.order()).status == 200
    refused = await shop.lb.ask("DELETE", "/api/orders")
    assert (refused.problem()["status"], refused.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert [(request.method, request.target) for request in shop.received] == [("POST", "/api/orders")]


async def test_head_is_get_without_the_body(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    request = b"HEAD /products/42 HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"
    answer = parse(await shop.lb.raw(request))
    assert (answer.status, answer.served_by, answer.body) == (200, "products-1", b"")
    assert answer.headers["Content-Length"] == str(len(shop.products[0].body))
    assert [request.method for request in shop.received] == ["GET"]


async def test_the_gateway_s_port_leads_to_products_only(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for path in TO_PRODUCTS:
        assert (await shop.lb.target(path, internal=True)).served_by == "products-1"
    for path in (*TO_GATEWAY, *DISGUISED, "/", "/livez", "/readyz", "/metrics", "/faults"):
        assert (await shop.lb.target(path, internal=True)).problem()["status"] == 404
    assert (await shop.lb.ask("POST", "/products/42", internal=True)).problem()["status"] == 405
    assert len(shop.received) == len(TO_PRODUCTS)


async def test_the_health_of_the_balancer_is_told_on_the_gateway_s_port_alone(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=0)
    assert (await shop.lb.get("/healthz", internal=True)).body == b"ok\n"
    assert (await shop.lb.get("/healthz")).problem()["status"] == 404


async def test_pipelined_requests_are_routed_one_by_one_and_answered_in_turn(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    async with shop.lb.connect() as connection:
        connection.send(
            b"POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\n\r\nbody"
            b"GET /metrics HTTP/1.1\r\nHost: shop\r\n\r\n"
            b"GET /products/42 HTTP/1.1\r\nHost: shop\r\n\r\n"
        )
        answers = [await connection.answer() for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 404, 200]
    assert [answers[0].served_by, answers[2].served_by] == ["gateway-1", "products-1"]
    assert {request.target for request in shop.received} == {"/api/orders", "/products/42"}
