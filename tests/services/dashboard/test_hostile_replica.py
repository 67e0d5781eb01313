"""A hostile replica: whatever it reports, the page can show the state, and the other replicas stay visible."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from services.dashboard.board import Board
from services.dashboard.private_ports import MAX_ANSWER_BYTES
from services.dashboard.visits import Visit
from tests.services.dashboard.looks import Clock, patterns
from tests.services.dashboard.test_collector import Street

METRICS = 'afloat_http_requests_total{{method="GET",route="/products/search",status="200"}} {}\n'
DEEP = "[" * 100_000
FAULT = {"kind": "hang", "left_s": 5.0}


def reported(**changed: Any) -> str:
    """The report of a gateway about its patterns, with lies about the breaker of Orders."""
    document = patterns()
    document["dependencies"]["orders"]["circuit_breaker"] |= changed
    return json.dumps(document)


def full(**changed: Any) -> str:
    document = patterns()
    document["dependencies"]["orders"]["bulkhead"] |= changed
    return json.dumps(document)


LIES: list[tuple[str, str]] = [
    ("/metrics", METRICS.format("NaN")),
    ("/metrics", METRICS.format("+Inf")),
    ("/metrics", METRICS.format("-5")),
    ("/metrics", METRICS.format("1e300")),
    ("/metrics", METRICS.format("many")),
    ("/metrics", 'afloat_http_request_duration_seconds_bucket{le="x",route="/"} 1\n'),
    ("/metrics", 'afloat_http_requests_total{route="' * 20_000),
    ("/metrics", "\x00" * (MAX_ANSWER_BYTES + 1)),
    ("/faults", '{"faults": 3}'),
    ("/faults", '{"faults": [3]}'),
    ("/faults", '{"faults": [{}]}'),
    ("/faults", '{"faults": [{"kind": "hang", "left_s": NaN}]}'),
    ("/faults", json.dumps({"faults": [FAULT | {"rate": "<script>"}]})),
    ("/faults", json.dumps({"faults": [FAULT | {"kind": "<img src=x onerror=alert(1)>"}]})),
    ("/faults", json.dumps({"faults": [FAULT | {"kind": "\ud800"}]})),
    ("/faults", json.dumps({"faults": [FAULT] * 10_000})),
    ("/faults", json.dumps({"faults": [FAULT | {"status": 10**400}]})),
    ("/faults", json.dumps({"faults": [FAULT | {"<b>": 1}]})),
    ("/faults", json.dumps({"faults": [FAULT | {f"x{number}": number for number in range(500)}]})),
    ("/faults", DEEP),
    ("/patterns", '{"switches": 1, "dependencies": 2}'),
    ("/patterns", '{"switches": {}, "dependencies": {"orders": {}}}'),
    ("/patterns", reported(state="<b>closed</b>")),
    ("/patterns", reported(state=["closed"])),
    ("/patterns", reported(failure_rate="NaN")),
    ("/patterns", reported(next_probe_in_s=1e308)),
    ("/patterns", full(max_concurrent=10**30)),
    ("/patterns", full(in_use=None)),
    ("/patterns", DEEP),
]


@dataclass
class Watched:
    """An honest replica and a gateway that lies, as a board shows them."""

    street: Street
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.board = Board(self.clock)

    async def lies(self, answers: Mapping[str, web.Response], served_by: str = "gateway-1") -> None:
        ready = web.json_response({}, headers={"X-Served-By": served_by})
        honest = web.json_response({}, headers={"X-Served-By": "products-1"})
        await self.street.open("gateway", {"/readyz": ready, "/patterns": web.Response(text=reported()), **answers})
        await self.street.open("products", {"/readyz": honest, "/metrics": web.Response(text=METRICS.format(5))})

    async def look(self) -> str:
        """Collect twice; returns the state as the pages get it, JSON in UTF-8."""
        for _ in range(2):
            self.clock.at += 1
            self.board.observe(await self.street.collector.collect(), [Visit("search", "answered", 5.0)], 20.0)
        return json.dumps(self.board.full, allow_nan=False, ensure_ascii=False).encode().decode()

    def names(self) -> list[str]:
        return [each["name"] for each in self.board.state["replicas"]]


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    async with AsyncExitStack() as stack:
        street = Street(stack)
        await stack.enter_async_context(street.ports.open())
        yield Watched(street)


@pytest.mark.parametrize(("path", "lie"), LIES, ids=lambda text: text[:60])
async def test_a_malformed_report_counts_as_no_report(watched: Watched, path: str, lie: str) -> None:
    await watched.lies({path: web.Response(text=lie)})
    shown = await watched.look()
    assert len(shown) < 20_000
    assert "<" not in shown
    assert [(each["name"], each["state"]) for each in watched.board.state["replicas"]] == [
        ("gateway-1", "ready"),
        ("products-1", "ready"),
    ]
    assert watched.board.state["faults"] == []
    if path == "/patterns":
        assert watched.board.state["gateways"] == [{"name": "gateway-1", "dependencies": {}}]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 5000, "../etc", "products 1", "\ud83d"])
async def test_a_malformed_name_is_not_shown(watched: Watched, name: str) -> None:
    await watched.lies({}, served_by=name.encode("utf-8", "replace").decode())
    await watched.look()
    assert watched.names() == ["gateway at 127.0.0.1", "products-1"]


async def test_a_replica_cannot_take_the_name_and_the_commands_of_another(watched: Watched) -> None:
    await watched.lies({}, served_by="products-1")
    await watched.look()
    known = watched.street.collector.known
    assert {name: place.service for name, place in known.items()} == {
        "products-1": "gateway",
        "products at 127.0.0.1": "products",
    }


async def test_the_reason_why_a_replica_is_not_ready_is_one_short_line(watched: Watched) -> None:
    why = json.dumps({"detail": "\ud800 away\n\n" + "x" * 100_000})
    await watched.lies({"/readyz": web.Response(text=why, status=503, headers={"X-Served-By": "gateway-1"})})
    await watched.look()
    detail = watched.board.state["replicas"][0]["detail"]
    assert detail.startswith("? away x")
    assert len(detail) == 200


async def test_a_redirect_is_not_followed(watched: Watched) -> None:
    asked: list[str] = []

    async def elsewhere(request: web.BaseRequest) -> web.Response:
        asked.append(request.path)
        return web.json_response({"faults": [FAULT]})

    runner = web.ServerRunner(web.Server(elsewhere))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        there = f"http://127.0.0.1:{runner.addresses[0][1]}/secret"
        moved = web.Response(status=307, headers={"Location": there})
        await watched.lies({"/faults": moved, "/metrics": moved, "/patterns": moved})
        await watched.look()
    finally:
        await runner.cleanup()
    assert asked == []


async def test_a_compressed_report_is_not_unpacked(watched: Watched) -> None:
    packed = gzip.compress(b'{"faults": []}')
    await watched.lies({"/faults": web.Response(body=packed, headers={"Content-Encoding": "gzip"})})
    [reading, _] = await watched.street.collector.collect()
    assert reading.faults is None


async def test_an_endless_answer_is_cut_off(watched: Watched) -> None:
    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b" " * 65536)
                sent.append(65536)
        except ConnectionError:
            ended.set()
        return answer

    sent: list[int] = []
    ended = asyncio.Event()
    runner = web.ServerRunner(web.Server(endless), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await watched.lies({})
        place = watched.street.found.places[0]
        watched.street.found.places.append(type(place)("orders", "127.0.0.1", runner.addresses[0][1], "orders-1"))
        await watched.look()
        await asyncio.wait_for(ended.wait(), 60)
    finally:
        await runner.cleanup()
    assert watched.names() == ["gateway-1", "products-1", "orders-1"]
    assert watched.board.state["replicas"][2]["state"] == "down"
