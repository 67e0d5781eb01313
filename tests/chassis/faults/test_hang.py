"""Hang: held for as long as the fault lasts, or the client stays."""

import asyncio

from tests.chassis.faults.faulty import clear_faults, faulty, put_fault
from tests.chassis.process import Answer, Service, running
from tests.chassis.waiting import until

POST = b"POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"


async def test_a_request_is_held_until_the_fault_ends_and_answered_then() -> None:
    async with faulty(request_timeout_s=0.5) as service:
        await service.inject("hang", for_s=30)
        request = asyncio.create_task(service.client.get("/items/7"))
        await until(lambda: service.metrics.in_flight == 1)
        service.time.advance(29)
        await service.client.get("/livez")
        assert not request.done()
        service.time.advance(1)
        assert (await request).json()["number"] == 7


async def test_only_that_share_of_the_requests_hangs() -> None:
    async with faulty() as service:
        await service.inject("hang", rate=0.25)
        requests = [asyncio.create_task(service.client.get("/items/7")) for _ in range(200)]
        await until(lambda: service.metrics.in_flight + sum(each.done() for each in requests) == 200)
        assert 30 <= service.metrics.in_flight <= 70
        await service.clear()
        assert {each.status_code for each in await asyncio.gather(*requests)} == {200}


async def in_flight(service: Service, count: int) -> bool:
    return f"afloat_http_in_flight_requests {count}.0\n".encode() in (await service.get("/metrics")).body


async def test_over_a_real_connection_a_held_body_arrives_whole_and_a_client_that_leaves_is_forgotten() -> None:
    async with running(faults_enabled=True) as service:
        assert (await put_fault(service, "hang")).status == 200
        async with service.wire() as stays:
            async with service.wire() as leaves:
                await stays.send(POST + b"ab")
                await leaves.send(POST + b"ab")
                await until(lambda: in_flight(service, 3))
            await until(lambda: in_flight(service, 2))
            await stays.send(b"cd")
            assert (await clear_faults(service)).status == 200
            answer: Answer = await stays.answer()
        assert (answer.status, answer.body) == (200, b"4")
        assert [line for line in service.log() if line["level"] == "error"] == []


async def test_a_service_that_hangs_still_stops_on_sigterm() -> None:
    async with running(faults_enabled=True, drain_s=0, stop_timeout_s=1) as service, service.wire() as wire:
        await put_fault(service, "hang")
        await wire.send(b"GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await until(lambda: in_flight(service, 2))
        service.terminate()
        assert (await wire.answer()).status == 503
        assert await service.exit_code() == 0
