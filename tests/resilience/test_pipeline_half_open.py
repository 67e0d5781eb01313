"""The pipeline around a breaker that is not closed: many calls at once, the queue, and calls that end too late."""

import asyncio

import pytest

from resilience.errors import CircuitOpen
from resilience.events import Event
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.outcome import Outcome
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    ONE_SLOT,
    Broken,
    Service,
    begin,
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


@pytest.mark.parametrize("listeners", [False, True])
@pytest.mark.parametrize("slots", [2, 10])
async def test_of_many_calls_that_come_as_the_wait_ends_only_the_permitted_ones_reach_the_service(
    time: FakeClock, listeners: bool, slots: int
) -> None:
    """Property 3, with more calls than the bulkhead has slots."""
    heard: list[Event] = []
    bulkhead = BulkheadOptions(max_concurrent=slots, max_queued=100, max_wait_s=60)
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=bulkhead), listeners=[heard.append] if listeners else [])
    await open_it(pipeline)
    service = Service()
    time.pass_by(5)
    calls = [begin(pipeline.call(service)) for _ in range(30)]
    await settle()
    while service.dispatched < 3 or len(service.waiting()) > 1:
        assert state(pipeline) == "half_open"
        service.answer()
        await settle()
    assert service.dispatched == 3
    service.answer()
    await settle()
    assert state(pipeline) == "closed"
    while service.waiting():
        service.answer()
        await settle()
    assert {await outcome(call) for call in calls} <= {"answer", CircuitOpen}
    assert bool(heard) == listeners
    assert idle(pipeline)


async def test_a_queued_call_holds_no_probe(time: FakeClock) -> None:
    """The permit is taken at dispatch: while a call waits in the queue all permits are free."""
    options = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=10, max_wait_s=60))
    pipeline, slow = pipeline_in(time, options), Service()
    await pipeline.bulkhead.acquire()
    for _ in range(5):
        pipeline.circuit_breaker.acquire().settle(Outcome.FAILURE)
    assert await outcome(pipeline.call(slow)) is CircuitOpen, "an open breaker rejects before the queue"
    time.pass_by(5)
    queued = [begin(pipeline.call(slow)) for _ in range(8)]
    await settle()
    assert pipeline.snapshot().bulkhead.queued == 8
    assert pipeline.snapshot().circuit_breaker.probes_taken == 0
    pipeline.bulkhead.release()
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 1
    for task in queued:
        task.cancel()
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 0
    assert idle(pipeline)


async def test_a_call_that_waited_while_the_breaker_opened_is_not_dispatched(time: FakeClock) -> None:
    pipeline, service = pipeline_in(time, ONE_SLOT), Service()
    first, second = begin(pipeline.call(service)), begin(pipeline.call(hang))
    await settle()
    pipeline.circuit_breaker.force_open()
    service.answer()
    assert await first == "answer"
    assert await outcome(second) is CircuitOpen
    assert service.dispatched == 1
    assert pipeline.snapshot().circuit_breaker.stale_results == 1
    assert idle(pipeline)


@pytest.mark.parametrize("cached", [True, False])
async def test_probes_that_hang_do_not_keep_it_half_open(time: FakeClock, cached: bool) -> None:
    """Without timeouts three probes hang for ever. The circuit opens again, and closes when the service is back."""
    pipeline = pipeline_in(time, fallback=fallback_in(time))
    if cached:
        await pipeline.cached_call("key", succeed)
    await open_it(pipeline)
    time.pass_by(5)
    pipeline.switch(Switches(timeouts=False))
    hung = [begin(pipeline.call(hang)) for _ in range(3)]
    await settle()
    pipeline.switch(Switches())
    assert (state(pipeline), pipeline.snapshot().circuit_breaker.probes_taken) == ("half_open", 3)
    began_s = time()
    while state(pipeline) != "closed":
        # The time of the probes, the second wait, and for each new probe the time that its answer stays fresh.
        assert time() - began_s < 10 + 10 + 3 * 2
        await outcome(pipeline.cached_call("key", succeed) if cached else pipeline.call(succeed))
        await asyncio.sleep(0.25)
    for task in hung:
        task.cancel()
    await settle()
    assert (state(pipeline), pipeline.snapshot().circuit_breaker.stale_results) == ("closed", 0)
    assert idle(pipeline)


@pytest.mark.parametrize("succeeds", [True, False])
async def test_a_call_that_ends_in_a_later_generation_counts_as_stale_and_nowhere_else(
    time: FakeClock, succeeds: bool
) -> None:
    """Property 4: the circuit was closed then, and is closed again."""
    pipeline, service = pipeline_in(time), Service()
    task = begin(pipeline.call(service))
    await settle()
    pipeline.circuit_breaker.reset()
    if succeeds:
        service.answer()
    else:
        service.fail()
    assert await outcome(task) == ("answer" if succeeds else Broken)
    now = pipeline.snapshot().circuit_breaker
    assert (now.calls, now.stale_results, now.generation) == (0, 1, 1)
