"""What a service sees of a client's request: nothing that the client should not decide."""

from tests.lb.balancer import until
from tests.lb.conftest import SHORT, OpenShop
from tests.lb.fake_replica import Mood, Received
from tests.lb.wire import parse

_POST = b"POST /api/orders HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
_ONE_CHUNK = b"4\r\nbody\r\n0\r\n\r\n"

# Requests whose end two servers could see in different places, or whose headers could hide another request.
AMBIGUOUS = {
    "length and encoding": _POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "encoding and length": _POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": _POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nbody!",
    "the same length twice": _POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nbody",
    "a list of lengths": _POST + b"Content-Length: 4, 4\r\n\r\nbody",
    "a signed length": _POST + b"Content-Length: +4\r\n\r\nbody",
    "a negative length": _POST + b"Content-Length: -4\r\n\r\nbody",
    "an endless length": _POST + b"Content-Length: 99999999999999999999999999\r\n\r\nbody",
    "an unknown encoding": _POST + b"Transfer-Encoding: xchunked\r\n\r\n" + _ONE_CHUNK,
    "two encodings": _POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + _ONE_CHUNK,
    "the encoding twice": _POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + _ONE_CHUNK,
    "an encoding in disguise": _POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n" + _ONE_CHUNK,
    "a space before the colon": _POST + b"Transfer-Encoding : chunked\r\n\r\n" + _ONE_CHUNK,
    "an encoding in HTTP/1.0": b"POST /api/orders HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + _ONE_CHUNK,
    "a bare carriage return": _POST + b"X-Note: a\rTransfer-Encoding: chunked\r\n\r\n" + _ONE_CHUNK,
    "a folded header": _POST + b"X-Note: a\r\n Transfer-Encoding: chunked\r\n\r\n" + _ONE_CHUNK,
    "a null byte in a header": _POST + b"X-Note: a\0b\r\n\r\n",
    "a header without a name": _POST + b": a\r\n\r\n",
}
BAD_HOSTS = (b"", b"shop/x", b"sh op", b"shop@x", b"shop:80:80", b"shop:99999999", b"..", b"\xff", b"shop\r\nHost: b")


async def _received(open_shop: OpenShop, headers: dict[str, str], *, internal: bool = False) -> Received:
    shop = await open_shop(products=1)
    assert (await shop.lb.get("/products/42", headers, internal=internal)).status == 200
    [request] = shop.received
    return request


async def test_an_ambiguous_request_goes_no_further(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    answers = {kind: parse(await shop.lb.raw(request)).problem()["status"] for kind, request in AMBIGUOUS.items()}
    assert answers == dict.fromkeys(AMBIGUOUS, 400)
    assert shop.received == []


async def test_a_get_may_have_a_body(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    assert (await shop.lb.ask("GET", "/products/42", body=b"why not")).status == 200
    assert shop.received[0].body == b"why not"


async def test_a_client_cannot_set_a_deadline(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for value in ("0", "1", "never", "-1", "99999999999999999999"):
        assert (await shop.lb.get("/products/42", {"X-Deadline-Ms": value})).status == 200
    assert [request.headers.get("x-deadline-ms") for request in shop.received] == [None] * 5


async def test_the_gateway_s_deadline_is_passed_on(open_shop: OpenShop) -> None:
    assert (await _received(open_shop, {"X-Deadline-Ms": "900"}, internal=True)).headers["x-deadline-ms"] == "900"


async def test_the_replica_that_is_asked_next_gets_the_same_deadline_as_the_one_before(open_shop: OpenShop) -> None:
    """docs/patterns/deadline.md says how much longer it may work because of that."""
    shop = await open_shop(products=2, read_timeout=SHORT)
    hung, other = shop.products
    hung.mood = Mood.HUNG
    while not hung.received:
        assert (await shop.lb.get("/products/42", {"X-Deadline-Ms": "900"}, internal=True)).served_by == other.name
    assert [replica.received[-1].headers["x-deadline-ms"] for replica in (hung, other)] == ["900", "900"]


async def test_no_replica_is_asked_after_the_client_has_left(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2, read_timeout=SHORT)
    for replica in shop.products:
        replica.mood = Mood.HUNG
    async with shop.lb.connect(internal=True) as connection:
        connection.send(b"GET /products/42 HTTP/1.1\r\nHost: shop\r\nX-Deadline-Ms: 900\r\n\r\n")
        await until(lambda: len(shop.received) == 1)
    [line] = await shop.lb.log(lines=1)
    assert (line["status"], len(shop.received)) == (499, 1)


async def test_a_client_cannot_say_who_it_is_or_how_the_connection_behind_behaves(open_shop: OpenShop) -> None:
    request = await _received(
        open_shop,
        {
            "X-Forwarded-For": "10.0.0.1",
            "X-Forwarded-Host": "elsewhere",
            "X-Forwarded-Proto": "gopher",
            "Forwarded": "for=10.0.0.1",
            "Proxy": "elsewhere",
            "Connection": "Upgrade, X-Request-Id",
            "Upgrade": "h2c",
            "Keep-Alive": "timeout=9999",
            "TE": "trailers",
        },
    )
    assert request.headers["x-forwarded-for"] == "127.0.0.1"
    assert request.headers["x-forwarded-proto"] == "http"
    assert request.headers["x-request-id"]
    forged = {"x-forwarded-host", "forwarded", "proxy", "connection", "upgrade", "keep-alive", "te"}
    assert forged.isdisjoint(request.headers)


async def test_what_belongs_to_the_request_travels_on(open_shop: OpenShop) -> None:
    sent = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "accept": "application/json"}
    assert sent.items() <= (await _received(open_shop, sent)).headers.items()


async def test_a_request_id_travels_in_and_back(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].headers = {"X-Request-Id": "the-service-s-own"}
    answer = await shop.lb.get("/products/42", {"X-Request-Id": "visit-1"})
    assert answer.headers["X-Request-Id"] == shop.received[0].headers["x-request-id"] == "visit-1"


async def test_a_request_id_that_is_none_is_replaced(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for value in ("", "with space", "a" * 129, '"quoted"', "caf\xe9"):
        answer = await shop.lb.get("/products/42", {"X-Request-Id": value})
        assert len(answer.headers["X-Request-Id"]) == 32
        assert answer.headers["X-Request-Id"] == shop.received[-1].headers["x-request-id"]


async def test_a_host_is_spelt_one_way(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    spellings = {b"SHOP.example:8080": "shop.example", b"[::1]:8080": "[::1]", b"shop.": "shop", b"my_shop": "my_shop"}
    for host in spellings:
        request = b"GET /products/42 HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n"
        assert parse(await shop.lb.raw(request)).status == 200
    assert [request.headers["host"] for request in shop.received] == list(spellings.values())


async def test_a_host_that_is_none_is_a_bad_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    request = b"GET /products/42 HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n"
    answers = {host: parse(await shop.lb.raw(request % host)).problem()["status"] for host in BAD_HOSTS}
    assert answers == dict.fromkeys(BAD_HOSTS, 400)
    assert shop.received == []


async def test_http_1_0_may_leave_the_host_out_and_http_1_1_may_not(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    assert parse(await shop.lb.raw(b"GET /products/42 HTTP/1.0\r\n\r\n")).served_by == "products-1"
    assert shop.received[0].headers["host"] == "afloat"
    refused = parse(await shop.lb.raw(b"GET /products/42 HTTP/1.1\r\nConnection: close\r\n\r\n"))
    assert refused.problem()["status"] == 400


async def test_a_header_whose_name_a_service_could_take_for_another_is_left_out(open_shop: OpenShop) -> None:
    request = await _received(open_shop, {"Idempotency_Key": "a", "X_Deadline_Ms": "0", "X.Request.Id": "b"})
    assert {"idempotency_key", "x_deadline_ms", "x.request.id"}.isdisjoint(request.headers)


async def test_a_replica_has_no_say_over_the_balancer_nor_over_cookies(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].headers = {"X-Accel-Redirect": "/products/9", "Set-Cookie": "a=b", "X-Accel-Limit-Rate": "1"}
    answer = await shop.lb.get("/products/7")
    assert answer.body == shop.products[0].body
    assert "Set-Cookie" not in answer.headers
    assert [request.target for request in shop.products[0].received] == ["/products/7"]
