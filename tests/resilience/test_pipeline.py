"""The pipeline: how the patterns work together around one service."""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress

import pytest

from resilience.errors import AttemptTimeout, CircuitOpen
from resilience.events import Event
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeTime
from tests.resilience.service import (
    Broken,
    Service,
    begin,
    fail,
    idle,
    open_it,
    outcome,
    pipeline_in,
    run,
    settle,
    state,
    succeed,
)


async def test_the_answer_comes_back_and_everything_is_given_back(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    assert await pipeline.call(succeed) == "answer"
    assert await pipeline.call(succeed, idempotent=True) == "answer"
    assert pipeline.snapshot().succeeded == 2
    assert pipeline.snapshot().circuit_breaker.calls == 2
    assert idle(pipeline)


async def test_an_error_of_the_call_passes_as_it_is(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    error = Broken()

    async def fails() -> None:
        raise error

    with pytest.raises(Broken) as raised:
        await pipeline.call(fails)
    assert raised.value is error
    assert error.__cause__ is None
    assert error.__context__ is None
    assert idle(pipeline)


@pytest.mark.parametrize("slow_call_s", [0.25, 1])
async def test_calls_that_are_all_slow_open_the_breaker_though_none_failed(time: FakeTime, slow_call_s: float) -> None:
    """Property 13, through the pipeline: an attempt may take longer than what counts as slow."""
    breaker = CircuitBreakerOptions(slow_call_s=slow_call_s)
    pipeline = pipeline_in(time, PipelineOptions(attempt_timeout_s=2, circuit_breaker=breaker))
    service = Service()
    tasks = [begin(pipeline.call(service)) for _ in range(20)]
    await settle()
    time.pass_by(slow_call_s)
    for _ in tasks:
        service.answer()
    assert [await outcome(task) for task in tasks] == ["answer"] * 20
    assert state(pipeline) == "open"


async def test_a_success_that_completes_the_minimum_of_calls_can_open_the_breaker(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(10):
        assert state(pipeline) == "closed"
        await outcome(pipeline.call(fail))
        await pipeline.call(succeed)
    assert state(pipeline) == "open"


async def test_nobody_overtakes_a_call_that_was_given_its_slot_in_this_tick(time: FakeTime) -> None:
    """Property 17, through the pipeline."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=2)))
    service = Service()
    order: list[str] = []

    def named(name: str) -> Callable[[], Coroutine[object, object, None]]:
        async def call() -> None:
            order.append(name)

        return call

    tasks: list[asyncio.Task[object]] = [begin(pipeline.call(service)), begin(pipeline.call(service))]
    await settle()
    tasks.append(begin(pipeline.call(named("queued"))))
    await settle()
    service.answer()
    service.answer()
    tasks.append(begin(pipeline.call(named("late"))))
    await asyncio.gather(*tasks)
    assert order == ["queued", "late"]
    assert idle(pipeline)


async def test_successes_are_counted_in_the_bucket_of_their_time(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(3):
        await pipeline.call(succeed)
        time.pass_by(11)
        await pipeline.call(succeed)
        time.pass_by(8)
        assert pipeline.snapshot().circuit_breaker.calls == 1
        time.pass_by(2)
        assert pipeline.snapshot().circuit_breaker.calls == 0


async def test_a_success_ends_a_row_of_failures_that_the_window_has_forgotten(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(2):
        for _ in range(4):
            await outcome(pipeline.call(fail))
        time.pass_by(11)
        assert pipeline.snapshot().circuit_breaker.calls == 0
        await pipeline.call(succeed)
    assert state(pipeline) == "closed"


@pytest.mark.parametrize("times_out", [True, False])
async def test_a_failed_call_leaves_nothing_to_the_garbage_collector(time: FakeTime, times_out: bool) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=False))

    async def takes_too_long() -> None:
        time.pass_by(1)
        await asyncio.sleep(0)

    # In this very task: another one would be in a ring with the error that it ended with.
    async def failed_calls(times: int) -> None:
        for _ in range(times):
            with suppress(Broken, AttemptTimeout):
                await pipeline.call(takes_too_long if times_out else fail)

    await failed_calls(10)
    gc.collect()
    gc.disable()
    try:
        await failed_calls(100)
        assert gc.collect() < 100
        assert pipeline.snapshot().failed == 110
    finally:
        gc.enable()


async def test_the_real_clock_and_loop_are_the_default() -> None:
    pipeline = Pipeline("service", PipelineOptions(attempt_timeout_s=0.01))
    assert await outcome(pipeline.call(Service())) is AttemptTimeout
    assert await pipeline.call(succeed) == "answer"
    assert idle(pipeline)


def test_a_second_event_loop_gets_a_timer_of_its_own() -> None:
    pipeline = Pipeline("service", PipelineOptions(attempt_timeout_s=0.02))

    async def scenario() -> None:
        assert await outcome(pipeline.call(Service())) is AttemptTimeout

    async def left_behind() -> None:
        begin(pipeline.call(Service()))
        await asyncio.sleep(0)

    run(scenario)
    run(left_behind)
    run(scenario)


async def test_a_listener_that_throws_changes_nothing(time: FakeTime, caplog: pytest.LogCaptureFixture) -> None:
    """Property 14, for the calls themselves."""

    def throws(event: Event) -> None:
        raise RuntimeError

    pipeline, quiet = pipeline_in(time, listeners=[throws]), pipeline_in(time)
    with caplog.at_level(logging.CRITICAL, "resilience"):
        results = [[await outcome(each.call(call)) for call in (succeed, *[fail] * 7)] for each in (pipeline, quiet)]
    assert results[0] == results[1] == ["answer", *[Broken] * 5, CircuitOpen, CircuitOpen]
    assert pipeline.snapshot() == quiet.snapshot()
    assert idle(pipeline)


async def test_the_snapshot_has_everything_that_a_dashboard_shows(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    await open_it(pipeline)
    time.pass_by(1)
    now = pipeline.snapshot()
    assert now.name == "service"
    assert now.switches == Switches()
    assert (now.circuit_breaker.failure_rate, now.circuit_breaker.next_probe_in_s) == (1, 4)
    assert (now.bulkhead.max_concurrent, now.bulkhead.max_queued) == (25, 25)
    assert (now.succeeded, now.failed, now.ignored) == (0, 5, 0)
    assert set(now.rejected) == {"circuit_open", "bulkhead_full", "timeout", "deadline_exceeded"}
