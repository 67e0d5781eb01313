"""Each pattern switched off and on again while calls go through."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, fields

import pytest

from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.fallback import Keep, Served
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeTime
from tests.resilience.fallbacks import fallback_in
from tests.resilience.service import (
    Broken,
    Service,
    begin,
    fail,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
    succeed,
)


async def test_without_timeouts_a_call_waits_for_ever(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(timeouts=False))
    current_deadline.set(Deadline.after(3, time.clock))
    service = Service()
    task = begin(pipeline.call(service))
    await settle()
    time.pass_by(3600)
    await settle()
    assert not task.done()
    service.answer()
    assert await task == "answer"
    pipeline.switch(Switches())
    assert await outcome(pipeline.call(service)) is DeadlineExceeded


async def test_without_timeouts_a_disconnect_is_one_and_a_failure_too(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(timeouts=False))
    service = Service()
    cancelled, failed = begin(pipeline.call(service)), begin(pipeline.call(service))
    await settle()
    cancelled.cancel()
    assert await outcome(cancelled) is asyncio.CancelledError
    assert cancelled.cancelling() == 1
    service.fail()
    assert await outcome(failed) is Broken
    now = pipeline.snapshot()
    assert (now.ignored, now.failed, now.rejected["timeout"]) == (1, 1, 0)
    assert idle(pipeline)


async def test_calls_under_way_end_well_whatever_is_switched_meanwhile(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    service = Service()
    for switches in (Switches(timeouts=False), Switches()):
        task, late = begin(pipeline.call(service)), begin(pipeline.call(service))
        await settle()
        timed = pipeline.switches.timeouts
        pipeline.switch(switches)
        service.answer()
        assert await task == "answer"
        time.pass_by(1)
        if timed:
            assert await outcome(late) is AttemptTimeout
        else:
            service.answer()
            assert await late == "answer"
    assert idle(pipeline)


async def test_without_a_breaker_every_call_is_dispatched(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=False))
    for _ in range(100):
        assert await outcome(pipeline.call(fail)) is Broken
    assert state(pipeline) == "disabled"
    pipeline.switch(Switches())
    assert state(pipeline) == "closed"
    await open_it(pipeline)
    pipeline.switch(Switches(bulkheads=False))
    assert state(pipeline) == "open"


MANUAL: dict[str, Callable[[CircuitBreaker], None]] = {
    "forced_open": CircuitBreaker.force_open,
    "disabled": CircuitBreaker.disable,
    "metrics_only": CircuitBreaker.watch_only,
}


@pytest.mark.parametrize("control", MANUAL)
@pytest.mark.parametrize("breakers", [True, False])
async def test_what_a_person_made_of_the_breaker_stays_so_when_other_patterns_are_switched(
    time: FakeTime, control: str, breakers: bool
) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=breakers))
    MANUAL[control](pipeline.circuit_breaker)
    pipeline.switch(Switches(circuit_breakers=breakers, timeouts=False))
    pipeline.switch(Switches(circuit_breakers=breakers, retries=False, bulkheads=False))
    assert state(pipeline) == control


async def test_a_breaker_that_was_forced_open_while_the_breakers_were_off_is_so_once_they_are_on(
    time: FakeTime,
) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=False))
    pipeline.circuit_breaker.force_open()
    pipeline.switch(Switches())
    assert state(pipeline) == "forced_open"


async def test_without_bulkheads_one_slow_service_takes_the_slots_of_all(time: FakeTime) -> None:
    shared = Bulkhead("shared", BulkheadOptions(max_concurrent=100, max_queued=1000, max_wait_s=60))
    slow, other = pipeline_in(time, shared_pool=shared), pipeline_in(time, shared_pool=shared)
    service = Service()
    for pipeline in (slow, other):
        pipeline.switch(Switches(timeouts=False, bulkheads=False))
    tasks = [begin(slow.call(service)) for _ in range(150)]
    await settle()
    assert service.most_at_once == 100
    late = begin(other.call(succeed))
    await settle()
    assert not late.done()
    other.switch(Switches(timeouts=False))
    assert await other.call(succeed) == "answer"
    # Calls give back to the pool that they came through, whatever is switched meanwhile.
    slow.switch(Switches())
    for _ in range(150):
        await settle()
        service.answer()
    await asyncio.gather(late, *tasks)
    assert shared.free == 100
    assert idle(slow)
    assert idle(other)


# ---- Retries and their budget ---------------------------------------------------------------------------------------

ALWAYS_CLOSED = CircuitBreakerOptions(consecutive_failures=1_000_000, minimum_calls=1_000_000)
UNBROKEN = PipelineOptions(circuit_breaker=ALWAYS_CLOSED, bulkhead=BulkheadOptions(max_concurrent=1000))
NAIVE = 3


async def calls_on_the_wire(pipeline: Pipeline, time: FakeTime, calls: int = 1) -> int:
    """How many calls it makes of so many idempotent ones that all fail."""
    on_wire = 0

    async def fails() -> None:
        nonlocal on_wire
        on_wire += 1
        raise Broken

    tasks = [begin(pipeline.call(fails, idempotent=True)) for _ in range(calls)]
    for _ in range(64):
        await settle()
        time.pass_by(1 / 16)
    assert {await outcome(task) for task in tasks} == {Broken}
    return on_wire


async def test_without_retries_a_failed_call_is_made_once(time: FakeTime) -> None:
    pipeline = pipeline_in(time, UNBROKEN)
    pipeline.switch(Switches(retries=False))
    assert await calls_on_the_wire(pipeline, time) == 1
    assert pipeline.snapshot().retry_budget.originals == 1
    pipeline.switch(Switches())
    assert await calls_on_the_wire(pipeline, time) == NAIVE


async def test_without_retries_an_answer_that_counts_as_a_failure_is_handed_on(time: FakeTime) -> None:
    pipeline = pipeline_in(time, UNBROKEN, classify_answer=lambda answer: Outcome.FAILURE)
    pipeline.switch(Switches(retries=False))
    service = Service()
    task = begin(pipeline.call(service, idempotent=True))
    await settle()
    service.answer()
    assert await task == "answer"
    assert service.dispatched == 1


async def test_without_a_retry_budget_every_call_is_retried_and_every_retry_counted(time: FakeTime) -> None:
    pipeline = pipeline_in(time, UNBROKEN)
    pipeline.switch(Switches(retry_budgets=False))
    assert await calls_on_the_wire(pipeline, time, 100) == 100 * NAIVE
    now = pipeline.snapshot().retry_budget
    assert (now.originals, now.retries, now.retried, now.refused, now.left) == (100, 200, 200, 0, 0)
    pipeline.switch(Switches())
    assert await calls_on_the_wire(pipeline, time) == 1, "what was retried meanwhile is charged"


# ---- Fallbacks ------------------------------------------------------------------------------------------------------


async def test_without_fallbacks_an_answer_is_neither_fresh_nor_stale_from_the_cache(time: FakeTime) -> None:
    fallback = fallback_in(time)
    pipeline = pipeline_in(time, UNBROKEN, fallback=fallback)
    await pipeline.cached_call("key", succeed)
    pipeline.switch(Switches(fallbacks=False, retries=False))
    assert await outcome(pipeline.cached_call("key", fail)) is Broken
    time.pass_by(3)
    assert await outcome(pipeline.cached_call("key", fail)) is Broken
    assert await pipeline.cached_call("key", succeed) == Served("answer")
    assert fallback.snapshot().stale_served == fallback.snapshot().fresh_served == 0


async def test_without_fallbacks_each_who_asks_makes_a_call(time: FakeTime) -> None:
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    service = Service()
    followed = [begin(pipeline.cached_call("key", service)) for _ in range(2)]
    await settle()
    pipeline.switch(Switches(fallbacks=False))
    tasks = [begin(pipeline.cached_call("key", service)) for _ in range(3)]
    await settle()
    assert service.dispatched == 4
    for _ in range(4):
        service.answer()
    assert [await task for task in followed + tasks] == [Served("answer")] * 5


async def test_what_was_answered_or_refused_without_fallbacks_is_known_once_they_work_again(time: FakeTime) -> None:
    """Otherwise an answer that has been refused since would be served."""
    keep = {"new": Keep.STORE, "gone": Keep.FORGET}
    pipeline = pipeline_in(time, UNBROKEN, fallback=fallback_in(time, keep=lambda answer: keep[answer]))

    async def answers(answer: str) -> str:
        return answer

    pipeline.switch(Switches(fallbacks=False))
    await pipeline.cached_call("key", lambda: answers("new"))
    pipeline.switch(Switches(retries=False))
    assert await pipeline.cached_call("key", fail) == Served("new", 0.0, remembered=True)
    pipeline.switch(Switches(fallbacks=False))
    await pipeline.cached_call("key", lambda: answers("gone"))
    pipeline.switch(Switches(retries=False))
    assert await outcome(pipeline.cached_call("key", fail)) is Broken


async def test_without_timeouts_who_waits_for_anothers_call_waits_for_ever_too(time: FakeTime) -> None:
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    pipeline.switch(Switches(timeouts=False))
    deadline = Deadline.after(0.5, time.clock)
    current_deadline.set(deadline)
    service = Service()
    tasks = [begin(pipeline.cached_call("key", service)) for _ in range(2)]
    await settle()
    time.pass_by(3600)
    await settle()
    service.answer()
    assert [await task for task in tasks] == [Served("answer")] * 2
    assert await pipeline.cached_call("key", fail) == Served("answer", 0.0, remembered=True)
    assert current_deadline.get() is deadline


@pytest.mark.parametrize("off", [field.name for field in fields(Switches)])
def test_each_pattern_works_unless_it_is_switched_off_and_shows_it(time: FakeTime, off: str) -> None:
    pipeline = pipeline_in(time)
    assert all(asdict(pipeline.snapshot().switches).values())
    pipeline.switch(Switches(**{off: False}))
    assert asdict(pipeline.snapshot().switches) == {field.name: field.name != off for field in fields(Switches)}
