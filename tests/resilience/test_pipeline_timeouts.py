"""Attempt timeouts and deadlines in the pipeline, alone, nested and together with cancellations."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, DeadlineExceeded
from resilience.options import BulkheadOptions, PipelineOptions
from tests.resilience.conftest import FakeTime
from tests.resilience.service import (
    ONE_SLOT,
    Broken,
    Service,
    begin,
    fail,
    idle,
    outcome,
    pipeline_in,
    run,
    settle,
    state,
    succeed,
)


async def test_an_attempt_that_had_its_whole_time_is_the_services_failure(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    service = Service()
    tasks = [begin(pipeline.call(service)) for _ in range(5)]
    await settle()
    time.pass_by(1)
    for task in tasks:
        assert await outcome(task) is AttemptTimeout
    assert state(pipeline) == "open"
    assert pipeline.snapshot().rejected["timeout"] == 5
    assert idle(pipeline)


async def test_a_deadline_that_leaves_the_attempt_exactly_its_whole_time_cuts_nothing_short(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    current_deadline.set(Deadline.after(1, time.clock))
    task = begin(pipeline.call(Service()))
    await settle()
    time.pass_by(1)
    assert await outcome(task) is AttemptTimeout
    assert pipeline.snapshot().failed == 1


@pytest.mark.parametrize("call", [succeed, fail])
async def test_a_call_with_a_deadline_leaves_no_timer_of_its_own_behind(
    time: FakeTime, call: Callable[[], Awaitable[str]]
) -> None:
    pipeline = pipeline_in(time)
    await outcome(pipeline.call(call))
    shared = time.pending
    current_deadline.set(Deadline.after(0.5, time.clock))
    await outcome(pipeline.call(call))
    assert time.pending == shared == 1


async def test_attempts_that_began_later_end_later(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    service = Service()
    tasks = []
    for _ in range(4):
        tasks.append(begin(pipeline.call(service)))
        await settle()
        time.pass_by(0.25)
    for done in range(1, 5):
        await settle()
        assert [task.done() for task in tasks] == [number < done for number in range(4)]
        time.pass_by(0.25)


@given(remaining=st.integers(1, 63).map(lambda n: n / 64))
def test_a_deadline_cut_short_by_the_caller_is_nobodys_failure(remaining: float) -> None:
    async def scenario() -> None:
        time = FakeTime()
        pipeline = pipeline_in(time)
        current_deadline.set(Deadline.after(remaining, time.clock))
        service = Service()
        tasks = [begin(pipeline.call(service)) for _ in range(20)]
        await settle()
        time.pass_by(remaining)
        for task in tasks:
            assert await outcome(task) is DeadlineExceeded
        assert state(pipeline) == "closed"
        assert pipeline.snapshot().circuit_breaker.calls == 0
        assert pipeline.snapshot().ignored == pipeline.snapshot().rejected["deadline_exceeded"] == 20
        assert idle(pipeline)

    run(scenario)


async def test_whatever_a_call_makes_of_a_deadline_cut_short_is_nobodys_failure(time: FakeTime) -> None:
    async def converts() -> str:
        try:
            return await Service()()
        except asyncio.CancelledError:
            raise Broken from None

    pipeline = pipeline_in(time)
    current_deadline.set(Deadline.after(0.5, time.clock))
    tasks = [begin(pipeline.call(converts)) for _ in range(10)]
    await settle()
    time.pass_by(0.5)
    assert {await outcome(task) for task in tasks} == {Broken}
    assert pipeline.snapshot().circuit_breaker.calls == 0
    assert all(task.cancelling() == 0 for task in tasks)


async def test_an_expired_deadline_never_dispatches(time: FakeTime) -> None:
    """Property 9: neither at once nor after a wait."""
    pipeline = pipeline_in(time, ONE_SLOT)
    service = Service()
    holder = begin(pipeline.call(service))
    await settle()
    current_deadline.set(Deadline.after(0.25, time.clock))
    queued = begin(pipeline.call(service))
    await settle()
    time.now_s += 0.25
    assert await outcome(pipeline.call(service)) is DeadlineExceeded
    # The slot comes in the very moment in which the time is up, before any timer has fired.
    service.answer()
    assert await outcome(queued) is DeadlineExceeded
    assert await holder == "answer"
    assert service.dispatched == 1
    assert pipeline.snapshot().rejected["deadline_exceeded"] == 2
    assert idle(pipeline)


async def test_a_deadline_that_ends_in_the_queue_is_told_from_a_full_bulkhead(time: FakeTime) -> None:
    pipeline = pipeline_in(time, ONE_SLOT)
    service = Service()
    begin(pipeline.call(service))
    await settle()
    patient = begin(pipeline.call(service))
    await settle()
    current_deadline.set(Deadline.after(0.25, time.clock))
    hurried = begin(pipeline.call(service))
    await settle()
    time.pass_by(0.25)
    assert await outcome(hurried) is DeadlineExceeded
    time.pass_by(0.25)
    assert await outcome(patient) is BulkheadFull
    assert pipeline.snapshot().rejected["bulkhead_full"] == 1


@pytest.mark.parametrize("outside_first", [True, False])
@pytest.mark.parametrize("remaining_s", [0.5, 10])
async def test_a_timeout_and_a_cancellation_together_are_a_cancellation(
    time: FakeTime, outside_first: bool, remaining_s: float
) -> None:
    """Property 9."""
    pipeline = pipeline_in(time)
    current_deadline.set(Deadline.after(remaining_s, time.clock))
    task = begin(pipeline.call(Service(), idempotent=True))
    await settle()
    if outside_first:
        task.cancel()
    time.pass_by(1)
    if not outside_first:
        task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert task.cancelled()
    assert pipeline.snapshot().circuit_breaker.calls == 0
    assert idle(pipeline)


async def test_on_a_timeout_the_work_is_cancelled_before_its_slot_is_released(time: FakeTime) -> None:
    """Property 8: even when the work takes its time to stop."""
    pipeline = pipeline_in(time, replace(ONE_SLOT, bulkhead=BulkheadOptions(max_concurrent=1, max_wait_s=100)))
    cleaned_up = asyncio.Event()
    seen: list[tuple[str, int]] = []

    async def cleans_up() -> None:
        try:
            await Service()()
        finally:
            seen.append(("cancelled", pipeline.snapshot().bulkhead.in_use))
            await cleaned_up.wait()
            seen.append(("cleaned up", pipeline.snapshot().bulkhead.in_use))

    async def next_one() -> None:
        seen.append(("next", pipeline.snapshot().bulkhead.in_use))

    first = begin(pipeline.call(cleans_up))
    await settle()
    second = begin(pipeline.call(next_one))
    await settle()
    time.pass_by(1)
    await settle()
    assert seen == [("cancelled", 1)]
    assert not second.done()
    cleaned_up.set()
    assert await outcome(first) is AttemptTimeout
    await second
    assert seen == [("cancelled", 1), ("cleaned up", 1), ("next", 1)]
    assert idle(pipeline)


async def test_a_call_that_answers_in_spite_of_the_timeout_has_answered(time: FakeTime) -> None:
    async def stubborn() -> str:
        try:
            return await Service()()
        except asyncio.CancelledError:
            return "answer"

    pipeline = pipeline_in(time)
    task = begin(pipeline.call(stubborn))
    await settle()
    time.pass_by(1)
    assert await task == "answer"
    assert task.cancelling() == 0
    assert pipeline.snapshot().circuit_breaker.slow_call_rate == 1


async def test_a_task_that_was_cancelled_before_can_still_call(time: FakeTime) -> None:
    """What cleans up after a cancellation has its calls timed as any other."""
    pipeline = pipeline_in(time)
    seen: list[object] = []

    async def request() -> None:
        try:
            await Service()()
        finally:
            seen.append(await outcome(pipeline.call(Service())))

    task = begin(request())
    await settle()
    task.cancel()
    await settle()
    time.pass_by(1)
    assert await outcome(task) is asyncio.CancelledError
    assert seen == [AttemptTimeout]


@pytest.mark.parametrize("inner_answers", [True, False])
async def test_a_call_inside_a_call_of_the_same_pipeline_leaves_it_its_time(
    time: FakeTime, inner_answers: bool
) -> None:
    pipeline = pipeline_in(time)
    service = Service()

    async def nested() -> str:
        await service()
        inner = await outcome(pipeline.call(service))
        return f"{inner}, {await service()}"

    task = begin(pipeline.call(nested))
    await settle()
    time.pass_by(0.5)
    service.answer()
    await settle()
    if inner_answers:
        service.answer()
        await settle()
    time.pass_by(0.375)
    await settle()
    assert not task.done()
    time.pass_by(0.125)
    if not inner_answers:
        # It was the outer one's time that was up: that is what `outcome` kept to itself.
        await settle()
        service.answer()
        assert await task == "<class 'asyncio.exceptions.CancelledError'>, answer"
        return
    assert await outcome(task) is AttemptTimeout
    assert idle(pipeline)


async def test_a_call_inside_a_call_of_the_same_pipeline_ends_at_its_own_deadline(time: FakeTime) -> None:
    pipeline = pipeline_in(time)

    async def nested() -> object:
        current_deadline.set(Deadline.after(0.25, time.clock))
        return await outcome(pipeline.call(Service()))

    task = begin(pipeline.call(nested))
    await settle()
    time.pass_by(0.25)
    assert await task is DeadlineExceeded
    assert task.cancelling() == 0
    assert (pipeline.snapshot().succeeded, pipeline.snapshot().ignored) == (1, 1)
    assert idle(pipeline)


async def test_a_pipeline_inside_another_leaves_it_alone(time: FakeTime) -> None:
    outer, inner = pipeline_in(time, PipelineOptions(attempt_timeout_s=2)), pipeline_in(time)

    async def nested() -> object:
        return await outcome(inner.call(Service()))

    task = begin(outer.call(nested))
    await settle()
    time.pass_by(1)
    assert await task is AttemptTimeout
    assert outer.snapshot().succeeded == inner.snapshot().failed == 1
