"""What the pipeline says no with: that it keeps nothing of it, and tells the listeners."""

import gc
import sys
from collections.abc import Callable

import pytest

from resilience.deadline import Deadline, current_deadline
from resilience.errors import BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.events import CallRejected, Event
from resilience.options import BulkheadOptions, PipelineOptions
from resilience.pipeline import Pipeline
from tests.resilience.conftest import FakeTime
from tests.resilience.service import (
    outcome,
    pipeline_in,
    succeed,
)


async def rejections_of(pipeline: Pipeline, kind: type[Rejection], times: int) -> int:
    """Be rejected so often; returns how often the rejection was not the one before it."""
    last: Rejection | None = None
    new = 0
    for _ in range(times):
        try:
            await pipeline.call(succeed, idempotent=True)
        except kind as rejection:
            new += rejection is not last
            last = rejection
    return new


def circuit_open(pipeline: Pipeline) -> None:
    pipeline.circuit_breaker.force_open()


def bulkhead_full(pipeline: Pipeline) -> None:
    pipeline.bulkhead.free = 0


def deadline_over(_: Pipeline) -> None:
    current_deadline.set(Deadline(0))


@pytest.mark.parametrize(
    ("prepare", "kind"),
    [(circuit_open, CircuitOpen), (bulkhead_full, BulkheadFull), (deadline_over, DeadlineExceeded)],
)
async def test_a_million_rejections_keep_no_memory_and_are_each_a_new_object(
    time: FakeTime, prepare: Callable[[Pipeline], None], kind: type[Rejection]
) -> None:
    """Property 7."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_queued=0)))
    prepare(pipeline)
    await rejections_of(pipeline, kind, 1000)
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        assert await rejections_of(pipeline, kind, 1_000_000) == 1_000_000
        assert sys.getallocatedblocks() - before < 100, "something is kept, or waits for the garbage collector"
    finally:
        gc.enable()
    assert pipeline.snapshot().rejected[kind.reason] == 1_001_000


async def test_rejections_are_announced_with_their_reason(time: FakeTime) -> None:
    events: list[Event] = []
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_queued=0)), listeners=[events.append])
    bulkhead_full(pipeline)
    await outcome(pipeline.call(succeed))
    circuit_open(pipeline)
    await outcome(pipeline.call(succeed))
    current_deadline.set(Deadline.after(0, time.clock))
    await outcome(pipeline.call(succeed))
    reasons = [event.reason for event in events if isinstance(event, CallRejected)]
    assert reasons == ["bulkhead_full", "circuit_open", "deadline_exceeded"]
