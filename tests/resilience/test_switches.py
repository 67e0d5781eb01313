"""Each pattern switched off and on again while calls are made."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, fields

import pytest

from resilience.bulkhead import Bulkhead
from resilience.circuit_breaker import CircuitBreaker
from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.fallback import CacheAction, Served
from resilience.options import BulkheadOptions
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    ONLY_RETRIES,
    Attempts,
    Broken,
    Service,
    begin,
    fail,
    fallback_in,
    hang,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
    succeed,
)


async def test_without_timeouts_a_call_waits_for_ever(time: FakeClock) -> None:
    pipeline, service = pipeline_in(time), Service()
    pipeline.switch(Switches(timeouts=False))
    current_deadline.set(Deadline.after(3, time))
    task = begin(pipeline.call(service))
    await asyncio.sleep(3600)
    assert not task.done()
    service.answer()
    assert await task == "answer"
    pipeline.switch(Switches())
    assert await outcome(pipeline.call(service)) is DeadlineExceeded


async def test_without_timeouts_cancellations_and_failures_are_what_they_were(time: FakeClock) -> None:
    pipeline, service = pipeline_in(time), Service()
    pipeline.switch(Switches(timeouts=False))
    cancelled, failed = begin(pipeline.call(hang)), begin(pipeline.call(service))
    await settle()
    cancelled.cancel()
    assert await outcome(cancelled) is asyncio.CancelledError
    service.fail()
    assert await outcome(failed) is Broken
    now = pipeline.snapshot()
    assert (now.ignored, now.failed, now.rejected["timeout"]) == (1, 1, 0)
    assert idle(pipeline)


@pytest.mark.parametrize("timeouts", [True, False])
async def test_a_call_keeps_the_timeout_with_which_it_began(time: FakeClock, timeouts: bool) -> None:
    pipeline, service = pipeline_in(time), Service()
    pipeline.switch(Switches(timeouts=timeouts))
    task = begin(pipeline.call(service))
    await settle()
    pipeline.switch(Switches(timeouts=not timeouts))
    await asyncio.sleep(2)
    if not timeouts:
        service.answer()
    assert await outcome(task) == (AttemptTimeout if timeouts else "answer")
    assert idle(pipeline)


async def test_without_a_breaker_every_call_is_dispatched(time: FakeClock) -> None:
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
async def test_the_manual_control_of_a_breaker_stays_if_other_patterns_are_switched(
    time: FakeClock, control: str, breakers: bool
) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=breakers))
    MANUAL[control](pipeline.circuit_breaker)
    pipeline.switch(Switches(circuit_breakers=breakers, timeouts=False))
    pipeline.switch(Switches(circuit_breakers=breakers, retries=False, bulkheads=False))
    assert state(pipeline) == control


async def test_a_breaker_that_was_forced_open_while_it_was_switched_off_stays_so(time: FakeClock) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=False))
    pipeline.circuit_breaker.force_open()
    pipeline.switch(Switches())
    assert state(pipeline) == "forced_open"


async def test_without_bulkheads_one_slow_service_takes_the_slots_of_all(time: FakeClock) -> None:
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
    # Calls give their slot back to the pool that it came from, even if the bulkheads were switched meanwhile.
    slow.switch(Switches())
    for _ in range(150):
        await settle()
        service.answer()
    await asyncio.gather(late, *tasks)
    assert (shared.snapshot().in_use, shared.snapshot().queued) == (0, 0)
    assert idle(slow)
    assert idle(other)


# ---- Retries and their budget ---------------------------------------------------------------------------------------


async def attempts_of(pipeline: Pipeline, time: FakeClock, calls: int = 1) -> int:
    """The attempts that the pipeline makes for a number of idempotent calls that all fail."""
    call = Attempts(time, failures=1_000_000)
    tasks = [begin(pipeline.call(call, idempotent=True)) for _ in range(calls)]
    assert {await outcome(task) for task in tasks} == {Broken}
    return len(call.at_s)


async def test_without_retries_a_failed_call_is_made_once(time: FakeClock) -> None:
    pipeline = pipeline_in(time, ONLY_RETRIES)
    pipeline.switch(Switches(retries=False))
    assert await attempts_of(pipeline, time) == 1
    assert pipeline.snapshot().retry_budget.originals == 1
    pipeline.switch(Switches())
    assert await attempts_of(pipeline, time) == 3


async def test_without_retries_an_answer_that_counts_as_a_failure_is_passed_on(time: FakeClock) -> None:
    pipeline = pipeline_in(time, ONLY_RETRIES, classify_answer=lambda answer: Outcome.FAILURE)
    pipeline.switch(Switches(retries=False))
    assert await pipeline.call(succeed, idempotent=True) == "answer"
    assert pipeline.snapshot().failed == 1


async def test_without_a_retry_budget_every_call_is_retried_and_every_retry_counted(time: FakeClock) -> None:
    pipeline = pipeline_in(time, ONLY_RETRIES)
    pipeline.switch(Switches(retry_budgets=False))
    assert await attempts_of(pipeline, time, 100) == 300
    now = pipeline.snapshot().retry_budget
    assert (now.originals, now.retries, now.retried, now.refused, now.left) == (100, 200, 200, 0, 0)
    pipeline.switch(Switches())
    assert await attempts_of(pipeline, time) == 1, "the retries made meanwhile are charged"


# ---- Fallbacks ------------------------------------------------------------------------------------------------------


async def test_without_fallbacks_no_answer_comes_from_the_cache(time: FakeClock) -> None:
    fallback = fallback_in(time)
    pipeline = pipeline_in(time, ONLY_RETRIES, fallback=fallback)
    await pipeline.cached_call("key", succeed)
    pipeline.switch(Switches(fallbacks=False, retries=False))
    assert await outcome(pipeline.cached_call("key", fail)) is Broken
    time.pass_by(3)
    assert await outcome(pipeline.cached_call("key", fail)) is Broken
    assert await pipeline.cached_call("key", succeed) == Served("answer")
    assert fallback.snapshot().stale_served == fallback.snapshot().fresh_served == 0


async def test_without_fallbacks_every_caller_makes_a_call(time: FakeClock) -> None:
    pipeline, service = pipeline_in(time, fallback=fallback_in(time)), Service()
    shared = [begin(pipeline.cached_call("key", service)) for _ in range(2)]
    await settle()
    pipeline.switch(Switches(fallbacks=False))
    own = [begin(pipeline.cached_call("key", service)) for _ in range(3)]
    await settle()
    assert service.dispatched == 4
    for _ in range(4):
        service.answer()
    assert [await task for task in shared + own] == [Served("answer")] * 5


async def test_answers_that_arrive_without_fallbacks_keep_the_cache_up_to_date(time: FakeClock) -> None:
    """Otherwise an answer would be served that the service has refused since."""
    actions = {"new": CacheAction.STORE, "gone": CacheAction.FORGET}
    pipeline = pipeline_in(time, ONLY_RETRIES, fallback=fallback_in(time, cache_action=lambda answer: actions[answer]))

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


@pytest.mark.parametrize("off", [pattern.name for pattern in fields(Switches)])
async def test_every_pattern_is_on_unless_it_is_switched_off_and_the_snapshot_shows_it(
    time: FakeClock, off: str
) -> None:
    pipeline = pipeline_in(time)
    assert all(asdict(pipeline.snapshot().switches).values())
    pipeline.switch(Switches(**{off: False}))
    assert asdict(pipeline.snapshot().switches) == {pattern.name: pattern.name != off for pattern in fields(Switches)}
