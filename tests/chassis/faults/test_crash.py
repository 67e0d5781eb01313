"""Crash: the process is gone."""

from chassis.faults.crash import EXIT_CODE
from tests.chassis.faults.faulty import faulty, put_fault
from tests.chassis.process import running
from tests.chassis.waiting import until


async def test_the_process_dies_at_once_whatever_it_is_doing_and_drains_nothing() -> None:
    async with running(faults_enabled=True, drain_s=60) as service, service.wire() as wire:
        await wire.send(b"GET /slow?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert (await put_fault(service, "crash")).status == 200
        assert await service.exit_code() == EXIT_CODE
        assert await wire.reader.read() == b""
        await until(lambda: "fault_injected" in "".join(service.output))
        assert "draining" not in "".join(service.output)


async def test_one_that_is_cleared_in_time_does_not_happen() -> None:
    async with faulty() as service:
        await service.inject("crash")
        await service.clear()
        service.time.advance(60)
        assert service.died == []
        await service.inject("crash")
        service.time.advance(1)
        assert service.died == [EXIT_CODE]
