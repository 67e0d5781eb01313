"""No client can send so much, or so slowly, that others feel it; what is refused never reaches a replica."""

import asyncio

import pytest

from tests.lb.balancer import DEADLINE_S, until
from tests.lb.conftest import OpenShop
from tests.lb.fake_replica import Mood
from tests.lb.wire import parse

_HEAD = b" HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
LARGEST_BODY = 65536


async def test_a_body_of_the_largest_size_arrives_whole(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    body = b"x" * LARGEST_BODY
    assert (await shop.lb.order(body=body)).status == 200
    assert shop.received[0].body == body


async def test_a_larger_body_is_refused(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    assert (await shop.lb.order(body=b"x" * (LARGEST_BODY + 1))).problem()["status"] == 413
    assert shop.received == []


@pytest.mark.parametrize("path", ["/api/orders", "/nowhere"])
async def test_a_body_that_does_not_tell_its_length_is_refused(open_shop: OpenShop, path: str) -> None:
    """nginx would put the largest of them into files, which it may not be able to write."""
    shop = await open_shop(products=0)
    framed = b"1;%s\r\nx\r\n" % (b"x" * 100)
    request = b"POST " + path.encode() + _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + framed * 1000 + b"0\r\n\r\n"
    answer = parse(await shop.lb.raw(request))
    assert answer.problem()["status"] == (411 if path == "/api/orders" else 404)
    assert shop.received == []
    assert b"client_body_temp" not in (shop.lb.folder / "error.log").read_bytes()


async def test_the_largest_body_is_not_written_to_a_file(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    async with shop.lb.connect() as connection:
        head = b"POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: %d\r\n\r\n" % LARGEST_BODY
        connection.send(head)
        for _ in range(16):
            connection.send(b"x" * (LARGEST_BODY // 16))
            await connection.writer.drain()
        assert (await connection.answer()).status == 200
    assert len(shop.received[0].body) == LARGEST_BODY
    assert b"temporary file" not in (shop.lb.folder / "error.log").read_bytes()


async def test_a_long_address_passes_and_a_longer_one_is_refused(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    assert (await shop.lb.target("/products/search?q=" + "x" * 8000)).status == 200
    assert (await shop.lb.target("/products/search?q=" + "x" * 8200)).problem()["status"] == 414
    assert len(shop.received) == 1


@pytest.mark.parametrize(
    "headers",
    [
        b"X-Note: " + b"x" * 8200 + b"\r\n",
        b"".join(b"X-%d: %s\r\n" % (n, b"x" * 2000) for n in range(12)),
        b"A: b\r\n" * 101,
    ],
    ids=["one too long", "too long together", "too many"],
)
async def test_too_much_of_headers_is_refused(open_shop: OpenShop, headers: bytes) -> None:
    shop = await open_shop(products=1)
    answer = parse(await shop.lb.raw(b"GET /products/42" + _HEAD + headers + b"\r\n"))
    assert answer.problem()["status"] == 431
    assert shop.received == []


@pytest.mark.parametrize(
    ("limit", "request_begun"),
    [
        ("client_header_timeout", b"GET /prod"),
        ("client_header_timeout", b"GET /products/42 HTTP/1.1\r\nHost: shop\r\nX-Note: "),
        ("client_body_timeout", b"POST /api/orders HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\nbody"),
    ],
    ids=["request line", "headers", "body"],
)
async def test_who_sends_too_slowly_is_cut_off(open_shop: OpenShop, limit: str, request_begun: bytes) -> None:
    """nginx answers nothing here and closes; the log has the 408."""
    shop = await open_shop(products=1, edits={f"{limit} 5s": f"{limit} 3s"})
    assert await shop.lb.raw(request_begun) == b""
    assert [line["status"] for line in await shop.lb.log(lines=1)] == [408]
    assert [replica.connections for replica in (*shop.products, *shop.gateways)] == [0, 0]


async def test_a_client_that_asks_too_often_is_told_to_wait(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, AFLOAT_RATE_PER_CLIENT="1")
    answers = await asyncio.gather(*(shop.lb.get("/products/42") for _ in range(20)))
    refused = [answer for answer in answers if answer.status != 200]
    assert len(answers) - len(refused) == len(shop.received) >= 1
    assert refused
    for answer in refused:
        assert (answer.problem()["status"], answer.headers["Retry-After"]) == (429, "1")


async def test_a_client_has_so_many_requests_at_once_and_no_more(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, AFLOAT_CONNECTIONS_PER_CLIENT="1")
    shop.products[0].mood = Mood.HUNG
    waiting = asyncio.create_task(shop.lb.get("/products/42"))
    await until(lambda: len(shop.received) == 1)
    refused = await shop.lb.get("/products/42")
    assert (refused.problem()["status"], refused.headers["Retry-After"]) == (429, "1")
    shop.products[0].mood = Mood.ANSWERING
    await shop.products[0].kill()
    assert (await waiting).status == 502
    await shop.products[0].start()
    async with asyncio.timeout(DEADLINE_S):  # nginx forgets a request shortly after its answer has gone
        while (await shop.lb.get("/products/42")).status != 200:
            await asyncio.sleep(0.01)


async def test_the_gateway_is_no_client(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, AFLOAT_RATE_PER_CLIENT="1", AFLOAT_CONNECTIONS_PER_CLIENT="1")
    answers = await asyncio.gather(*(shop.lb.get("/products/42", internal=True) for _ in range(20)))
    assert {answer.status for answer in answers} == {200}


async def test_a_large_answer_arrives_whole(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].body = b"x" * 1_000_000
    assert (await shop.lb.get("/products/search?limit=100")).body == shop.products[0].body
