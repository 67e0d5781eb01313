"""The pipeline: how the patterns work together around one service."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Coroutine

import pytest

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.events import CallRejected, Event
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.pipeline import Pipeline
from resilience.pipeline_state import Switches
from tests.resilience.conftest import FakeClock
from tests.resilience.service import (
    Broken,
    Bug,
    Service,
    begin,
    fail,
    hang,
    idle,
    open_it,
    outcome,
    pipeline_in,
    settle,
    state,
    succeed,
)

NO_QUEUE = PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=0))


async def test_the_answer_comes_back_and_everything_is_given_back(time: FakeClock) -> None:
    pipeline = pipeline_in(time)
    assert await pipeline.call(succeed) == "answer"
    assert await pipeline.call(succeed, idempotent=True) == "answer"
    assert pipeline.snapshot().succeeded == 2
    assert pipeline.snapshot().circuit_breaker.calls == 2
    assert idle(pipeline)


@pytest.mark.parametrize("idempotent", [True, False])
@pytest.mark.parametrize("error", [Broken(retry_after_s=99), Bug()])
async def test_an_error_of_the_call_passes_as_it_is(time: FakeClock, error: Exception, idempotent: bool) -> None:
    async def fails() -> None:
        raise error

    pipeline = pipeline_in(time)
    with pytest.raises(type(error)) as raised:
        await pipeline.call(fails, idempotent)
    assert raised.value is error
    assert error.__cause__ is None
    assert idle(pipeline)


@pytest.mark.parametrize("slow_call_s", [0.25, 1])
async def test_calls_that_are_all_slow_open_the_breaker_although_none_failed(
    time: FakeClock, slow_call_s: float
) -> None:
    """Property 13, through the pipeline: an attempt may take longer than what counts as slow."""
    breaker = CircuitBreakerOptions(slow_call_s=slow_call_s)
    pipeline = pipeline_in(time, PipelineOptions(attempt_timeout_s=2, circuit_breaker=breaker))
    tasks = [begin(pipeline.call(lambda: asyncio.sleep(slow_call_s, "answer"))) for _ in range(20)]
    assert [await task for task in tasks] == ["answer"] * 20
    assert state(pipeline) == "open"


async def test_a_late_call_does_not_overtake_one_that_has_just_got_its_slot(time: FakeClock) -> None:
    """Property 17, through the pipeline."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=2)))
    service = Service()
    order: list[str] = []

    def named(name: str) -> Callable[[], Coroutine[object, object, None]]:
        async def call() -> None:
            order.append(name)

        return call

    tasks: list[asyncio.Task[object]] = [begin(pipeline.call(service)), begin(pipeline.call(service))]
    await settle()
    tasks.append(begin(pipeline.call(named("queued"))))
    await settle()
    service.answer()
    service.answer()
    tasks.append(begin(pipeline.call(named("late"))))
    await asyncio.gather(*tasks)
    assert order == ["queued", "late"]
    assert idle(pipeline)


async def test_the_clock_and_the_sleep_of_asyncio_are_the_default(time: FakeClock) -> None:
    pipeline, attempts = Pipeline("service", PipelineOptions(attempt_timeout_s=0.25)), Service()
    assert await outcome(pipeline.call(attempts, idempotent=True)) is AttemptTimeout
    assert attempts.dispatched == 3
    assert time() - 1000 == pytest.approx(0.75, abs=0.15)


async def test_a_listener_that_throws_changes_nothing(time: FakeClock, caplog: pytest.LogCaptureFixture) -> None:
    """Property 14, for the calls themselves."""

    def throws(event: Event) -> None:
        raise RuntimeError

    pipelines = pipeline_in(time, listeners=[throws]), pipeline_in(time)
    with caplog.at_level(logging.CRITICAL, "resilience"):
        results = [[await outcome(pipeline.call(call)) for call in (succeed, *[fail] * 7)] for pipeline in pipelines]
    assert results[0] == results[1] == ["answer", *[Broken] * 5, CircuitOpen, CircuitOpen]
    assert pipelines[0].snapshot() == pipelines[1].snapshot()
    assert idle(pipelines[0])


async def test_the_snapshot_has_everything_that_a_dashboard_shows(time: FakeClock) -> None:
    pipeline = pipeline_in(time)
    await open_it(pipeline)
    time.pass_by(1)
    now = pipeline.snapshot()
    assert now.name == "service"
    assert now.switches == Switches()
    assert (now.circuit_breaker.failure_rate, now.circuit_breaker.next_probe_in_s) == (1, 4)
    assert (now.bulkhead.max_concurrent, now.bulkhead.max_queued) == (25, 25)
    assert (now.succeeded, now.failed, now.ignored) == (0, 5, 0)
    assert set(now.rejected) == {"circuit_open", "bulkhead_full", "timeout", "deadline_exceeded"}


# ---- Rejections -----------------------------------------------------------------------------------------------------


async def circuit_open(pipeline: Pipeline) -> None:
    pipeline.circuit_breaker.force_open()


async def bulkhead_full(pipeline: Pipeline) -> None:
    await pipeline.bulkhead.acquire()


async def deadline_over(_: Pipeline) -> None:
    current_deadline.set(Deadline(0))


@pytest.mark.parametrize(
    ("prepare", "kind"),
    [(circuit_open, CircuitOpen), (bulkhead_full, BulkheadFull), (deadline_over, DeadlineExceeded)],
)
async def test_many_rejections_keep_no_memory_and_each_is_a_new_object(
    time: FakeClock, prepare: Callable[[Pipeline], Coroutine[None, None, None]], kind: type[Rejection]
) -> None:
    """Property 7: a shared object would collect the tracebacks of all calls that it rejected."""
    pipeline = pipeline_in(time, NO_QUEUE)
    await prepare(pipeline)

    async def be_rejected(times: int) -> None:
        last: Rejection | None = None
        for _ in range(times):
            with pytest.raises(kind) as raised:
                await pipeline.call(succeed, idempotent=True)
            assert raised.value is not last
            last = raised.value

    await be_rejected(100)
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        for _ in range(100_000):
            try:
                await pipeline.call(succeed, idempotent=True)
            except kind:
                continue
        assert sys.getallocatedblocks() - before < 100, "something is kept, or waits for the garbage collector"
    finally:
        gc.enable()
    assert pipeline.snapshot().rejected[kind.reason] == 100_100


async def test_rejections_are_announced_with_their_reason(time: FakeClock) -> None:
    events: list[Event] = []
    pipeline = pipeline_in(time, NO_QUEUE, listeners=[events.append])
    for prepare in (bulkhead_full, circuit_open):
        await prepare(pipeline)
        await outcome(pipeline.call(succeed))
    current_deadline.set(Deadline.after(0, time))
    await outcome(pipeline.call(succeed))
    reasons = [event.reason for event in events if isinstance(event, CallRejected)]
    assert reasons == ["bulkhead_full", "circuit_open", "deadline_exceeded"]


async def test_a_call_that_hangs_is_in_flight_until_its_timeout(time: FakeClock) -> None:
    pipeline = pipeline_in(time)
    task = begin(pipeline.call(hang))
    await settle()
    assert (pipeline.snapshot().in_flight, pipeline.snapshot().bulkhead.in_use) == (1, 1)
    assert await outcome(task) is AttemptTimeout
    assert idle(pipeline)
