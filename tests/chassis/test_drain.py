"""SIGTERM, seen from outside: a real process, real connections."""

import asyncio

from chassis.settings import ServiceSettings
from tests.chassis.process import Answer, Service, running
from tests.chassis.waiting import until

# nginx keeps its idle connections to a replica this long.
NGINX_KEEP_ALIVE_S = 30


async def client(service: Service, answers: list[Answer]) -> None:
    """Uses one connection after the other, each until it is told to close it, for as long as the service is ready."""
    ready = True
    while ready:
        async with service.wire() as wire:
            closes = False
            while not closes:
                answers.append(await wire.get("/quick"))
                closes = answers[-1].closes
        ready = (await service.get("/readyz")).status == 200


async def test_sigterm_fails_no_request_of_a_client_that_heeds_it() -> None:
    async with running(drain_s=2) as service:
        answers: list[Answer] = []
        clients = [asyncio.create_task(client(service, answers)) for _ in range(5)]
        await until(lambda: len(answers) > 200)
        service.terminate()
        await asyncio.gather(*clients)
        assert {answer.status for answer in answers} == {200}
        assert await service.exit_code() == 0


async def test_a_draining_service_is_not_ready_at_once_and_serves_on_with_connections_that_close() -> None:
    async with running(drain_s=60) as service:
        assert not (await service.get("/quick")).closes
        service.terminate()
        await until(lambda: any(line["event"] == "draining" for line in service.log()))
        readiness = await service.get("/readyz")
        assert readiness.status == 503
        assert b'"draining"' in readiness.body
        assert (await service.get("/livez")).status == 200
        answer = await service.get("/quick")
        assert (answer.status, answer.closes) == (200, True)


async def test_a_request_in_flight_is_finished() -> None:
    async with running(drain_s=0, stop_timeout_s=60, request_timeout_s=60) as service, service.wire() as wire:
        answer = asyncio.create_task(wire.get("/slow?seconds=2"))
        await in_flight(service, 1)
        service.terminate()
        assert (await answer).status == 200
        assert await service.exit_code() == 0


async def test_a_request_that_takes_longer_than_the_stop_timeout_gets_a_503() -> None:
    async with running(drain_s=0, stop_timeout_s=1, request_timeout_s=600) as service, service.wire() as wire:
        answer = asyncio.create_task(wire.get("/slow?seconds=500"))
        await in_flight(service, 1)
        service.terminate()
        assert (await answer).status == 503
        assert await service.exit_code() == 0


async def test_an_open_stream_cannot_hang_the_stop() -> None:
    async with running(drain_s=0, stop_timeout_s=1, request_timeout_s=600) as service, service.wire() as wire:
        await wire.send(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await wire.reader.readuntil(b"tick\n")
        service.terminate()
        assert await service.exit_code() == 0


async def test_a_second_sigterm_stops_at_once() -> None:
    async with running(drain_s=60, stop_timeout_s=60, request_timeout_s=600) as service, service.wire() as wire:
        waiting = asyncio.create_task(wire.get("/slow?seconds=500"))
        await in_flight(service, 1)
        service.terminate()
        await until(lambda: any(line["event"] == "draining" for line in service.log()))
        service.terminate()
        assert await service.exit_code() == 0
        assert (await waiting).status == 503


async def test_every_line_of_a_whole_life_is_json_and_none_is_an_error() -> None:
    async with running(drain_s=0) as service:
        await service.get("/quick")
        service.terminate()
        assert await service.exit_code() == 0
        await until(lambda: any("Finished" in line["event"] for line in service.log()))
    log = service.log()
    assert {line["level"] for line in log} == {"info"}
    assert {line["replica"] for line in log} == {"tiny-1"}
    assert not any("/quick" in str(line) for line in log)


def test_an_idle_connection_outlasts_the_load_balancers() -> None:
    keep_alive = ServiceSettings.model_fields["keep_alive_s"]
    assert keep_alive.default > NGINX_KEEP_ALIVE_S
    assert any(getattr(rule, "ge", 0) > NGINX_KEEP_ALIVE_S for rule in keep_alive.metadata)


async def in_flight(service: Service, count: int) -> None:
    """Wait until that many requests are in flight; the one that asks is in flight itself."""
    line = f"afloat_http_in_flight_requests {count + 1}.0\n".encode()

    async def reached() -> bool:
        return line in (await service.get("/metrics")).body

    await until(reached)
