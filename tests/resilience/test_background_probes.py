"""A caller that can have a stale answer does not wait for a probe. The probe follows in the background."""

import asyncio
import math

import pytest

from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.errors import CircuitOpen
from resilience.fallback import Fallback, Served
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    Broken,
    Bug,
    Service,
    begin,
    fallback_in,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
    succeed,
)

OPEN_S = 5.0


async def opened(time: FakeClock, keys: int = 1) -> Pipeline:
    """A pipeline that remembers an answer for each key. It is open, and its wait is just over."""
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    for key in range(keys):
        await pipeline.cached_call(key, succeed)
    await open_it(pipeline)
    time.pass_by(OPEN_S)
    return pipeline


def fallback_of(pipeline: Pipeline) -> Fallback[str]:
    assert pipeline.fallback is not None
    return pipeline.fallback


def stale(age_s: float = OPEN_S) -> Served[str]:
    return Served("answer", age_s, remembered=True, stale=True, reason=CircuitOpen.reason)


async def test_the_caller_that_would_be_the_probe_is_served_at_once(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call(0, service) == stale()
    await settle()
    assert (service.dispatched, state(pipeline)) == (1, "half_open")
    assert fallback_of(pipeline).snapshot().stale_served == 1


async def test_the_answer_of_a_probe_is_served_from_then_on(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call(0, service) == stale()
    await settle()
    service.answer()
    await settle()
    assert await pipeline.cached_call(0, service) == Served("answer", 0.0, remembered=True)
    assert service.dispatched == 1


async def test_of_many_callers_no_more_probes_reach_the_service_than_are_permitted(time: FakeClock) -> None:
    pipeline, service = await opened(time, keys=30), Service()
    served = await asyncio.gather(*(pipeline.cached_call(key, service) for key in range(30)))
    assert served == [stale()] * 30
    await settle()
    assert service.dispatched == 3
    for _ in range(3):
        service.answer()
    await settle()
    assert state(pipeline) == "closed"
    assert idle(pipeline)


async def test_a_caller_does_not_wait_for_the_probe_of_its_own_key_either(time: FakeClock) -> None:
    pipeline, service = await opened(time, keys=3), Service()
    for key in range(3):
        assert await pipeline.cached_call(key, service) == stale()
    await settle()
    rejected = pipeline.snapshot().rejected["circuit_open"]
    assert await pipeline.cached_call(0, service) == stale()
    assert (service.dispatched, pipeline.snapshot().rejected["circuit_open"]) == (3, rejected + 1)


async def test_a_caller_does_not_wait_for_a_call_that_hangs_if_it_can_have_a_stale_answer(time: FakeClock) -> None:
    pipeline, hung = pipeline_in(time, fallback=fallback_in(time)), Service()
    pipeline.switch(Switches(timeouts=False))
    await pipeline.cached_call("key", succeed)
    time.pass_by(3)
    leader = begin(pipeline.cached_call("key", hung))
    await settle()
    await open_it(pipeline)
    time.pass_by(OPEN_S)
    for _ in range(100):
        assert await pipeline.cached_call("key", succeed) == stale(3 + OPEN_S)
    await settle()
    assert asyncio.all_tasks() == {asyncio.current_task(), leader}
    hung.answer()
    assert await leader == Served("answer")


async def test_no_more_probes_wait_for_a_slot_than_the_service_may_have_calls(time: FakeClock) -> None:
    slot = Bulkhead("shared", BulkheadOptions(max_concurrent=1, max_queued=1000, max_wait_s=math.inf))
    options = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=2))
    pipeline = pipeline_in(time, options, fallback=fallback_in(time), shared_pool=slot)
    pipeline.switch(Switches(bulkheads=False))
    for key in range(100):
        await pipeline.cached_call(key, succeed)
    await open_it(pipeline)
    time.pass_by(OPEN_S)
    await slot.acquire()
    for key in range(100):
        assert await pipeline.cached_call(key, succeed) == stale()
    await settle()
    assert (slot.snapshot().queued, state(pipeline)) == (2, "open")
    slot.release()
    await settle()
    # Those two probes succeeded, and now there is room for the third.
    assert (slot.snapshot().queued, state(pipeline)) == (0, "half_open")
    assert await pipeline.cached_call(99, succeed) == stale()
    await settle()
    assert state(pipeline) == "closed"


@pytest.mark.parametrize(
    ("error", "level", "after"), [(Broken("it"), "WARNING", "open"), (Bug("ours"), "ERROR", "half_open")]
)
async def test_the_error_of_a_probe_is_logged_once_and_not_raised_to_a_caller(
    time: FakeClock, caplog: pytest.LogCaptureFixture, error: Exception, level: str, after: str
) -> None:
    """A bug of our own is logged with its traceback, and says nothing about the service."""
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call(0, service) == stale()
    await settle()
    service.fail(error=error)
    await settle()
    [record] = caplog.records
    assert record.levelname == level
    assert str(error) in caplog.text
    assert (record.exc_info is not None) == isinstance(error, Bug)
    assert state(pipeline) == after
    assert idle(pipeline)


async def test_a_rejection_of_a_probe_is_not_logged(time: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call(0, service) == stale()
    await asyncio.sleep(1)
    await settle()
    assert (pipeline.snapshot().rejected["timeout"], caplog.records) == (1, [])


async def test_a_client_that_disconnects_does_not_cancel_its_probe(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    client = begin(pipeline.cached_call(0, service))
    await asyncio.sleep(0)
    client.cancel()
    await settle()
    service.answer()
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 1
    assert idle(pipeline)


async def test_a_probe_has_the_deadline_of_the_request(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    current_deadline.set(Deadline.after(0.5, time))
    assert await pipeline.cached_call(0, service) == stale()
    await settle()
    assert service.waiting()
    await asyncio.sleep(0.5)
    await settle()
    assert not service.waiting()
    assert idle(pipeline)


async def test_without_timeouts_a_probe_that_hangs_is_cancelled_and_makes_room_for_others(time: FakeClock) -> None:
    pipeline, hung = await opened(time, keys=3), Service()
    pipeline.switch(Switches(timeouts=False))
    for key in range(3):
        await pipeline.cached_call(key, hung)
    await settle()
    longest_s = pipeline.options.circuit_breaker.probe_timeout_s
    await asyncio.sleep(longest_s - 1)
    assert len(hung.waiting()) == 3
    await asyncio.sleep(1)
    await settle()
    assert (hung.waiting(), state(pipeline), pipeline.snapshot().ignored) == ([], "half_open", 3)
    for key in range(3):
        assert await pipeline.cached_call(key, succeed) == stale(OPEN_S + longest_s)
    await settle()
    assert state(pipeline) == "closed"
    assert idle(pipeline)


async def test_a_caller_that_cannot_have_a_stale_answer_waits_for_the_probe(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    waiting = begin(pipeline.cached_call("never seen", service))
    await settle()
    service.answer()
    assert await waiting == Served("answer")


async def test_a_fresh_answer_is_served_as_fresh_and_starts_no_probe(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    await fallback_of(pipeline).remember(0, succeed)
    assert await pipeline.cached_call(0, service) == Served("answer", 0.0, remembered=True)
    await settle()
    assert service.dispatched == 0


async def test_without_fallbacks_the_caller_waits_for_its_probe(time: FakeClock) -> None:
    pipeline, service = await opened(time), Service()
    pipeline.switch(Switches(fallbacks=False))
    waiting = begin(pipeline.cached_call(0, service))
    await settle()
    service.fail()
    assert await outcome(waiting) is CircuitOpen, "its retry found the circuit open again"


@pytest.mark.parametrize("control", ["disable", "watch_only"])
async def test_a_breaker_that_a_person_controls_starts_no_probe(time: FakeClock, control: str) -> None:
    pipeline, service = await opened(time), Service()
    getattr(pipeline.circuit_breaker, control)()
    waiting = begin(pipeline.cached_call(0, service))
    await settle()
    service.answer()
    assert await waiting == Served("answer")
