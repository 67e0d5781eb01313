"""Retries, through the pipeline and alone."""

import asyncio
import gc
import logging
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull
from resilience.events import Event, Retrying
from resilience.options import PipelineOptions, RetryBudgetOptions, RetryOptions
from resilience.outcome import Outcome
from resilience.retry import Retry
from resilience.retry_budget import RetryBudget
from tests.resilience.attempts import PATIENT, UNBROKEN, Attempts, in_time
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, Service, begin, idle, outcome, pipeline_in, run, settle


async def test_an_idempotent_call_is_made_again_until_it_answers(time: FakeTime) -> None:
    call = Attempts(time, failures=2)
    assert await in_time(pipeline_in(time, PATIENT).call(call, idempotent=True), time) == "answer"
    assert len(call.at_s) == 3


async def test_after_the_last_attempt_its_error_is_told(time: FakeTime) -> None:
    call = Attempts(time, failures=9)
    assert await in_time(pipeline_in(time, PATIENT).call(call, idempotent=True), time) is Broken
    assert len(call.at_s) == 3


async def test_any_other_call_is_made_once(time: FakeTime) -> None:
    call = Attempts(time, failures=9)
    assert await in_time(pipeline_in(time, PATIENT).call(call), time) is Broken
    assert len(call.at_s) == 1


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("attempt", [1, 2])
async def test_who_ends_the_program_is_not_retried_and_leaves_nothing_behind(
    time: FakeTime, kind: type[BaseException], attempt: int
) -> None:
    errors: list[type[BaseException]] = [Broken, Broken, Broken]
    errors[attempt - 1] = kind

    async def call() -> None:
        raise errors.pop(0)

    async def sleep(seconds: float) -> None:
        time.pass_by(seconds)

    pipeline = pipeline_in(time, PATIENT, sleep=sleep)
    with pytest.raises(kind):
        await pipeline.call(call, idempotent=True)
    now = pipeline.snapshot()
    assert (now.failed, now.ignored, now.circuit_breaker.calls) == (attempt - 1, 1, attempt - 1)
    assert idle(pipeline)


async def test_an_error_that_cannot_be_classified_is_retried_as_a_failure(
    time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    def throws(_: object) -> Outcome:
        raise ZeroDivisionError

    call = Attempts(time, failures=2)
    with caplog.at_level(logging.CRITICAL, "resilience"):
        assert await in_time(pipeline_in(time, PATIENT, classify_error=throws).call(call, True), time) == "answer"


@pytest.mark.parametrize("spent", [True, False])
async def test_failed_calls_leave_nothing_to_the_garbage_collector_retried_or_not(time: FakeTime, spent: bool) -> None:
    pipeline = pipeline_in(time, PATIENT, sleep=lambda seconds: asyncio.sleep(0))
    pipeline.retry_budget.enforced = spent

    # In this very task: another one would be in a ring with the error that it ended with.
    async def failed_calls(times: int) -> None:
        for _ in range(times):
            with suppress(Broken):
                await pipeline.call(Attempts(time, failures=3), idempotent=True)
            if not spent:
                assert await pipeline.call(Attempts(time, failures=2), idempotent=True) == "answer"

    await failed_calls(10)
    gc.collect()
    gc.disable()
    try:
        await failed_calls(100)
        assert gc.collect() < 100
    finally:
        gc.enable()


@given(first=st.floats(0, 1), second=st.floats(0, 1))
def test_the_backoff_is_drawn_from_the_whole_of_an_interval_that_doubles(first: float, second: float) -> None:
    async def scenario() -> None:
        time = FakeTime()
        dice = iter([first, second])
        events: list[Event] = []
        pipeline = pipeline_in(time, PATIENT, random=lambda: next(dice), listeners=[events.append])
        await in_time(pipeline.call(Attempts(time, failures=9), idempotent=True), time)
        waits = [event.wait_s for event in events if isinstance(event, Retrying)]
        assert waits == pytest.approx([0.05 * first, 0.1 * second])

    run(scenario)


async def test_the_backoff_is_capped(time: FakeTime) -> None:
    retry = RetryOptions(max_attempts=20, max_backoff_s=0.25)
    budget = RetryBudgetOptions(min_retries=100)
    options = PipelineOptions(circuit_breaker=UNBROKEN, retry=retry, retry_budget=budget)
    events: list[Event] = []
    pipeline = pipeline_in(time, options, random=lambda: 1.0, listeners=[events.append])
    await in_time(pipeline.call(Attempts(time, failures=19), idempotent=True), time)
    waits = [event.wait_s for event in events if isinstance(event, Retrying)]
    assert waits == pytest.approx([0.05, 0.1, 0.2] + [0.25] * 16)


@given(die=st.floats(0, 1))
def test_it_waits_as_long_as_the_service_asks_and_then_a_pause_of_its_own(die: float) -> None:
    """Those who were told the same do not come back in the same moment."""

    async def scenario() -> None:
        time, events = FakeTime(), list[Event]()
        call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=1.5))
        pipeline = pipeline_in(time, PATIENT, random=lambda: die, listeners=[events.append])
        assert await in_time(pipeline.call(call, idempotent=True), time) == "answer"
        waits = [event.wait_s for event in events if isinstance(event, Retrying)]
        assert waits == pytest.approx([1.5 + 0.05 * die])
        assert call.at_s[1] - call.at_s[0] >= 1.5

    run(scenario)


async def test_patience_of_less_than_nothing_is_none(time: FakeTime) -> None:
    call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=-9))
    assert await in_time(pipeline_in(time, PATIENT).call(call, idempotent=True), time) == "answer"
    assert call.at_s[1] > call.at_s[0]


async def test_a_service_that_asks_for_too_much_patience_is_not_tried_again(time: FakeTime) -> None:
    call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=2.5))
    assert await in_time(pipeline_in(time, PATIENT).call(call, idempotent=True), time) is Broken
    assert len(call.at_s) == 1


async def test_a_pause_that_would_outlast_the_deadline_is_not_begun(time: FakeTime) -> None:
    call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=1.5))
    pipeline = pipeline_in(time, PATIENT)
    current_deadline.set(Deadline.after(1.5, time.clock))
    assert await outcome(pipeline.call(call, idempotent=True)) is Broken
    assert pipeline.snapshot().retry_budget.retried == 0, "a retry that is not made costs nothing"


async def test_an_answer_that_counts_as_a_failure_is_retried_and_handed_on_if_it_stays_one(time: FakeTime) -> None:
    def classify(answer: object) -> Outcome:
        return Outcome.FAILURE if answer == 429 else Outcome.SUCCESS

    answers = [429, 200, 429, 429, 429]

    async def call() -> int:
        return answers.pop(0)

    pipeline = pipeline_in(time, PATIENT, classify_answer=classify)
    assert await in_time(pipeline.call(call, idempotent=True), time) == 200
    assert await in_time(pipeline.call(call, idempotent=True), time) == 429
    assert not answers


async def test_an_attempt_that_timed_out_is_retried_with_its_whole_time(time: FakeTime) -> None:
    service = Service()
    pipeline = pipeline_in(time, PATIENT)
    task = begin(pipeline.call(service, idempotent=True))
    assert await in_time(task, time) is AttemptTimeout
    assert service.dispatched == 3
    assert pipeline.snapshot().rejected["timeout"] == 3


# ---- A retry by itself ----------------------------------------------------------------------------------------------


async def test_a_retry_by_itself_does_the_same(time: FakeTime) -> None:
    retry = Retry("service", clock=time.clock, sleep=time.sleep, random=lambda: 0.5)
    assert await in_time(retry.call(Attempts(time, failures=2)), time) == "answer"
    assert await in_time(retry.call(Attempts(time, failures=9)), time) is Broken
    rejected = Attempts(time, failures=9, error=lambda: BulkheadFull("deeper"))
    assert await in_time(retry.call(rejected), time) is BulkheadFull
    assert len(rejected.at_s) == 1


async def test_a_retry_by_itself_knows_deadline_budget_and_cancellation(time: FakeTime) -> None:
    budget = RetryBudget(RetryBudgetOptions(), time.clock())
    retry = Retry("service", budget=budget, clock=time.clock, sleep=time.sleep, random=lambda: 1.0)
    assert await outcome(retry.call(Attempts(time, failures=9), time.now_s + 0.05)) is Broken

    async def converts() -> str:
        try:
            return await Service()()
        except asyncio.CancelledError:
            raise Broken from None

    task = begin(retry.call(converts))
    await settle()
    task.cancel()
    assert await outcome(task) is Broken
    now = budget.snapshot(time.clock())
    assert (now.originals, now.retried) == (2, 0)


async def test_the_real_clock_and_sleep_are_a_retrys_default(time: FakeTime) -> None:
    call = Attempts(time, failures=1)
    assert await Retry("service", RetryOptions(first_backoff_s=0.001)).call(call) == "answer"
    assert len(call.at_s) == 2
