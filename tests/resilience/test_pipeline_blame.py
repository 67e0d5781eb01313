"""What counts as a failure of the service, and what says nothing about it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen
from resilience.events import CallEnded, Event
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.outcome import Outcome
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    ONE_SLOT,
    Broken,
    Bug,
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


@pytest.mark.parametrize("call", [hang, fail_if_cancelled])
async def test_a_client_that_disconnects_never_opens_the_breaker(
    time: FakeClock, call: Callable[[], Awaitable[str]]
) -> None:
    """Property 5: not even if the call turns the cancellation into an error of the service."""
    pipeline = pipeline_in(time)
    for _ in range(50):
        task = begin(pipeline.call(call, idempotent=True))
        await settle()
        task.cancel()
        assert await outcome(task) in (Broken, asyncio.CancelledError)
    assert state(pipeline) == "closed"
    assert pipeline.snapshot().circuit_breaker.calls == 0
    assert pipeline.snapshot().ignored == 50
    assert idle(pipeline)


@pytest.mark.parametrize("error", [Bug(), TimeoutError(), CircuitOpen("deeper", 1), BulkheadFull("deeper")])
async def test_an_error_that_is_not_the_services_never_opens_the_breaker(time: FakeClock, error: Exception) -> None:
    """A bug of our own, or a rejection of another pipeline inside the call: it passes on, and is not retried."""
    made = 0

    async def call() -> None:
        nonlocal made
        made += 1
        raise error

    pipeline = pipeline_in(time)
    for _ in range(50):
        assert await outcome(pipeline.call(call, idempotent=True)) is type(error)
    assert made == 50
    now = pipeline.snapshot()
    assert (now.circuit_breaker.state, now.circuit_breaker.calls) == ("closed", 0)
    assert (now.failed, now.ignored) == (0, 50)


def by_status(answer: object) -> Outcome:
    return Outcome.FAILURE if answer == 429 else Outcome.SUCCESS


@pytest.mark.parametrize(("status", "expected"), [(200, "closed"), (404, "closed"), (422, "closed"), (429, "open")])
async def test_4xx_answers_never_open_the_breaker_but_429_does(time: FakeClock, status: int, expected: str) -> None:
    """Property 5: the classification that the pipeline was given decides what an answer means."""

    async def call() -> int:
        return status

    pipeline = pipeline_in(time, classify_answer=by_status)
    for _ in range(5):
        assert await pipeline.call(call) == status
    assert state(pipeline) == expected


async def test_the_wait_in_our_own_queue_never_counts_against_the_service(time: FakeClock) -> None:
    """Property 11: neither as a slow call nor as time of the attempt."""
    events: list[Event] = []
    options = PipelineOptions(
        attempt_timeout_s=1.0,
        bulkhead=BulkheadOptions(max_concurrent=1, max_queued=100, max_wait_s=3600),
        circuit_breaker=CircuitBreakerOptions(minimum_calls=1, slow_call_rate=0.01, window_s=3600),
    )
    pipeline = pipeline_in(time, options, listeners=[events.append])
    tasks = [begin(pipeline.call(lambda: asyncio.sleep(0.875, "answer"))) for _ in range(30)]
    assert [await task for task in tasks] == ["answer"] * 30
    assert pipeline.snapshot().circuit_breaker.slow_call_rate == 0
    ended = [event for event in events if isinstance(event, CallEnded)]
    assert [event.duration_s for event in ended] == [0.875] * 30
    assert [event.waited_s for event in ended] == [0.875 * number for number in range(30)]


async def test_after_a_wait_an_attempt_has_its_whole_time(time: FakeClock) -> None:
    """Property 11."""
    pipeline, service = pipeline_in(time, ONE_SLOT), Service()
    first, second = begin(pipeline.call(service)), begin(pipeline.call(hang))
    await settle()
    time.pass_by(0.25)
    service.answer()
    await first
    dispatched_s = time()
    assert await outcome(second) is AttemptTimeout
    assert time() - dispatched_s == 1
