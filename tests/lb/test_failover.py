"""A replica fails, its clients see nothing of it."""

import asyncio
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.lb.balancer import DEADLINE_S, until
from tests.lb.conftest import SHORT, OpenShop, Shop
from tests.lb.fake_replica import Mood

SEARCH = "/products/search?q=lamp"


async def _answers(shop: Shop, count: int) -> Counter[str]:
    """By whom `count` searches, ten at a time, were answered; every one must have been."""
    served: Counter[str] = Counter()
    for start in range(0, count, 10):
        answers = await asyncio.gather(*(shop.lb.get(SEARCH) for _ in range(min(10, count - start))))
        assert {answer.status for answer in answers} == {200}
        served.update(answer.served_by for answer in answers)
    return served


@pytest.fixture
def vanished_address() -> Iterator[str]:
    """Where nobody takes a connection and nobody refuses one: as an address that left the network."""
    with ExitStack() as sockets:
        full = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield f"127.0.0.1:{full.getsockname()[1]}"


async def test_replicas_share_the_work(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    served = Counter([(await shop.lb.get(SEARCH)).served_by for _ in range(9)])
    assert served == {"products-1": 3, "products-2": 3, "products-3": 3}


@pytest.mark.parametrize("killed", [1, 2])
@pytest.mark.parametrize("connected", [True, False])
async def test_killed_replicas_cost_no_request(open_shop: OpenShop, killed: int, connected: bool) -> None:
    shop = await open_shop(products=3)
    if connected:
        assert len(await _answers(shop, 30)) == 3  # every worker has connections to every replica
    for replica in shop.products[:killed]:
        await replica.kill()
    assert set(await _answers(shop, 30)) == {replica.name for replica in shop.products[killed:]}


@pytest.mark.parametrize("hung", [1, 2])
async def test_hung_replicas_cost_no_request(open_shop: OpenShop, hung: int) -> None:
    shop = await open_shop(products=3, read_timeout=SHORT)
    for replica in shop.products[:hung]:
        replica.mood = Mood.HUNG
    assert set(await _answers(shop, 30)) == {replica.name for replica in shop.products[hung:]}


async def test_a_replica_that_breaks_connections_costs_no_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    shop.products[0].mood = Mood.RESETTING
    assert set(await _answers(shop, 30)) == {"products-2", "products-3"}


async def test_a_vanished_address_costs_no_request(open_shop: OpenShop, vanished_address: str) -> None:
    shop = await open_shop(products=1, nobody=vanished_address)
    assert await _answers(shop, 10) == {"products-1": 10}
    tried = [line["upstream"]["address"] for line in await shop.lb.log(lines=10)]
    assert any(vanished_address in addresses for addresses in tried)


async def test_a_failure_takes_a_replica_out_of_the_rotation(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2, read_timeout=SHORT)
    shop.products[0].mood = Mood.HUNG
    for _ in range(12):
        await shop.lb.get(SEARCH)
    assert len(shop.products[0].received) == 1


async def test_a_replica_that_came_back_is_in_rotation_by_itself(open_shop: OpenShop) -> None:
    shop = await open_shop(products=2, marks_last="2s")
    await shop.products[0].kill()
    assert set(await _answers(shop, 10)) == {"products-2"}
    await shop.products[0].start()
    served: set[str] = set()
    async with asyncio.timeout(DEADLINE_S):
        while served != {"products-1", "products-2"}:
            served.add((await shop.lb.get(SEARCH)).served_by)
            await asyncio.sleep(0.01)


async def test_a_busy_replica_gets_no_new_requests(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    busy = shop.products[0]
    busy.mood = Mood.HUNG
    waiting = asyncio.create_task(shop.lb.get(SEARCH))
    await until(lambda: len(busy.received) == 1)
    for _ in range(9):
        assert (await shop.lb.get(SEARCH)).served_by != busy.name
    assert len(busy.received) == 1
    await busy.kill()
    assert (await waiting).status == 200


async def test_an_error_of_the_code_is_neither_tried_elsewhere_nor_a_mark(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    broken = shop.products[0].answer_problem(500, detail="The service failed.")
    answers = [await shop.lb.get(SEARCH) for _ in range(9)]
    assert [answer.body for answer in answers if answer.status == 500] == [broken] * 3
    assert [len(replica.received) for replica in shop.products] == [3, 3, 3]


@pytest.mark.parametrize("status", [429, 504])
async def test_a_busy_or_slow_replica_s_word_is_passed_on_and_asked_of_no_other(
    open_shop: OpenShop, status: int
) -> None:
    shop = await open_shop(products=3)
    told = shop.products[0].answer_problem(status, dependency="postgres")
    answers = [await shop.lb.get(SEARCH) for _ in range(9)]
    assert [answer.body for answer in answers if answer.status == status] == [told] * 3
    assert [len(replica.received) for replica in shop.products] == [3, 3, 3]


async def test_a_replica_that_cannot_serve_costs_no_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    shop.products[0].answer_problem(503)
    assert set(await _answers(shop, 12)) == {"products-2", "products-3"}
    assert len(shop.products[0].received) <= 10  # those that were under way when the first one failed


async def test_when_no_replica_can_serve_the_last_one_s_own_word_is_passed_on(open_shop: OpenShop) -> None:
    shop = await open_shop(products=3)
    for replica in shop.products:
        problem = replica.answer_problem(503, detail="The database is away.", dependency="postgres")
        replica.headers["Retry-After"] = "7"
    for _ in range(3):  # with more and more of them marked
        answer = await shop.lb.get(SEARCH)
        assert (answer.status, answer.body) == (503, problem)
        assert answer.headers["Retry-After"] == "7"
        assert answer.served_by.startswith("products-")


async def test_a_hang_that_no_replica_takes_over_ends_as_a_timeout(open_shop: OpenShop) -> None:
    shop = await open_shop(products=1, read_timeout=SHORT)
    shop.products[0].mood = Mood.HUNG
    problem = (await shop.lb.get(SEARCH)).problem()
    assert (problem["status"], problem["dependency"], problem["reason"]) == (504, "products", "timeout")


async def test_a_dead_gateway_costs_no_request(open_shop: OpenShop) -> None:
    shop = await open_shop(products=0, gateways=2)
    await shop.gateways[0].kill()
    for _ in range(10):
        assert (await shop.lb.get("/api/orders/9")).served_by == "gateway-2"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_what_a_gateway_says_of_its_dependencies_is_not_asked_twice(open_shop: OpenShop, status: int) -> None:
    shop = await open_shop(products=0, gateways=2)
    for gateway in shop.gateways:
        problem = gateway.answer_problem(status, dependency="orders", reason="circuit_open")
    answers = [await shop.lb.get("/api/orders/9") for _ in range(4)]
    assert {(answer.status, answer.body) for answer in answers} == {(status, problem)}
    assert [len(gateway.received) for gateway in shop.gateways] == [2, 2]
