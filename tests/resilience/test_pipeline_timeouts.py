"""Attempt timeouts and deadlines in the pipeline, also nested and together with cancellations."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded
from resilience.options import BulkheadOptions, PipelineOptions
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import (
    ONE_SLOT,
    Service,
    begin,
    fail_if_cancelled,
    hang,
    idle,
    outcome,
    pipeline_in,
    settle,
    state,
)


async def test_an_attempt_that_had_its_whole_time_is_a_failure_of_the_service(time: FakeClock) -> None:
    pipeline = pipeline_in(time)
    tasks = [begin(pipeline.call(hang)) for _ in range(5)]
    assert [await outcome(task) for task in tasks] == [AttemptTimeout] * 5
    assert state(pipeline) == "open"
    assert pipeline.snapshot().rejected["timeout"] == 5
    assert idle(pipeline)


async def test_a_deadline_that_leaves_the_attempt_exactly_its_whole_time_does_not_cut_it_short(
    time: FakeClock,
) -> None:
    pipeline = pipeline_in(time)
    current_deadline.set(Deadline.after(1, time))
    assert await outcome(pipeline.call(hang)) is AttemptTimeout
    assert pipeline.snapshot().failed == 1


@given(remaining_s=st.integers(1, 63).map(lambda n: n / 64), converts=st.booleans())
def test_a_deadline_that_cuts_an_attempt_short_is_not_a_failure(remaining_s: float, converts: bool) -> None:
    """Not even if the call turns its cancellation into an error of the service."""

    async def scenario() -> None:
        time = clock_of_the_loop()
        pipeline = pipeline_in(time)
        current_deadline.set(Deadline.after(remaining_s, time))
        tasks = [begin(pipeline.call(fail_if_cancelled if converts else hang)) for _ in range(20)]
        assert [await outcome(task) for task in tasks] == [DeadlineExceeded] * 20
        assert time() == 1000 + remaining_s
        assert state(pipeline) == "closed"
        now = pipeline.snapshot()
        assert now.circuit_breaker.calls == 0
        assert now.ignored == now.rejected["deadline_exceeded"] == 20
        assert idle(pipeline)

    run(scenario)


async def test_a_call_is_never_dispatched_after_its_deadline(time: FakeClock) -> None:
    """Property 9: neither at once nor after a wait."""
    pipeline, service = pipeline_in(time, ONE_SLOT), Service()
    holder = begin(pipeline.call(service))
    await settle()
    current_deadline.set(Deadline.after(0.25, time))
    queued = begin(pipeline.call(service))
    await settle()
    # The slot comes in the very moment in which the time is over, before any timer has fired.
    time.pass_by(0.25)
    service.answer()
    assert await outcome(pipeline.call(service)) is DeadlineExceeded
    assert await outcome(queued) is DeadlineExceeded
    assert await holder == "answer"
    assert service.dispatched == 1
    assert pipeline.snapshot().rejected["deadline_exceeded"] == 2
    assert idle(pipeline)


async def test_a_deadline_that_ends_in_the_queue_is_not_reported_as_a_full_bulkhead(time: FakeClock) -> None:
    pipeline = pipeline_in(time, ONE_SLOT)
    begin(pipeline.call(hang))
    await settle()
    patient = begin(pipeline.call(hang))
    await settle()
    current_deadline.set(Deadline.after(0.25, time))
    assert await outcome(pipeline.call(hang)) is DeadlineExceeded
    assert await outcome(patient) is BulkheadFull
    assert pipeline.snapshot().rejected["bulkhead_full"] == 1


@pytest.mark.parametrize("outside_at_s", [0.25, 0.75])
@pytest.mark.parametrize("remaining_s", [0.5, 10])
async def test_a_timeout_and_a_cancellation_together_are_a_cancellation(
    time: FakeClock, outside_at_s: float, remaining_s: float
) -> None:
    """Property 9: whichever of the two comes first."""
    pipeline = pipeline_in(time, PipelineOptions(attempt_timeout_s=0.5))
    current_deadline.set(Deadline.after(remaining_s, time))
    task = begin(pipeline.call(hang, idempotent=True))
    await settle()
    asyncio.get_running_loop().call_later(outside_at_s, task.cancel)
    time.pass_by(1)
    assert await outcome(task) is asyncio.CancelledError
    assert task.cancelled()
    assert pipeline.snapshot().circuit_breaker.calls == 0
    assert idle(pipeline)


async def test_on_a_timeout_the_work_is_cancelled_before_its_slot_is_released(time: FakeClock) -> None:
    """Property 8: even if the work takes its time to stop."""
    pipeline = pipeline_in(time, replace(ONE_SLOT, bulkhead=BulkheadOptions(max_concurrent=1, max_wait_s=100)))
    seen: list[tuple[str, int]] = []

    def see(what: str) -> None:
        seen.append((what, pipeline.snapshot().bulkhead.in_use))

    async def cleans_up() -> None:
        try:
            await hang()
        finally:
            see("cancelled")
            await asyncio.sleep(5)
            see("cleaned up")

    async def next_one() -> None:
        see("next")

    first = begin(pipeline.call(cleans_up))
    await settle()
    second = begin(pipeline.call(next_one))
    assert await outcome(first) is AttemptTimeout
    await second
    assert seen == [("cancelled", 1), ("cleaned up", 1), ("next", 1)]
    assert idle(pipeline)


async def test_a_call_that_answers_in_spite_of_the_timeout_has_answered(time: FakeClock) -> None:
    async def stubborn() -> str:
        with suppress(asyncio.CancelledError):
            await hang()
        return "answer"

    pipeline = pipeline_in(time)
    assert await pipeline.call(stubborn) == "answer"
    assert pipeline.snapshot().circuit_breaker.slow_call_rate == 1


async def test_a_task_that_cleans_up_after_its_cancellation_can_still_call(time: FakeClock) -> None:
    """Its calls have their timeout, and say nothing about the service."""
    pipeline = pipeline_in(time)
    seen: list[object] = []

    async def request() -> None:
        try:
            await hang()
        finally:
            seen.append(await outcome(pipeline.call(hang)))

    task = begin(request())
    await settle()
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert seen == [AttemptTimeout]
    assert (pipeline.snapshot().failed, pipeline.snapshot().ignored) == (0, 1)


async def test_a_call_inside_a_call_has_a_timeout_of_its_own(time: FakeClock) -> None:
    outer, inner = pipeline_in(time, PipelineOptions(attempt_timeout_s=2)), pipeline_in(time)
    assert await outer.call(lambda: outcome(inner.call(hang))) is AttemptTimeout
    assert outer.snapshot().succeeded == inner.snapshot().failed == 1
