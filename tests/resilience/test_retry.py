"""Retries, through the pipeline."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.events import Event
from resilience.options import (
    BulkheadOptions,
    CircuitBreakerOptions,
    PipelineOptions,
    RetryBudgetOptions,
    RetryOptions,
)
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import (
    NEVER_OPENS,
    ONLY_RETRIES,
    Attempts,
    BadRequest,
    Broken,
    Bug,
    Service,
    begin,
    hang,
    idle,
    outcome,
    pipeline_in,
    settle,
    waits_in,
)


async def attempts_of(
    pipeline: Pipeline, time: FakeClock, error: Callable[[], BaseException]
) -> tuple[str | type[BaseException], int]:
    """What an idempotent call comes to that always fails, and the attempts that were made."""
    call = Attempts(time, failures=99, error=error)
    return await outcome(pipeline.call(call, idempotent=True)), len(call.at_s)


@pytest.mark.parametrize(
    ("failures", "result", "attempts"), [(0, "answer", 1), (1, "answer", 2), (2, "answer", 3), (3, Broken, 3)]
)
async def test_an_idempotent_call_is_made_again_until_it_answers_or_has_no_attempt_left(
    time: FakeClock, failures: int, result: object, attempts: int
) -> None:
    call = Attempts(time, failures)
    assert await outcome(pipeline_in(time, ONLY_RETRIES).call(call, idempotent=True)) == result
    assert len(call.at_s) == attempts


@pytest.mark.parametrize(
    ("errors", "result", "attempts", "counted"),
    [
        ([BadRequest], "answer", 2, 2),
        ([BadRequest, BadRequest], BadRequest, 2, 1),
        ([BadRequest, Broken], "answer", 3, 3),
        ([Broken, BadRequest], "answer", 3, 3),
        ([Broken, BadRequest, BadRequest], BadRequest, 3, 2),
        ([BadRequest, Broken, BadRequest], BadRequest, 3, 2),
    ],
)
async def test_a_failure_that_may_be_about_the_request_is_retried_once_and_counts_once(
    time: FakeClock, errors: list[type[Exception]], result: object, attempts: int, counted: int
) -> None:
    """The breaker does not count the second one of a call: it says nothing new about the service."""
    left = list(errors)
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if left:
            raise left.pop(0)
        return "answer"

    pipeline = pipeline_in(time, ONLY_RETRIES)
    assert await outcome(pipeline.call(call, idempotent=True)) == result
    now = pipeline.snapshot()
    assert (made, now.circuit_breaker.calls, now.failed) == (attempts, counted, len(errors))


async def test_any_other_call_is_made_once(time: FakeClock) -> None:
    call = Attempts(time, failures=9)
    assert await outcome(pipeline_in(time, ONLY_RETRIES).call(call)) is Broken
    assert len(call.at_s) == 1


async def test_an_answer_that_counts_as_a_failure_is_retried_and_passed_on_if_it_stays_one(time: FakeClock) -> None:
    answers = [429, 200, 429, 429, 429]

    async def call() -> int:
        return answers.pop(0)

    def classify(answer: object) -> Outcome:
        return Outcome.FAILURE if answer == 429 else Outcome.SUCCESS

    pipeline = pipeline_in(time, ONLY_RETRIES, classify_answer=classify)
    assert await pipeline.call(call, idempotent=True) == 200
    assert await pipeline.call(call, idempotent=True) == 429
    assert not answers


async def test_every_attempt_has_its_whole_time(time: FakeClock) -> None:
    service, pipeline = Service(), pipeline_in(time, ONLY_RETRIES)
    assert await outcome(pipeline.call(service, idempotent=True)) is AttemptTimeout
    assert service.dispatched == 3
    assert pipeline.snapshot().rejected["timeout"] == 3
    # 50 ms and 100 ms, both times 0.5, between three attempts of a second.
    assert time() - 1000 == pytest.approx(3.075)


# ---- The pause ------------------------------------------------------------------------------------------------------


@given(first=st.floats(0, 1), second=st.floats(0, 1))
def test_the_pause_is_drawn_from_the_whole_of_an_interval_that_doubles(first: float, second: float) -> None:
    async def scenario() -> None:
        time, events, numbers = clock_of_the_loop(), list[Event](), iter([first, second])
        pipeline = pipeline_in(time, ONLY_RETRIES, random=lambda: next(numbers), listeners=[events.append])
        await attempts_of(pipeline, time, Broken)
        assert waits_in(events) == pytest.approx([0.05 * first, 0.1 * second])

    run(scenario)


async def test_the_interval_has_a_cap(time: FakeClock) -> None:
    retry, budget = RetryOptions(max_attempts=20, max_backoff_s=0.25), RetryBudgetOptions(min_retries=100)
    options = PipelineOptions(circuit_breaker=NEVER_OPENS, retry=retry, retry_budget=budget)
    events: list[Event] = []
    pipeline = pipeline_in(time, options, random=lambda: 1.0, listeners=[events.append])
    await attempts_of(pipeline, time, Broken)
    assert waits_in(events) == pytest.approx([0.05, 0.1, 0.2] + [0.25] * 16)


@given(number=st.floats(0, 1))
def test_the_pause_begins_after_the_time_for_which_the_service_asked(number: float) -> None:
    """Callers that were asked for the same time do not come back in the same moment."""

    async def scenario() -> None:
        time, events = clock_of_the_loop(), list[Event]()
        call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=1.5))
        pipeline = pipeline_in(time, ONLY_RETRIES, random=lambda: number, listeners=[events.append])
        assert await pipeline.call(call, idempotent=True) == "answer"
        assert waits_in(events) == pytest.approx([1.5 + 0.05 * number])
        assert call.at_s[1] - call.at_s[0] >= 1.5

    run(scenario)


@pytest.mark.parametrize(("retry_after_s", "attempts"), [(-9, 3), (2, 3), (2.5, 1)])
async def test_a_service_that_asks_for_too_long_a_time_is_not_tried_again(
    time: FakeClock, retry_after_s: float, attempts: int
) -> None:
    result = await attempts_of(pipeline_in(time, ONLY_RETRIES), time, lambda: Broken(retry_after_s=retry_after_s))
    assert result == (Broken, attempts)


async def test_a_pause_that_would_end_after_the_deadline_is_not_begun_and_costs_nothing(time: FakeClock) -> None:
    pipeline = pipeline_in(time, ONLY_RETRIES)
    current_deadline.set(Deadline.after(1.5, time))
    assert await attempts_of(pipeline, time, lambda: Broken(retry_after_s=1.5)) == (Broken, 1)
    assert time() == 1000
    assert pipeline.snapshot().retry_budget.retried == 0


# ---- What is never retried (property 10) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        lambda: CircuitOpen("deeper", 1),
        lambda: BulkheadFull("deeper"),
        DeadlineExceeded,
        Bug,
        asyncio.CancelledError,
    ],
)
async def test_a_rejection_a_bug_and_a_cancellation_are_never_retried(
    time: FakeClock, error: Callable[[], BaseException]
) -> None:
    pipeline = pipeline_in(time, ONLY_RETRIES)
    result, attempts = await attempts_of(pipeline, time, error)
    assert isinstance(result, type)
    assert issubclass(result, Rejection | Bug | asyncio.CancelledError)
    assert attempts == 1
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_a_rejection_by_this_pipeline_is_never_retried(time: FakeClock) -> None:
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=0)))
    await pipeline.bulkhead.acquire()
    assert await attempts_of(pipeline, time, Broken) == (BulkheadFull, 0)
    pipeline.bulkhead.release()
    pipeline.circuit_breaker.force_open()
    assert await attempts_of(pipeline, time, Broken) == (CircuitOpen, 0)
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_a_breaker_that_opens_meanwhile_ends_the_retries(time: FakeClock) -> None:
    pipeline = pipeline_in(time, PipelineOptions(circuit_breaker=CircuitBreakerOptions(consecutive_failures=2)))
    assert await attempts_of(pipeline, time, Broken) == (CircuitOpen, 2)


@pytest.mark.parametrize("attempt", [1, 2, 3])
@pytest.mark.parametrize("answers", [True, False])
async def test_a_cancelled_attempt_is_not_retried_even_if_the_call_catches_the_cancellation(
    time: FakeClock, attempt: int, answers: bool
) -> None:
    """Not even if the call turns its cancellation into a failure, or into an answer that counts as one."""
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if made == attempt:
            with suppress(asyncio.CancelledError):
                await hang()
        if answers:
            return "failure"
        raise Broken

    pipeline = pipeline_in(time, ONLY_RETRIES, classify_answer=lambda answer: Outcome.FAILURE)
    task = begin(pipeline.call(call, idempotent=True))
    await asyncio.sleep(0.5)
    assert made == attempt
    task.cancel()
    assert await outcome(task) == ("failure" if answers else Broken)
    assert made == attempt


async def test_a_cancellation_during_the_pause_ends_it(time: FakeClock) -> None:
    call, pipeline = Attempts(time, failures=9), pipeline_in(time, ONLY_RETRIES)
    task = begin(pipeline.call(call, idempotent=True))
    await settle()
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert len(call.at_s) == 1
    assert pipeline.snapshot().retry_budget.retried == 1, "the budget is charged before the pause"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("attempt", [1, 2])
def test_the_end_of_the_program_is_not_retried_and_leaves_nothing_behind(
    kind: type[BaseException], attempt: int
) -> None:
    errors: list[type[BaseException]] = [Broken, Broken, Broken]
    errors[attempt - 1] = kind

    async def call() -> None:
        raise errors.pop(0)

    async def scenario() -> None:
        pipeline = pipeline_in(clock_of_the_loop(), ONLY_RETRIES)
        with pytest.raises(kind):
            await pipeline.call(call, idempotent=True)
        now = pipeline.snapshot()
        assert (now.failed, now.ignored, now.circuit_breaker.calls) == (attempt - 1, 1, attempt - 1)
        assert idle(pipeline)

    run(scenario)
