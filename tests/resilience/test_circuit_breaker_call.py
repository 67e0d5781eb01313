"""Calls through a breaker alone."""

import asyncio
from dataclasses import replace

import pytest

from resilience.errors import CircuitOpen
from resilience.options import PipelineOptions
from resilience.outcome import Outcome
from tests.resilience.breakers import OPTIONS, breaker_in, half_open
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, Service, begin, fail, outcome, pipeline_in, settle, succeed


async def test_a_call_that_outlived_its_generation_counts_as_stale(time: FakeTime) -> None:
    breaker = breaker_in(time)
    service = Service()
    task = begin(breaker.call(service))
    await settle()
    breaker.reset()
    service.answer()
    assert await task == "answer"
    assert (breaker.snapshot().calls, breaker.snapshot().stale_results) == (0, 1)


async def test_a_call_is_counted_in_the_bucket_of_its_end(time: FakeTime) -> None:
    """The edge belongs to the newer bucket."""
    breaker = breaker_in(time)
    await breaker.call(succeed)
    time.pass_by(1)
    await breaker.call(succeed)
    time.pass_by(9)
    assert breaker.snapshot().calls == 1
    time.pass_by(1)
    assert breaker.snapshot().calls == 0


async def test_slow_calls_and_mixed_ones_open_it(time: FakeTime) -> None:
    slow, mixed = breaker_in(time), breaker_in(time)

    async def takes_a_second() -> None:
        time.pass_by(1)

    for _ in range(10):
        assert mixed.snapshot().state == "closed"
        await outcome(mixed.call(fail))
        await mixed.call(succeed)
    assert mixed.snapshot().state == "open"
    slow = breaker_in(time, replace(OPTIONS, window_s=100))
    for _ in range(20):
        assert slow.snapshot().state == "closed"
        await slow.call(takes_a_second)
    assert slow.snapshot().state == "open"


@pytest.mark.parametrize("through_a_pipeline", [True, False])
async def test_a_fast_call_that_completes_the_minimum_can_open_it_for_the_slow_ones(
    time: FakeTime, through_a_pipeline: bool
) -> None:
    options = replace(OPTIONS, slow_call_rate=0.5, window_s=100)
    pipeline = pipeline_in(time, PipelineOptions(attempt_timeout_s=60, circuit_breaker=options))
    breaker = pipeline.circuit_breaker

    async def takes_a_second() -> None:
        time.pass_by(1)

    for number in range(20):
        assert breaker.snapshot().state == "closed"
        call = takes_a_second if number < 10 else succeed
        await (pipeline.call(call) if through_a_pipeline else breaker.call(call))
    assert breaker.snapshot().state == "open"


async def test_a_success_ends_a_row_of_failures_that_the_window_has_forgotten(time: FakeTime) -> None:
    breaker = breaker_in(time)
    for _ in range(2):
        for _ in range(4):
            await outcome(breaker.call(fail))
        time.pass_by(11)
        assert breaker.snapshot().calls == 0
        await breaker.call(succeed)
    assert breaker.snapshot().state == "closed"


async def test_probes_through_call_close_it(time: FakeTime) -> None:
    breaker = half_open(time)
    for _ in range(3):
        await breaker.call(succeed)
    assert breaker.snapshot().state == "closed"
    breaker.disable()
    await breaker.call(succeed)
    assert breaker.snapshot().calls == 0


@pytest.mark.parametrize("cancelled", [True, False])
async def test_what_a_call_makes_of_its_cancellation_is_nobodys_failure(time: FakeTime, cancelled: bool) -> None:
    """Property 5."""
    breaker, service = breaker_in(time), Service()

    async def converts() -> str:
        try:
            return await service()
        except asyncio.CancelledError:
            raise Broken from None

    for _ in range(5):
        task = begin(breaker.call(converts))
        await settle()
        if cancelled:
            task.cancel()
        else:
            service.fail()
        assert await outcome(task) is Broken
    assert breaker.snapshot().state == ("closed" if cancelled else "open")


async def test_a_classification_that_throws_gives_the_permit_back(time: FakeTime) -> None:
    def throws(_: object) -> Outcome:
        raise ZeroDivisionError

    breaker = half_open(time)
    for _ in range(10):
        assert await outcome(breaker.call(fail, throws)) is ZeroDivisionError
    assert (breaker.snapshot().state, breaker.snapshot().probes_taken) == ("half_open", 0)


async def test_call_counts_what_the_call_does(time: FakeTime) -> None:
    breaker = breaker_in(time)
    assert await breaker.call(succeed) == "answer"

    async def cancelled() -> str:
        raise asyncio.CancelledError

    for _ in range(10):
        assert await outcome(breaker.call(cancelled)) is asyncio.CancelledError
    assert breaker.snapshot().calls == 1
    for _ in range(5):
        await outcome(breaker.call(fail))
    assert await outcome(breaker.call(succeed)) is CircuitOpen
