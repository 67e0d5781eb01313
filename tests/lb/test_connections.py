"""Connections are kept and closed so that nobody sends a request into one that is about to end."""

import asyncio

from stack import upstreams
from tests.lb.conftest import OpenShop

WORKERS = 2
_REQUEST = b"GET /products/42 HTTP/1.1\r\nHost: shop\r\n\r\n"


async def test_connections_to_a_replica_are_used_again(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    for _ in range(30):
        await shop.lb.get("/products/42")
    assert shop.products[0].connections <= WORKERS


async def test_a_draining_replica_s_connections_are_given_up(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    await shop.lb.get("/products/42")
    shop.products[0].headers = {"Connection": "close"}
    before = shop.products[0].connections
    for _ in range(5):
        await shop.lb.get("/products/42")
    assert shop.products[0].connections >= before + 5 - WORKERS


async def test_a_connection_that_the_replica_closed_costs_not_even_an_order(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0)
    for round_ in range(10):
        assert (await shop.lb.order()).status == 200
        await shop.gateways[0].kill()
        await shop.gateways[0].start()
        assert len(shop.received) == round_ + 1


async def test_a_client_keeps_its_connection(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1)
    async with shop.lb.connect() as connection:
        for path in (b"/products/42", b"/nowhere", b"/products/43"):
            connection.send(b"GET " + path + b" HTTP/1.1\r\nHost: shop\r\n\r\n")
            assert (await connection.answer()).headers["Connection"] == "keep-alive"


async def test_a_reload_cuts_no_client_off(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2)
    async with shop.lb.connect() as early:
        early.send(_REQUEST)
        await early.answer()
        await shop.lb.reload(upstreams.render({"products": [shop.products[1].address]}))
        assert (await shop.lb.target("/products/42")).served_by == "products-2"
        early.send(_REQUEST)
        assert (await early.answer()).status == 200


async def test_servers_come_and_go_by_reload_without_a_failed_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3, AFLOAT_RATE_PER_CLIENT="100000")
    statuses: list[int] = []
    stop = asyncio.Event()

    async def visit() -> None:
        while not stop.is_set():
            async with shop.lb.connect() as connection:
                kept = True
                while kept and not stop.is_set():
                    connection.send(_REQUEST)
                    answer = await connection.answer()
                    statuses.append(answer.status)
                    kept = answer.headers["Connection"] == "keep-alive"

    visitors = [asyncio.create_task(visit()) for _ in range(4)]
    for replica in (*shop.products, *shop.products):
        await shop.lb.reload(upstreams.render({"products": [replica.address]}))
        assert (await shop.lb.target("/products/42")).served_by == replica.name
    stop.set()
    await asyncio.gather(*visitors)
    assert set(statuses) == {200}
