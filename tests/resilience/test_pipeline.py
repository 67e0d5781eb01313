"""The pipeline: how the patterns work together around one service."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress

import pytest

from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.events import CallRejected, Event
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline, Switches
from tests.resilience.conftest import FakeTime
from tests.resilience.service import (
    ONE_SLOT,
    Broken,
    Service,
    begin,
    fail,
    idle,
    open_it,
    outcome,
    pipeline_in,
    run,
    settle,
    state,
    succeed,
)

# ---- A call that ends well, and one that does not -------------------------------------------------------------------


async def test_the_answer_comes_back_and_everything_is_given_back(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    assert await pipeline.call(succeed) == "answer"
    assert await pipeline.call(succeed, idempotent=True) == "answer"
    assert pipeline.snapshot().succeeded == 2
    assert pipeline.snapshot().circuit_breaker.calls == 2
    assert idle(pipeline)


async def test_an_error_of_the_call_passes_as_it_is(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    error = Broken()

    async def fails() -> None:
        raise error

    with pytest.raises(Broken) as raised:
        await pipeline.call(fails)
    assert raised.value is error
    assert error.__cause__ is None
    assert error.__context__ is None
    assert idle(pipeline)


@pytest.mark.parametrize("slow_call_s", [0.25, 1])
async def test_calls_that_are_all_slow_open_the_breaker_though_none_failed(time: FakeTime, slow_call_s: float) -> None:
    """Property 13, through the pipeline: an attempt may take longer than what counts as slow."""
    breaker = CircuitBreakerOptions(slow_call_s=slow_call_s)
    pipeline = pipeline_in(time, PipelineOptions(attempt_timeout_s=2, circuit_breaker=breaker))
    service = Service()
    tasks = [begin(pipeline.call(service)) for _ in range(20)]
    await settle()
    time.pass_by(slow_call_s)
    for _ in tasks:
        service.answer()
    assert [await outcome(task) for task in tasks] == ["answer"] * 20
    assert state(pipeline) == "open"


async def test_a_success_that_completes_the_minimum_of_calls_can_open_the_breaker(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(10):
        assert state(pipeline) == "closed"
        await outcome(pipeline.call(fail))
        await pipeline.call(succeed)
    assert state(pipeline) == "open"


async def test_nobody_overtakes_a_call_that_was_given_its_slot_in_this_tick(time: FakeTime) -> None:
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


async def test_successes_are_counted_in_the_bucket_of_their_time(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(3):
        await pipeline.call(succeed)
        time.pass_by(11)
        await pipeline.call(succeed)
        time.pass_by(8)
        assert pipeline.snapshot().circuit_breaker.calls == 1
        time.pass_by(2)
        assert pipeline.snapshot().circuit_breaker.calls == 0


async def test_a_success_ends_a_row_of_failures_that_the_window_has_forgotten(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    for _ in range(2):
        for _ in range(4):
            await outcome(pipeline.call(fail))
        time.pass_by(11)
        assert pipeline.snapshot().circuit_breaker.calls == 0
        await pipeline.call(succeed)
    assert state(pipeline) == "closed"


@pytest.mark.parametrize("times_out", [True, False])
async def test_a_failed_call_leaves_nothing_to_the_garbage_collector(time: FakeTime, times_out: bool) -> None:
    pipeline = pipeline_in(time)
    pipeline.switch(Switches(circuit_breakers=False))

    async def takes_too_long() -> None:
        time.pass_by(1)
        await asyncio.sleep(0)

    # In this very task: another one would be in a ring with the error that it ended with.
    async def failed_calls(times: int) -> None:
        for _ in range(times):
            with suppress(Broken, AttemptTimeout):
                await pipeline.call(takes_too_long if times_out else fail)

    await failed_calls(10)
    gc.collect()
    gc.disable()
    try:
        await failed_calls(100)
        assert gc.collect() < 100
        assert pipeline.snapshot().failed == 110
    finally:
        gc.enable()


async def test_the_real_clock_and_loop_are_the_default() -> None:
    pipeline = Pipeline("service", PipelineOptions(attempt_timeout_s=0.01))
    assert await outcome(pipeline.call(Service())) is AttemptTimeout
    assert await pipeline.call(succeed) == "answer"
    assert idle(pipeline)


def test_a_second_event_loop_gets_a_timer_of_its_own() -> None:
    pipeline = Pipeline("service", PipelineOptions(attempt_timeout_s=0.02))

    async def scenario() -> None:
        assert await outcome(pipeline.call(Service())) is AttemptTimeout

    async def left_behind() -> None:
        begin(pipeline.call(Service()))
        await asyncio.sleep(0)

    run(scenario)
    run(left_behind)
    run(scenario)


# ---- Half-open ------------------------------------------------------------------------------------------------------


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


# ---- Rejections -----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("prepare", "kind", "times"), [(circuit_open, CircuitOpen, 1_000_000), (bulkhead_full, BulkheadFull, 100_000)]
)
async def test_rejections_keep_no_memory_and_are_each_a_new_object(
    time: FakeTime, prepare: Callable[[Pipeline], None], kind: type[Rejection], times: int
) -> None:
    """Property 7."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_queued=0)))
    prepare(pipeline)
    await rejections_of(pipeline, kind, 1000)
    gc.collect()
    gc.disable()
    try:
        before = sys.getallocatedblocks()
        assert await rejections_of(pipeline, kind, times) == times
        assert sys.getallocatedblocks() - before < 100, "something is kept, or waits for the garbage collector"
    finally:
        gc.enable()
    assert pipeline.snapshot().rejected[kind.reason] == times + 1000


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


async def test_a_listener_that_throws_changes_nothing(time: FakeTime, caplog: pytest.LogCaptureFixture) -> None:
    """Property 14, for the calls themselves."""

    def throws(event: Event) -> None:
        raise RuntimeError

    pipeline, quiet = pipeline_in(time, listeners=[throws]), pipeline_in(time)
    with caplog.at_level(logging.CRITICAL, "resilience"):
        results = [[await outcome(each.call(call)) for call in (succeed, *[fail] * 7)] for each in (pipeline, quiet)]
    assert results[0] == results[1] == ["answer", *[Broken] * 5, CircuitOpen, CircuitOpen]
    assert pipeline.snapshot() == quiet.snapshot()
    assert idle(pipeline)


# ---- Switches -------------------------------------------------------------------------------------------------------


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


async def test_a_breaker_that_was_forced_open_stays_so_when_other_patterns_are_switched(time: FakeTime) -> None:
    pipeline = pipeline_in(time)
    pipeline.circuit_breaker.force_open()
    pipeline.switch(Switches(timeouts=False))
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


async def test_the_snapshot_has_everything_that_a_dashboard_shows(time: FakeTime) -> None:
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
