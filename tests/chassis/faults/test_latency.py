"""Latency: when an answer comes, and when it comes after all."""

import asyncio
from random import Random
from statistics import fmean, median, stdev
from typing import Any

import httpx
import pytest

from chassis.faults.latency import MAX_DELAY_MS, Latency
from tests.chassis.faults.faulty import Faulty, faulty
from tests.chassis.waiting import until


async def waiting(service: Faulty) -> "asyncio.Task[httpx.Response]":
    request = asyncio.create_task(service.client.get("/items/7"))
    await until(lambda: service.metrics.in_flight == 1)
    return request


def drawn(count: int = 4000, **body: Any) -> list[float]:
    fault, chance = Latency(kind="latency", for_s=60, **body), Random(7)
    return [fault.draw_ms(chance) for _ in range(count)]


async def test_an_answer_comes_when_the_delay_is_over_and_no_earlier() -> None:
    async with faulty() as service:
        await service.inject("latency", delay_ms=3000)
        request = await waiting(service)
        service.time.advance(2.99)
        await service.client.get("/livez")
        assert not request.done()
        service.time.advance(0.01)
        assert (await request).json()["number"] == 7


async def test_the_delay_is_not_taken_from_the_time_that_the_service_has() -> None:
    async with faulty(request_timeout_s=0.5) as service:
        await service.inject("latency", delay_ms=3000)
        request = await waiting(service)
        service.time.advance(3)
        assert (await request).status_code == 200


async def test_waiting_requests_go_on_when_the_fault_ends() -> None:
    async with faulty() as service:
        await service.inject("latency", delay_ms=60_000, for_s=5)
        request = await waiting(service)
        service.time.advance(5)
        assert (await request).status_code == 200
        assert await service.statuses(1) == [200]
        assert service.time.pending == 0


def test_without_jitter_every_delay_is_the_same() -> None:
    assert set(drawn(delay_ms=300)) == set(drawn(delay_ms=300, distribution="lognormal")) == {300}


def test_jitter_is_spread_to_both_sides_and_never_before_now() -> None:
    delays = drawn(delay_ms=300, jitter_ms=100)
    assert 200 <= min(delays) < 205
    assert 395 < max(delays) <= 400
    assert min(drawn(delay_ms=10, jitter_ms=100)) == 0


def test_lognormal_delays_have_that_mean_and_deviation_and_a_long_tail() -> None:
    delays = drawn(20_000, delay_ms=300, jitter_ms=150, distribution="lognormal")
    assert fmean(delays) == pytest.approx(300, rel=0.03)
    assert stdev(delays) == pytest.approx(150, rel=0.06)
    assert median(delays) < 280
    assert max(delays) > 1000


def test_a_delay_is_never_longer_than_the_maximum() -> None:
    assert max(drawn(delay_ms=60_000, jitter_ms=60_000, distribution="lognormal")) == MAX_DELAY_MS
