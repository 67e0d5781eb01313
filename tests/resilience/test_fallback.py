"""Answers from the cache: fresh ones, and stale ones in place of a call that failed."""

import asyncio

import pytest

from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.events import Event, StaleServed
from resilience.fallback import CacheAction, Served
from resilience.options import StaleCacheOptions
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
    ("action", "after"),
    [(CacheAction.FORGET, Broken), (CacheAction.LEAVE, Served("answer", 3, True, True, "broken"))],
)
async def test_a_4xx_answer_is_passed_on_and_never_remembered(
    time: FakeClock, action: CacheAction, after: object
) -> None:
    async def refuses() -> str:
        return "4xx"

    fallback = fallback_in(time, cache_action=lambda answer: action if answer == "4xx" else CacheAction.STORE)
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await fallback.call("key", refuses) == Served("4xx")
    assert await outcome(fallback.call("key", fail)) == after


# Every caller makes its own call, as for data that can be written.
NEVER_FRESH = StaleCacheOptions(fresh_s=0)


@pytest.mark.parametrize(
    ("first_ends_with", "remembered"),
    [("404", Broken), ("new", Served("new", 0, True, True, "broken")), ("429", Served("old", 0, True, True, "broken"))],
)
async def test_a_read_that_began_before_a_later_answer_of_its_key_is_not_remembered(
    time: FakeClock, first_ends_with: str, remembered: object
) -> None:
    """A deleted customer does not come back, and an older answer does not replace a newer one."""
    actions = {"404": CacheAction.FORGET, "429": CacheAction.LEAVE}
    fallback, service = fallback_in(time, NEVER_FRESH, lambda answer: actions.get(answer, CacheAction.STORE)), Service()
    slow, fast = begin(fallback.call("key", service)), begin(fallback.call("key", service))
    other = begin(fallback.call("other key", service))
    await settle()
    service.answer(1, first_ends_with)
    await fast
    service.answer(0, "old")
    service.answer(2, "other")
    assert (await slow, await other) == (Served("old"), Served("other"))
    assert await outcome(fallback.call("key", fail)) == remembered
    assert await fallback.call("other key", fail) == Served("other", 0, True, True, "broken")


async def test_a_read_that_begins_after_the_later_answer_is_remembered(time: FakeClock) -> None:
    fallback, service = fallback_in(time, NEVER_FRESH), Service()
    slow = begin(fallback.call("key", service))
    await settle()
    await fallback.call("key", succeed)
    newest = begin(fallback.call("key", service))
    await settle()
    service.answer(0, "old")
    await slow
    service.answer(1, "newest")
    await newest
    assert await fallback.call("key", fail) == Served("newest", 0, True, True, "broken")


@pytest.mark.parametrize("evicted", [True, False])
async def test_an_answer_that_became_too_old_or_was_evicted_does_not_outdate_a_read(
    time: FakeClock, evicted: bool
) -> None:
    fallback, service = fallback_in(time, StaleCacheOptions(fresh_s=0, max_entries=1)), Service()
    await fallback.call("key", succeed)
    read = begin(fallback.call("key", service))
    await settle()
    if evicted:
        await fallback.call("other key", succeed)
    else:
        time.pass_by(301)
        assert not fallback.has_stale("key")
    service.answer(text="new")
    await read
    assert await fallback.call("key", fail) == Served("new", 0, True, True, "broken")


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
