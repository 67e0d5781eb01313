"""Nobody waits for a probe who can be served from memory; the probe is made beside, and counts as any other."""

import asyncio
import gc
import math

import pytest

from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.errors import CircuitOpen
from resilience.fallback import Served
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeTime
from tests.resilience.fallbacks import fallback_in
from tests.resilience.service import (
    Service,
    begin,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
    succeed,
)

OPEN_S = 5.0


async def opened(time: FakeTime) -> Pipeline:
    """A pipeline that remembers one answer, open until its wait ends now."""
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    await pipeline.cached_call("key", succeed)
    await open_it(pipeline)
    time.pass_by(OPEN_S)
    return pipeline


def stale(age_s: float) -> Served[str]:
    return Served("answer", age_s, remembered=True, stale=True, reason=CircuitOpen.reason)


async def test_whoever_would_have_been_the_probe_is_served_at_once(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call("key", service) == stale(OPEN_S)
    await settle()
    assert (service.dispatched, state(pipeline)) == (1, "half_open")
    assert pipeline.snapshot().fallback.stale_served == 1  # type: ignore[union-attr]


async def test_what_a_probe_brings_is_what_is_served_from_then_on(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call("key", service) == stale(OPEN_S)
    await settle()
    service.answer()
    await settle()
    assert await pipeline.cached_call("key", service) == Served("answer", 0.0, remembered=True)
    assert service.dispatched == 1


async def test_of_a_herd_no_more_probes_reach_the_service_than_are_permitted(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    fallback = pipeline.fallback
    assert fallback is not None
    for key in range(30):
        await fallback.remember(key, succeed)
    time.pass_by(3)
    served = await asyncio.gather(*(pipeline.cached_call(key, service) for key in range(30)))
    assert served == [stale(3.0)] * 30
    await settle()
    assert service.dispatched == 3
    for _ in range(3):
        service.answer()
    await settle()
    assert state(pipeline) == "closed"
    assert idle(pipeline)


async def test_nobody_waits_for_the_probe_of_his_own_question_either(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    fallback = pipeline.fallback
    assert fallback is not None
    for key in range(3):
        await fallback.remember(key, succeed)
    time.pass_by(3)
    for key in range(3):
        assert await pipeline.cached_call(key, service) == stale(3.0)
    await settle()
    rejected = pipeline.circuit_breaker.rejected
    assert await pipeline.cached_call(0, service) == stale(3.0)
    assert (service.dispatched, pipeline.circuit_breaker.rejected) == (3, rejected + 1)
    service.fail()
    await settle()


async def test_nobody_waits_beside_for_a_call_that_hangs(time: FakeTime) -> None:
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


async def test_no_more_probes_wait_for_a_slot_than_the_service_may_have_calls(time: FakeTime) -> None:
    slot = Bulkhead("shared", BulkheadOptions(max_concurrent=1, max_queued=1000, max_wait_s=math.inf))
    options = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=2))
    pipeline = pipeline_in(time, options, fallback=fallback_in(time), shared_pool=slot)
    pipeline.switch(Switches(bulkheads=False))
    for key in range(100):
        await pipeline.cached_call(key, succeed)
    await open_it(pipeline)
    time.pass_by(OPEN_S)
    async with slot:
        for key in range(100):
            assert await pipeline.cached_call(key, succeed) == stale(OPEN_S)
        await settle()
        assert (len(slot.queue), state(pipeline)) == (2, "open")
    await settle()
    # Those two were well, and the third may come now.
    assert (len(slot.queue), state(pipeline)) == (0, "half_open")
    assert await pipeline.cached_call(99, succeed) == stale(OPEN_S)
    await settle()
    assert state(pipeline) == "closed"


async def test_a_probe_that_fails_opens_again_and_bothers_nobody(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call("key", service) == stale(OPEN_S)
    await settle()
    service.fail()
    await settle()
    assert (state(pipeline), pipeline.snapshot().circuit_breaker.opened) == ("open", 2)
    assert idle(pipeline)
    # An error that nobody fetched would be told to the loop's handler now.
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
    gc.collect()
    await settle()
    assert told == []


async def test_an_error_of_a_probe_is_in_the_log_once_and_a_rejection_is_not(
    time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline, service = await opened(time), Service()
    assert await pipeline.cached_call("key", service) == stale(OPEN_S)
    await settle()
    service.fail(error=LookupError("by surprise"))
    await settle()
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "a probe of service failed: LookupError('by surprise')")
    ]
    time.pass_by(60)
    assert await pipeline.cached_call("key", service) == stale(60 + OPEN_S)
    await settle()
    time.pass_by(1)
    await settle()
    assert (pipeline.snapshot().rejected["timeout"], len(caplog.records)) == (1, 1)


async def test_a_client_that_goes_does_not_take_the_probe_along(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    client = begin(pipeline.cached_call("key", service))
    await asyncio.sleep(0)
    client.cancel()
    await settle()
    service.answer()
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 1
    assert idle(pipeline)


async def test_the_probe_has_the_time_of_the_request_and_no_more(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    current_deadline.set(Deadline.after(0.5, time.clock))
    assert await pipeline.cached_call("key", service) == stale(OPEN_S)
    current_deadline.set(None)
    await settle()
    assert service.waiting()
    time.pass_by(0.5)
    await settle()
    assert not service.waiting()
    assert idle(pipeline)


async def test_without_timeouts_probes_that_hang_are_given_up_and_others_come(time: FakeTime) -> None:
    pipeline, hung, well = await opened(time), Service(), Service()
    pipeline.switch(Switches(timeouts=False))
    for key in range(3):
        await pipeline.fallback.remember(key, succeed)  # type: ignore[union-attr]  # it has one
    time.pass_by(3)
    for key in range(3):
        await pipeline.cached_call(key, hung)
    await settle()
    longest_s = pipeline.options.circuit_breaker.max_open_wait_s
    time.pass_by(longest_s - 1)
    await settle()
    assert len(hung.waiting()) == 3
    time.pass_by(1)
    await settle()
    assert (hung.waiting(), state(pipeline), pipeline.snapshot().ignored) == ([], "half_open", 3)
    for key in range(3):
        assert await pipeline.cached_call(key, well) == stale(3 + longest_s)
    await settle()
    for _ in range(3):
        well.answer()
    await settle()
    assert state(pipeline) == "closed"
    assert idle(pipeline)


async def test_who_cannot_be_served_from_memory_waits_for_the_probe(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    waiting = begin(pipeline.cached_call("never seen", service))
    await settle()
    assert service.waiting()
    service.answer()
    assert await waiting == Served("answer")


async def test_what_still_counts_as_fresh_is_served_as_fresh_and_asks_nobody(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    fallback = pipeline.fallback
    assert fallback is not None
    await fallback.remember("key", succeed)
    assert await pipeline.cached_call("key", service) == Served("answer", 0.0, remembered=True)
    await settle()
    assert service.dispatched == 0


async def test_without_fallbacks_whoever_is_the_probe_waits(time: FakeTime) -> None:
    pipeline, service = await opened(time), Service()
    pipeline.switch(Switches(fallbacks=False))
    waiting = begin(pipeline.cached_call("key", service))
    await settle()
    service.fail()
    await settle()
    time.pass_by(1)
    assert await outcome(waiting) is CircuitOpen, "its retry found the circuit open again"


@pytest.mark.parametrize("control", ["disable", "watch_only"])
async def test_a_breaker_that_a_person_has_taken_over_probes_nothing(time: FakeTime, control: str) -> None:
    pipeline, service = await opened(time), Service()
    getattr(pipeline.circuit_breaker, control)()
    waiting = begin(pipeline.cached_call("key", service))
    await settle()
    service.answer()
    assert await waiting == Served("answer")
