"""Leak: memory that is really taken, and really given back."""

import re
from pathlib import Path

import psutil

from chassis.faults.host import Host
from chassis.faults.leak import EXIT_CODE, LIMIT_MIB, MIB, Leak
from tests.chassis.faults.fake_time import FakeTime
from tests.chassis.faults.faulty import clear_faults, put_fault
from tests.chassis.process import running
from tests.chassis.waiting import until

COMPOSE = Path(__file__).parents[3] / "docker-compose.yml"


def leaking(mib_per_s: int) -> tuple[Leak, Host, FakeTime, list[int]]:
    time, died = FakeTime(), list[int]()
    host = Host(time.clock, time.call_later, die=died.append)
    fault = Leak(kind="leak", for_s=60, mib_per_s=mib_per_s)
    fault.inject(host)
    return fault, host, time, died


def test_it_grows_by_so_much_a_second_and_is_gone_once_cleared() -> None:
    fault, host, time, died = leaking(5)
    for second in range(1, 4):
        time.advance(1)
        assert abs(fault.leaked_bytes - 5 * second * MIB) < MIB
    fault.clear(host)
    fault.clear(host)
    time.advance(60)
    assert (fault.leaked_bytes, time.pending, died) == (0, 0, [])


def test_where_nothing_else_limits_the_process_it_dies_at_the_limit_of_a_container() -> None:
    fault, host, time, died = leaking(100)
    time.advance(1.9)
    assert died == []
    time.advance(0.1)
    assert died == [EXIT_CODE]
    fault.clear(host)


def test_the_limit_is_the_one_that_the_compose_file_gives_a_service() -> None:
    assert re.search(rf"service-resources .*memory: {LIMIT_MIB}M", COMPOSE.read_text())


async def test_a_real_process_takes_the_memory_gives_it_back_and_dies_of_too_much() -> None:
    async with running(faults_enabled=True) as service:
        process = psutil.Process(service.process.pid)
        before = process.memory_info().rss
        # Slow enough to be looked at before it dies of its limit.
        await put_fault(service, "leak", mib_per_s=20)
        await until(lambda: bool(process.memory_info().rss > before + 40 * MIB))
        assert (await service.get("/quick")).status == 200
        await clear_faults(service)
        assert process.memory_info().rss < before + 20 * MIB
        await put_fault(service, "leak", mib_per_s=100)
        assert await service.exit_code() == EXIT_CODE
