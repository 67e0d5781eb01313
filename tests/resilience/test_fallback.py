"""Answers from the cache: fresh ones, and stale ones in place of a call that failed."""

import asyncio

import pytest

from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.events import Event, StaleServed
from resilience.fallback import Keep, Served
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    Attempts,
    BadRequest,
    Broken,
    Bug,
    Service,
    begin,
    fail,
    fallback_in,
    hang,
    outcome,
    pipeline_in,
    settle,
    succeed,
)


async def test_a_fresh_answer_saves_the_call(time: FakeClock) -> None:
    fallback = fallback_in(time)
    assert await fallback.call("key", succeed) == Served("answer")
    time.pass_by(1.5)
    assert await fallback.call("key", fail) == Served("answer", 1.5, remembered=True)
    assert fallback.snapshot().fresh_served == 1


async def test_an_answer_that_is_no_longer_fresh_is_replaced_by_a_new_one(time: FakeClock) -> None:
    fallback, service = fallback_in(time), Service()
    await fallback.call("key", succeed)
    time.pass_by(2)
    task = begin(fallback.call("key", service))
    await settle()
    service.answer(text="other")
    assert await task == Served("other")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Broken(), "broken"),
        (BadRequest(), "bare_500"),
        (CircuitOpen("x", 1), "circuit_open"),
        (BulkheadFull("x"), "bulkhead_full"),
        (DeadlineExceeded(), "deadline_exceeded"),
    ],
)
async def test_a_stale_answer_takes_the_place_of_a_failed_call_and_says_so(
    time: FakeClock, error: Exception, reason: str
) -> None:
    events: list[Event] = []
    fallback = fallback_in(time, listeners=[events.append])

    async def fails() -> str:
        raise error

    await fallback.call("key", succeed)
    time.pass_by(300)
    assert await fallback.call("key", fails) == Served("answer", 300.0, remembered=True, stale=True, reason=reason)
    assert [event.age_s for event in events if isinstance(event, StaleServed)] == [300]
    time.pass_by(0.5)
    assert await outcome(fallback.call("key", fails)) is type(error), "too old to be served"


async def test_an_answer_never_takes_the_place_of_one_with_another_key(time: FakeClock) -> None:
    fallback = fallback_in(time)
    await fallback.call(("customer", 1), succeed)
    assert await outcome(fallback.call(("customer", 2), fail)) is Broken


@pytest.mark.parametrize(
    ("keep", "after"), [(Keep.FORGET, Broken), (Keep.LEAVE, Served("answer", 3, True, True, "broken"))]
)
async def test_a_4xx_answer_is_passed_on_and_never_remembered(time: FakeClock, keep: Keep, after: object) -> None:
    async def refuses() -> str:
        return "4xx"

    fallback = fallback_in(time, keep=lambda answer: keep if answer == "4xx" else Keep.STORE)
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await fallback.call("key", refuses) == Served("4xx")
    assert await outcome(fallback.call("key", fail)) == after


async def test_a_stale_answer_never_hides_a_bug_of_our_own(time: FakeClock) -> None:
    async def has_a_bug() -> str:
        raise Bug

    pipeline = pipeline_in(time, fallback=fallback_in(time))
    await pipeline.cached_call("key", succeed)
    time.pass_by(3)
    for _ in range(20):
        assert await outcome(pipeline.cached_call("key", has_a_bug)) is Bug
    now = pipeline.snapshot()
    assert (now.circuit_breaker.state, now.circuit_breaker.calls) == ("closed", 1)
    assert (now.failed, now.ignored, now.retry_budget.retried) == (0, 20, 0)


async def test_a_stale_answer_never_takes_the_place_of_a_cancellation(time: FakeClock) -> None:
    fallback = fallback_in(time)
    await fallback.call("key", succeed)
    time.pass_by(3)
    task = begin(fallback.call("key", hang))
    await settle()
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError


async def test_while_the_service_is_down_the_answers_that_are_remembered_are_served(time: FakeClock) -> None:
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    assert await pipeline.cached_call("key", succeed) == Served("answer")
    time.pass_by(10)
    pipeline.circuit_breaker.force_open()
    assert await pipeline.cached_call("key", fail) == Served(
        "answer", 10.0, remembered=True, stale=True, reason="circuit_open"
    )
    assert await outcome(pipeline.cached_call("other key", fail)) is CircuitOpen
    now = pipeline.snapshot().fallback
    assert now is not None
    assert (now.entries, now.size_bytes, now.stale_served) == (1, 6, 1)


@pytest.mark.parametrize("cached", [True, False])
async def test_a_cached_call_is_idempotent_with_or_without_a_fallback(time: FakeClock, cached: bool) -> None:
    call = Attempts(time, failures=1)
    pipeline = pipeline_in(time, fallback=fallback_in(time) if cached else None)
    assert await pipeline.cached_call("key", call) == Served("answer")
