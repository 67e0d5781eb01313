"""The access log: a line of JSON a request, which tells of every attempt."""

import asyncio
from datetime import datetime

from stack import upstreams
from tests.lb.balancer import until
from tests.lb.conftest import OpenShop
from tests.lb.fake_replica import Mood


async def test_a_line_says_who_asked_for_what_and_who_answered(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    answer = await shop.lb.get("/products/search?q=lamp", {"X-Request-Id": "visit-1"})
    [line] = await shop.lb.log(lines=1)
    assert datetime.fromisoformat(line["time"]).tzinfo is not None
    assert line["request_id"] == "visit-1"
    assert (line["client"], line["port"]) == ("127.0.0.1", shop.lb.port)
    assert (line["method"], line["uri"], line["status"]) == ("GET", "/products/search?q=lamp", 200)
    assert line["bytes"] > len(answer.body)
    assert line["served_by"] == "products-1"
    upstream = line["upstream"]
    assert (upstream["address"], upstream["status"]) == (shop.products[0].address, "200")
    for time in (line["request_time_s"], *(upstream[f"{phase}_time_s"] for phase in ("connect", "header", "response"))):
        assert float(time) >= 0


async def test_a_line_has_address_status_and_times_of_every_attempt(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    resetting, refusing, answering = shop.products
    resetting.mood = Mood.RESETTING
    refusing.answer_problem(503)
    await shop.lb.get("/products/42")
    [line] = await shop.lb.log(lines=1)
    upstream = line["upstream"]
    assert upstream["address"].split(", ") == [resetting.address, refusing.address, answering.address]
    assert upstream["status"].split(", ") == ["502", "503", "200"]
    for phase in ("connect", "header", "response"):
        assert len(upstream[f"{phase}_time_s"].split(", ")) == 3
    assert (line["status"], line["served_by"]) == (200, "products-3")


async def test_a_line_tells_that_a_request_failed_open(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2)
    addresses = {replica.address for replica in shop.products}
    for replica in shop.products:
        replica.mood = Mood.RESETTING
    await shop.lb.get("/products/42")
    for replica in shop.products:
        replica.mood = Mood.ANSWERING
    await shop.lb.get("/products/42")
    failed, answered = await shop.lb.log(lines=2)
    assert set(failed["upstream"]["address"].split(", ")) == addresses
    no_server_left, answered_by = answered["upstream"]["address"].split(" : ")
    assert no_server_left == "products"
    assert answered_by in addresses


async def test_what_the_balancer_refuses_is_logged_as_it_was_asked(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    await shop.lb.ask("DELETE", "/api/orders")
    # Each worker writes its line after the answer: those of two workers have no order.
    await shop.lb.log(lines=1)
    await shop.lb.target("/products/../metrics")
    await shop.lb.get("/products/42", internal=True)
    lines = await shop.lb.log(lines=3)
    assert [(line["method"], line["uri"], line["status"]) for line in lines] == [
        ("DELETE", "/api/orders", 405),
        ("GET", "/products/../metrics", 404),
        ("GET", "/products/42", 502),
    ]
    assert lines[2]["port"] == shop.lb.internal_port


async def test_hostile_bytes_leave_the_line_json(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].headers = {"X-Served-By": 'a"b\\c'}
    await shop.lb.target('/products/search?q="\\{}\xff\xfe')
    await shop.lb.target('/products/search?q="\\{}')
    await shop.lb.raw(b"\x00\x01\xff\xfe\r\n\r\n")
    # The next may come to the other worker, which writes its line in its own time.
    await shop.lb.log(lines=3)
    await shop.lb.raw(b'GET /"\xc3( HTTP/1.1\r\nHost: s\r\nX-Request-Id: "},{"\r\nConnection: close\r\n\r\n')
    lines = await shop.lb.log(lines=4)
    assert [line["uri"] for line in lines] == ['/products/search?q="\\{}', '/products/search?q="\\{}', "", '/"']
    assert lines[1]["served_by"] == 'a"b\\c'
    assert [line["status"] for line in lines] == [400, 200, 400, 400]


async def test_a_client_that_leaves_is_logged_and_counts_as_no_failure(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    shop.products[0].mood = Mood.HUNG
    async with shop.lb.connect() as connection:
        connection.send(b"GET /products/42 HTTP/1.1\r\nHost: shop\r\n\r\n")
        await until(lambda: len(shop.received) == 1)
    [line] = await shop.lb.log(lines=1)
    assert line["status"] == 499
    shop.products[0].mood = Mood.ANSWERING
    assert (await shop.lb.get("/products/42")).status == 200
    assert (await shop.lb.log(lines=2))[1]["upstream"]["address"] == shop.products[0].address


async def test_a_request_that_a_reload_cut_off_is_logged_with_the_number_0(open_shop: OpenShop) -> None:
    shop = await open_shop(
        products=1,
        edits={"worker_shutdown_timeout 10s": "worker_shutdown_timeout 100ms"},
    )
    shop.products[0].mood = Mood.HUNG
    async with shop.lb.connect() as connection:
        connection.send(b"GET /products/42 HTTP/1.1\r\nHost: shop\r\n\r\n")
        await until(lambda: len(shop.received) == 1)
        await shop.lb.reload(upstreams.render({}))
        assert await connection.rest() == b""
    assert [line["status"] for line in await shop.lb.log(lines=1)] == [0]


async def test_lines_stay_whole_under_load(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2)
    await asyncio.gather(*(shop.lb.get(f"/products/{number}") for number in range(200)))
    lines = await shop.lb.log(lines=200)
    assert {line["uri"] for line in lines} == {f"/products/{number}" for number in range(200)}


async def test_the_health_check_is_not_logged(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    await shop.lb.get("/healthz", internal=True)
    await shop.lb.get("/nowhere")
    assert [line["uri"] for line in await shop.lb.log(lines=1)] == ["/nowhere"]
