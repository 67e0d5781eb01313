"""Under Docker the servers are names: their addresses come and go, and requests do not notice."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from stack import upstreams
from tests.lb.balancer import DEADLINE_S, Balancer, until
from tests.lb.fake_dns import FakeDns
from tests.lb.fake_replica import FakeReplica, Mood

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Only Linux lets a test listen on 127.0.0.2.")

PATH = "/products/42"


@dataclass(frozen=True)
class NamedShop:
    """Two replicas on one port of two addresses, and a load balancer, not started yet, that knows them by name."""

    lb: Balancer
    dns: FakeDns
    replicas: tuple[FakeReplica, FakeReplica]

    def exist(self, *replicas: FakeReplica) -> None:
        self.dns.names["products"] = [replica.host for replica in replicas]

    async def served_by(self, *names: str) -> None:
        """Wait until exactly these replicas answer four requests in a row."""
        async with asyncio.timeout(DEADLINE_S):
            seen: set[str] = set()
            while seen != set(names):
                answers = [await self.lb.get(PATH) for _ in range(4)]
                seen = {answer.headers.get("X-Served-By", str(answer.status)) for answer in answers}
                await asyncio.sleep(0.05)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[NamedShop]:
    async with AsyncExitStack() as stack:
        first = FakeReplica("products-1", host="127.0.0.2")
        await first.start()
        stack.push_async_callback(first.kill)
        second = FakeReplica("products-2", host="127.0.0.3", port=first.port)
        await second.start()
        stack.push_async_callback(second.kill)
        dns = FakeDns()
        await dns.start()
        stack.callback(dns.stop)
        conf = upstreams.render({"products": [f"products:{first.port}"]}, resolver=dns.address)
        lb = Balancer(tmp_path, conf, {"AFLOAT_LB_READ_TIMEOUT": "25s", "AFLOAT_LB_TRIES_TIMEOUT": "60s"}, {})
        stack.push_async_callback(lb.stop)
        yield NamedShop(lb, dns, (first, second))


async def test_the_balancer_starts_before_its_replicas_have_a_name(shop: NamedShop) -> None:
    await shop.lb.start()
    answer = await shop.lb.get(PATH)
    assert (answer.problem()["status"], answer.problem()["reason"]) == (502, "unreachable")
    shop.exist(shop.replicas[0])
    await shop.served_by("products-1")


async def test_replicas_join_and_leave_by_name(shop: NamedShop) -> None:
    first, second = shop.replicas
    shop.exist(first)
    await shop.lb.start()
    await shop.served_by("products-1")
    shop.exist(first, second)
    await shop.served_by("products-1", "products-2")
    shop.exist(second)
    await shop.served_by("products-2")
    del shop.dns.names["products"]
    await shop.served_by("502")


async def test_a_request_under_way_while_its_replica_leaves_is_answered_by_the_other(shop: NamedShop) -> None:
    leaving, staying = shop.replicas
    shop.exist(leaving, staying)
    leaving.headers = {"Connection": "close"}  # nginx tries once more by itself where it used a kept connection
    await shop.lb.start()
    await shop.served_by("products-1", "products-2")
    leaving.mood = Mood.HUNG
    leaving.received.clear()
    visits = [asyncio.create_task(shop.lb.get(PATH)) for _ in range(2)]
    await until(lambda: len(leaving.received) == 1)
    shop.exist(staying)
    asked = shop.dns.asked
    await until(lambda: shop.dns.asked >= asked + 2)  # by then the first answer without it is in force
    await leaving.kill()
    assert [(await visit).served_by for visit in visits] == ["products-2", "products-2"]
