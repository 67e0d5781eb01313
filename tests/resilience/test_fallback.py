"""Answers from the cache: fresh ones, and stale ones that stand in."""

import asyncio
from collections.abc import Callable

import pytest

from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded
from resilience.events import Announcer, Event, StaleServed
from resilience.fallback import Keep, Served
from tests.resilience.conftest import FakeTime
from tests.resilience.fallbacks import fallback_in
from tests.resilience.service import Broken, Service, begin, fail, outcome, pipeline_in, settle, succeed


async def test_a_fresh_answer_saves_the_call(time: FakeTime) -> None:
    fallback = fallback_in(time)
    given = await fallback.call("key", succeed)
    assert (given.answer, given.age_s, given.remembered, given.stale, given.reason) == ("answer", 0, False, False, "")
    time.pass_by(1.5)
    assert await fallback.call("key", fail) == Served("answer", 1.5, remembered=True)
    assert fallback.snapshot().fresh_served == 1


async def test_an_answer_that_is_no_longer_fresh_is_asked_for_anew(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call("key", succeed)
    time.pass_by(2)

    async def other() -> str:
        return "other"

    assert await fallback.call("key", other) == Served("other")


@pytest.mark.parametrize("error", [Broken(), CircuitOpen("x", 1), BulkheadFull("x"), DeadlineExceeded()])
async def test_a_failed_call_is_stood_in_for_by_a_marked_stale_answer(time: FakeTime, error: Exception) -> None:
    events: list[Event] = []
    fallback = fallback_in(time, announcer=Announcer([events.append]))

    async def fails() -> str:
        raise error

    await fallback.call("key", succeed)
    time.pass_by(300)
    assert await fallback.call("key", fails) == Served(
        "answer", 300.0, remembered=True, stale=True, reason=getattr(error, "reason", "Broken")
    )
    assert [event.age_s for event in events if isinstance(event, StaleServed)] == [300]
    time.pass_by(0.5)
    assert await outcome(fallback.call("key", fails)) is type(error)


async def test_one_keys_answer_never_stands_in_for_anothers(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call(("customer", 1), succeed)
    assert await outcome(fallback.call(("customer", 2), fail)) is Broken


@pytest.mark.parametrize(
    ("keep", "after"), [(Keep.FORGET, Broken), (Keep.LEAVE, Served("answer", 3, True, True, "Broken"))]
)
async def test_a_4xx_answer_is_handed_on_and_never_remembered(time: FakeTime, keep: Keep, after: object) -> None:
    def judge(answer: str) -> Keep:
        return keep if answer == "4xx" else Keep.STORE

    async def refuses() -> str:
        return "4xx"

    fallback = fallback_in(time, keep=judge)
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await fallback.call("key", refuses) == Served("4xx")
    assert await outcome(fallback.call("key", fail)) == after


async def test_an_error_that_is_not_covered_passes(time: FakeTime) -> None:
    fallback = fallback_in(time, covers=lambda error: not isinstance(error, Broken))
    await fallback.call("key", succeed)
    time.pass_by(3)
    assert await outcome(fallback.call("key", fail)) is Broken


async def test_a_cancellation_is_not_stood_in_for(time: FakeTime) -> None:
    fallback = fallback_in(time)
    await fallback.call("key", succeed)
    time.pass_by(3)
    task = begin(fallback.call("key", Service()))
    await settle()
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError


async def test_while_the_service_is_away_what_was_read_before_is_served(time: FakeTime) -> None:
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
async def test_a_cached_call_is_an_idempotent_call_with_or_without_a_fallback(time: FakeTime, cached: bool) -> None:
    failed: list[Callable[[], object]] = []

    async def fails_once() -> str:
        if not failed:
            failed.append(fails_once)
            raise Broken
        return "answer"

    pipeline = pipeline_in(time, fallback=fallback_in(time) if cached else None)
    task = begin(pipeline.cached_call("key", fails_once))
    await settle()
    time.pass_by(1)
    assert await task == Served("answer")
