"""What is never retried (property 10): rejections, and whatever a call makes of its cancellation."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.outcome import Outcome
from tests.resilience.attempts import PATIENT, Attempts, calls_made, in_time
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, Service, begin, pipeline_in, settle


@pytest.mark.parametrize(
    "error",
    [
        lambda: CircuitOpen("deeper", 1),
        lambda: BulkheadFull("deeper"),
        DeadlineExceeded,
        asyncio.CancelledError,
    ],
)
async def test_nothing_retries_a_rejection_or_a_cancellation(
    time: FakeTime, error: Callable[[], BaseException]
) -> None:
    """Property 10: those of a deeper pattern."""
    pipeline = pipeline_in(time, PATIENT)
    result, calls = await calls_made(pipeline, time, error)
    assert isinstance(result, type)
    assert issubclass(result, Rejection | asyncio.CancelledError)
    assert calls == 1
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_nothing_retries_a_rejection_of_its_own(time: FakeTime) -> None:
    """Property 10."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=0)))
    holder = begin(pipeline.call(Service()))
    await settle()
    assert await calls_made(pipeline, time, Broken) == (BulkheadFull, 0)
    holder.cancel()
    await settle()
    pipeline.circuit_breaker.force_open()
    assert await calls_made(pipeline, time, Broken) == (CircuitOpen, 0)
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_a_breaker_that_opens_meanwhile_ends_the_retries(time: FakeTime) -> None:
    """Property 10."""
    pipeline = pipeline_in(time, PipelineOptions(circuit_breaker=CircuitBreakerOptions(consecutive_failures=2)))
    assert await calls_made(pipeline, time, Broken) == (CircuitOpen, 2)


@pytest.mark.parametrize("attempt", [1, 2, 3])
async def test_a_cancelled_attempt_is_not_retried_whatever_it_makes_of_it(time: FakeTime, attempt: int) -> None:
    """Property 10: not even when the call turns the cancellation into an error of its own."""
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if made < attempt:
            raise Broken
        try:
            return await Service()()
        except asyncio.CancelledError:
            raise Broken from None

    task = begin(pipeline_in(time, PATIENT).call(call, idempotent=True))
    for _ in range(40):
        await settle()
        if made == attempt:
            break
        time.pass_by(1 / 64)
    task.cancel()
    assert await in_time(task, time, 0.75) is Broken
    assert made == attempt


@pytest.mark.parametrize("attempt", [1, 2, 3])
async def test_a_cancelled_attempt_that_answers_all_the_same_is_not_retried(time: FakeTime, attempt: int) -> None:
    """Property 10: not even if the answer is a failure."""
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if made == attempt:
            with suppress(asyncio.CancelledError):
                await Service()()
        return "failure"

    pipeline = pipeline_in(time, PATIENT, classify_answer=lambda answer: Outcome.FAILURE)
    task = begin(pipeline.call(call, idempotent=True))
    for _ in range(40):
        await settle()
        if made == attempt:
            break
        time.pass_by(1 / 64)
    task.cancel()
    assert await in_time(task, time, 0.75) == "failure"
    assert made == attempt


async def test_what_cleans_up_after_a_cancellation_may_be_retried(time: FakeTime) -> None:
    call = Attempts(time, failures=2)

    async def request() -> None:
        try:
            await Service()()
        finally:
            await pipeline_in(time, PATIENT).call(call, idempotent=True)

    task = begin(request())
    await settle()
    task.cancel()
    assert await in_time(task, time) is asyncio.CancelledError
    assert len(call.at_s) == 3


async def test_a_cancellation_during_the_backoff_ends_it(time: FakeTime) -> None:
    """Property 10."""
    call = Attempts(time, failures=9)
    pipeline = pipeline_in(time, PATIENT)
    task = begin(pipeline.call(call, idempotent=True))
    await settle()
    task.cancel()
    assert await in_time(task, time) is asyncio.CancelledError
    assert len(call.at_s) == 1
    assert pipeline.snapshot().retry_budget.retried == 1, "the budget is charged before the backoff"
