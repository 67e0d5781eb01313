"""The pipeline around a breaker that is not closed: the herd, the queue, and calls that outlive their generation."""

import pytest

from resilience.errors import CircuitOpen
from resilience.events import Event
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.outcome import Outcome
from tests.resilience.conftest import FakeTime
from tests.resilience.service import (
    ONE_SLOT,
    Broken,
    Service,
    begin,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
)


@pytest.mark.parametrize("listeners", [False, True])
@pytest.mark.parametrize("slots", [2, 10])
async def test_of_a_herd_that_comes_as_the_wait_ends_only_the_permitted_calls_reach_the_service(
    time: FakeTime, listeners: bool, slots: int
) -> None:
    """Property 3, with the herd larger than the bulkhead, and smaller."""
    heard: list[Event] = []
    bulkhead = BulkheadOptions(max_concurrent=slots, max_queued=100, max_wait_s=60)
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=bulkhead), listeners=[heard.append] if listeners else [])
    await open_it(pipeline)
    service = Service()
    time.pass_by(5)
    herd = [begin(pipeline.call(service)) for _ in range(30)]
    await settle()
    while service.waiting():
        assert state(pipeline) == "half_open"
        assert service.dispatched <= 3
        if service.dispatched == 3 and len(service.waiting()) == 1:
            break
        service.answer()
        await settle()
    assert service.dispatched == 3
    service.answer()
    await settle()
    assert state(pipeline) == "closed"
    for _ in range(100):
        await settle()
        if not service.waiting():
            break
        service.answer()
    results = [await outcome(task) for task in herd]
    assert set(results) <= {"answer", CircuitOpen}
    assert bool(heard) == listeners
    assert idle(pipeline)


async def test_a_queued_call_holds_no_probe(time: FakeTime) -> None:
    """The permit is taken at dispatch: while a call queues, the permits are all there."""
    options = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=10, max_wait_s=60))
    pipeline = pipeline_in(time, options)
    slow = Service()
    holder = begin(pipeline.call(slow))
    await settle()
    for _ in range(5):
        pipeline.circuit_breaker.permit().settle(Outcome.FAILURE)
    time.pass_by(0.5)
    assert await outcome(pipeline.call(slow)) is CircuitOpen, "an open breaker rejects before queueing"
    pipeline.circuit_breaker.state = type(pipeline.circuit_breaker.state)(time.now_s)  # type: ignore[call-arg]
    queued = [begin(pipeline.call(slow)) for _ in range(8)]
    await settle()
    assert pipeline.snapshot().bulkhead.queued == 8
    assert pipeline.snapshot().circuit_breaker.probes_taken == 0
    slow.answer()
    await holder
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 1
    for task in queued:
        task.cancel()
    await settle()
    assert pipeline.snapshot().circuit_breaker.probes_taken == 0
    assert idle(pipeline)


async def test_a_call_that_queued_while_the_breaker_opened_is_not_dispatched(time: FakeTime) -> None:
    pipeline = pipeline_in(time, ONE_SLOT)
    service = Service()
    first, second = begin(pipeline.call(service)), begin(pipeline.call(service))
    await settle()
    pipeline.circuit_breaker.force_open()
    service.answer()
    assert await first == "answer"
    assert await outcome(second) is CircuitOpen
    assert service.dispatched == 1
    assert pipeline.snapshot().circuit_breaker.stale_results == 1
    assert idle(pipeline)


@pytest.mark.parametrize("well", [True, False])
async def test_a_call_that_outlived_its_generation_is_counted_as_stale_and_nowhere_else(
    time: FakeTime, well: bool
) -> None:
    """Property 4: closed then, and closed again."""
    pipeline = pipeline_in(time)
    service = Service()
    task = begin(pipeline.call(service))
    await settle()
    pipeline.circuit_breaker.reset()
    if well:
        service.answer()
    else:
        service.fail()
    assert await outcome(task) == ("answer" if well else Broken)
    now = pipeline.snapshot().circuit_breaker
    assert (now.calls, now.stale_results, now.generation) == (0, 1, 1)
