"""One look at every replica, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from services.dashboard.collector import Collector
from services.dashboard.places import Place
from services.dashboard.private_ports import PrivatePorts


class Found:
    """Places that a test lays out."""

    def __init__(self) -> None:
        self.places: list[Place] = []

    async def find(self) -> list[Place]:
        return self.places

    def visitors_url(self) -> str:
        return ""


class Street:
    """Servers, each a replica."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self.found = Found()
        self.ports = PrivatePorts(timeout_s=5.0)
        self.collector = Collector(self.found, self.ports)

    async def open(self, service: str, answers: dict[str, web.Response], name: str = "", *, hang: bool = False) -> None:
        async def answer(request: web.BaseRequest) -> web.Response:
            if hang:
                await asyncio.sleep(60)
            found = answers.get(request.path)
            if found is None:
                return web.Response(status=404)
            return web.Response(body=found.body, status=found.status, headers=found.headers)

        runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.found.places.append(Place(service, "127.0.0.1", runner.addresses[0][1], name))


READY = web.json_response({"status": "ready"}, headers={"X-Served-By": "products-7"})


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with AsyncExitStack() as stack:
        opened = Street(stack)
        await stack.enter_async_context(opened.ports.open())
        yield opened


async def test_a_replica_says_its_name_its_faults_and_what_it_counted(street: Street) -> None:
    faults = web.json_response({"faults": [{"kind": "hang", "left_s": 5.0}]})
    await street.open("products", {"/readyz": READY, "/metrics": web.Response(text=""), "/faults": faults})
    [reading] = await street.collector.collect()
    assert (reading.name, reading.state, reading.named) == ("products-7", "ready", True)
    assert reading.faults == ({"kind": "hang", "left_s": 5.0},)
    assert reading.counts is not None
    assert street.collector.known.keys() == {"products-7"}


async def test_a_replica_that_allows_no_faults_reports_none(street: Street) -> None:
    await street.open("products", {"/readyz": READY})
    [reading] = await street.collector.collect()
    assert (reading.state, reading.faults, reading.counts) == ("ready", None, None)


@pytest.mark.parametrize(
    ("problem", "detail"),
    [
        ({"reason": "draining", "detail": "The service is stopping."}, "stopping"),
        ({"detail": "database: away"}, "database: away"),
    ],
)
async def test_a_replica_that_is_not_ready_says_why(street: Street, problem: dict[str, str], detail: str) -> None:
    await street.open("orders", {"/readyz": web.json_response(problem, status=503)}, "orders-1")
    [reading] = await street.collector.collect()
    assert (reading.name, reading.state, reading.detail) == ("orders-1", "not_ready", detail)


async def test_a_replica_that_does_not_answer_is_silent_and_one_that_refuses_connections_is_down(
    street: Street,
) -> None:
    await street.open("orders", {}, "orders-1", hang=True)
    street.found.places.append(Place("customers", "127.0.0.1", 1, "customers-1"))
    street.found.places.append(Place("products", "127.0.0.1", 1))
    readings = await street.collector.collect()
    assert [(each.name, each.state, each.named) for each in readings] == [
        ("orders-1", "silent", True),
        ("customers-1", "down", True),
        ("products at 127.0.0.1", "down", False),
    ]


async def test_a_body_that_is_not_json_counts_as_no_report(street: Street) -> None:
    answers = {"/readyz": READY, "/patterns": web.Response(text="[1]"), "/faults": web.Response(text="<html>")}
    await street.open("gateway", answers)
    [reading] = await street.collector.collect()
    assert (reading.patterns, reading.faults) == (None, None)
