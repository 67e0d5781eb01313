"""Whom the pipeline blames: what is the service's failure, and what is nobody's."""

import asyncio
import logging

import pytest

from resilience.errors import AttemptTimeout
from resilience.events import CallEnded, Event
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.outcome import Outcome
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
    settle,
    state,
    succeed,
)


@pytest.mark.parametrize("converts", [False, True])
async def test_a_clients_disconnect_never_opens_the_breaker(time: FakeTime, converts: bool) -> None:
    """Property 5: not even if the call makes an error of its own of the cancellation."""

    async def call() -> str:
        try:
            return await Service()()
        except asyncio.CancelledError:
            if converts:
                raise Broken from None
            raise

    pipeline = pipeline_in(time)
    for _ in range(50):
        task = begin(pipeline.call(call, idempotent=True))
        await settle()
        task.cancel()
        assert await outcome(task) is (Broken if converts else asyncio.CancelledError)
    assert state(pipeline) == "closed"
    assert pipeline.snapshot().circuit_breaker.calls == 0
    assert idle(pipeline)


def by_status(answer: object) -> Outcome:
    return Outcome.FAILURE if answer == 429 else Outcome.SUCCESS


@pytest.mark.parametrize(("status", "expected"), [(200, "closed"), (404, "closed"), (422, "closed"), (429, "open")])
async def test_4xx_answers_never_open_the_breaker_but_429_does(time: FakeTime, status: int, expected: str) -> None:
    """Property 5: a status is what the injected classification makes of it."""

    async def call() -> int:
        return status

    pipeline = pipeline_in(time, classify_answer=by_status)
    for _ in range(5):
        assert await pipeline.call(call) == status
    assert state(pipeline) == expected


async def test_errors_are_classified_by_the_injected_function(time: FakeTime) -> None:
    pipeline = pipeline_in(time, classify_error=lambda error: Outcome.SUCCESS)
    for _ in range(20):
        assert await outcome(pipeline.call(fail)) is Broken
    assert state(pipeline) == "closed"
    assert pipeline.snapshot().succeeded == 20


async def test_a_classification_that_throws_loses_nothing(time: FakeTime, caplog: pytest.LogCaptureFixture) -> None:
    def throws(_: object) -> Outcome:
        raise ZeroDivisionError

    pipeline = pipeline_in(time, classify_error=throws, classify_answer=throws)
    with caplog.at_level(logging.ERROR, "resilience"):
        assert await outcome(pipeline.call(fail)) is Broken
        assert await outcome(pipeline.call(succeed)) is ZeroDivisionError
    assert caplog.text.count("could not be classified") == 2
    assert idle(pipeline)


async def test_waiting_in_our_own_queue_is_never_billed_to_the_service(time: FakeTime) -> None:
    """Property 11: neither as slow calls nor out of the attempt's time."""
    events: list[Event] = []
    options = PipelineOptions(
        attempt_timeout_s=2.0,
        bulkhead=BulkheadOptions(max_concurrent=1, max_queued=100, max_wait_s=3600),
        circuit_breaker=CircuitBreakerOptions(minimum_calls=1, slow_call_rate=0.01, window_s=3600),
    )
    pipeline = pipeline_in(time, options, listeners=[events.append])
    service = Service()
    tasks = [begin(pipeline.call(service)) for _ in range(30)]
    for _ in tasks:
        await settle()
        time.pass_by(0.875)
        service.answer()
    await settle()
    assert [await task for task in tasks] == ["answer"] * 30
    assert pipeline.snapshot().circuit_breaker.slow_call_rate == 0
    ended = [event for event in events if isinstance(event, CallEnded)]
    assert [event.duration_s for event in ended] == [0.875] * 30
    assert [event.waited_s for event in ended] == [0.875 * number for number in range(30)]


async def test_after_a_wait_an_attempt_has_its_whole_time(time: FakeTime) -> None:
    """Property 11."""
    pipeline = pipeline_in(time, ONE_SLOT)
    service = Service()
    first, second = begin(pipeline.call(service)), begin(pipeline.call(service))
    await settle()
    time.pass_by(0.25)
    service.answer()
    await first
    await settle()
    time.pass_by(0.875)
    await settle()
    assert not second.done()
    time.pass_by(0.125)
    assert await outcome(second) is AttemptTimeout
