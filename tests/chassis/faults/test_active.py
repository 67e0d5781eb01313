"""Which faults are on, what they reach, and how they end."""

import asyncio

import pytest
from structlog.typing import EventDict

from chassis.faults.kinds import KINDS
from tests.chassis.client import connected, problem_in
from tests.chassis.faults.faulty import Faulty, faulty
from tests.chassis.waiting import until


async def test_without_faults_enabled_the_route_does_not_exist() -> None:
    async with connected() as client:
        for method in ("GET", "PUT", "DELETE"):
            assert problem_in(await client.request(method, "/faults"))["status"] == 404
        assert "afloat_faults" not in (await client.get("/metrics")).text


async def test_a_fault_is_listed_as_it_was_asked_for_with_the_time_it_has_left() -> None:
    async with faulty() as service:
        assert await service.active() == []
        await service.inject("error", status=503, rate=0.5, for_s=30)
        service.time.advance(10)
        assert await service.active() == [{"kind": "error", "status": 503, "rate": 0.5, "for_s": 30.0, "left_s": 20.0}]


async def test_a_fault_ends_by_itself() -> None:
    async with faulty() as service:
        await service.inject("error", for_s=30)
        service.time.advance(29.9)
        assert await service.statuses(1) == [500]
        service.time.advance(0.1)
        assert (await service.statuses(1), await service.active()) == ([200], [])
        assert service.time.pending == 0


async def test_the_same_kind_again_replaces_the_first_and_its_end() -> None:
    async with faulty() as service:
        await service.inject("error", status=500, for_s=10)
        await service.inject("error", status=503, for_s=30)
        service.time.advance(20)
        assert [(each["status"], each["left_s"]) for each in await service.active()] == [(503, 10.0)]
        assert await service.statuses(1) == [503]


async def test_different_kinds_are_on_together_and_end_each_in_its_time() -> None:
    async with faulty() as service:
        await service.inject("leak", mib_per_s=1, for_s=10)
        await service.inject("error", for_s=20)
        assert [each["kind"] for each in await service.active()] == ["leak", "error"]
        service.time.advance(15)
        assert [each["kind"] for each in await service.active()] == ["error"]


async def test_clearing_ends_all_of_them_and_may_be_done_again() -> None:
    async with faulty() as service:
        for kind in ("error", "hang", "grey"):
            await service.inject(kind)
        for _ in range(2):
            await service.clear()
            assert (await service.statuses(1), service.time.pending) == ([200], 0)


async def test_a_request_that_one_fault_kept_waiting_is_not_struck_by_another_that_is_over() -> None:
    async with faulty() as service:
        await service.inject("error")
        await service.inject("latency", delay_ms=1000)
        request = asyncio.create_task(service.client.get("/items/7"))
        await until(lambda: service.metrics.in_flight == 1)
        await service.clear()
        assert (await request).status_code == 200


async def test_faults_reach_the_services_own_routes_only() -> None:
    async with faulty() as service:
        await service.inject("hang")
        await service.inject("error")
        for path in ("/livez", "/readyz", "/metrics", "/faults"):
            assert (await service.client.get(path)).status_code == 200
        assert problem_in(await service.client.get("/nowhere"))["status"] == 404


async def test_a_request_that_was_struck_is_counted_under_its_route_and_names_its_replica() -> None:
    async with faulty() as service:
        await service.inject("error", status=503)
        answer = await service.client.get("/items/7", headers={"X-Request-Id": "mine"})
        assert (answer.headers["X-Served-By"], answer.headers["X-Request-Id"]) == ("items-1", "mine")
        assert 'route="/items/{number}",status="503"} 1.0' in service.metrics.exposition().decode()


def shown(service: Faulty) -> dict[str, float]:
    lines = service.metrics.exposition().decode().splitlines()
    found = (
        line.removeprefix('afloat_faults_active{kind="').split('"} ') for line in lines if "faults_active{" in line
    )
    return {kind: float(value) for kind, value in found}


async def test_every_kind_is_in_the_metrics_before_there_is_any() -> None:
    async with faulty() as service:
        assert shown(service) == dict.fromkeys(KINDS, 0.0)
        await service.inject("error", for_s=10)
        await service.inject("error", for_s=20)
        assert shown(service) == dict.fromkeys(KINDS, 0.0) | {"error": 1.0}
        service.time.advance(20)
        assert shown(service) == dict.fromkeys(KINDS, 0.0)


async def test_the_log_tells_when_a_fault_began_and_ended(log: list[EventDict]) -> None:
    async with faulty() as service:
        await service.inject("error", for_s=10)
        service.time.advance(10)
    assert [(entry["event"], entry["kind"]) for entry in log] == [
        ("fault_injected", "error"),
        ("fault_cleared", "error"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "hang", "for_s": None},
        {"kind": "hang", "for_s": 0},
        {"kind": "hang", "for_s": 3601},
        {"kind": "hang", "for_s": "10"},
        {"kind": "hang", "for_s": True},
        {"kind": "hang", "rate": 0},
        {"kind": "hang", "rate": 1.1},
        {"kind": "hang", "status": 500},
        {"kind": "error", "status": 200},
        {"kind": "error", "status": 600},
        {"kind": "error", "status": 430},
        {"kind": "latency"},
        {"kind": "latency", "delay_ms": 0},
        {"kind": "latency", "delay_ms": 60_001},
        {"kind": "latency", "delay_ms": 10, "jitter_ms": -1},
        {"kind": "latency", "delay_ms": 10, "distribution": "normal"},
        {"kind": "leak"},
        {"kind": "leak", "mib_per_s": 0},
        {"kind": "leak", "mib_per_s": 101},
        {"kind": "block", "block_ms": 0},
        {"kind": "block", "block_ms": 10_001},
        {"kind": "exhaust_pool", "connections": 3},
    ],
)
async def test_what_is_no_fault_is_a_422_and_changes_nothing(body: dict[str, object]) -> None:
    async with faulty() as service:
        answer = await service.client.put("/faults", json={"for_s": 10} | body)
        assert (answer.status_code, bool(problem_in(answer)["errors"])) == (422, True)
        assert await service.active() == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"7", b"\xff", b'{"kind": "hang", "for_s": NaN}'])
async def test_a_body_that_is_no_fault_at_all_is_a_422(raw: bytes) -> None:
    async with faulty() as service:
        answer = await service.client.put("/faults", content=raw, headers={"Content-Type": "application/json"})
        assert problem_in(answer)["status"] in {400, 422}


async def test_a_fault_is_not_in_openapi() -> None:
    async with faulty() as service:
        assert (await service.client.get("/openapi.json")).json()["paths"].keys().isdisjoint({"/faults"})
