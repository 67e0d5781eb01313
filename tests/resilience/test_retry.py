"""Retries and their budget, through the pipeline."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import tenacity
from hypothesis import given, settings
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from resilience.errors import AttemptTimeout, BulkheadFull, CircuitOpen, DeadlineExceeded, Rejection
from resilience.events import Event, RetryBudgetSpent, Retrying
from resilience.options import BulkheadOptions, CircuitBreakerOptions, PipelineOptions, RetryBudgetOptions, RetryOptions
from resilience.outcome import Outcome
from resilience.pipeline import Pipeline, Switches
from resilience.retry_budget import RetryBudget
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, Service, begin, outcome, pipeline_in, run, settle

UNBROKEN = CircuitBreakerOptions(consecutive_failures=1_000_000, minimum_calls=1_000_000)
ROOMY = BulkheadOptions(max_concurrent=100_000)
PATIENT = PipelineOptions(circuit_breaker=UNBROKEN, bulkhead=ROOMY)


class Attempts:
    """A call that fails so often before it answers, and keeps when it was made."""

    def __init__(self, time: FakeTime, failures: int, error: Callable[[], BaseException] = Broken) -> None:
        self.at_s: list[float] = []
        self._time = time
        self._failures = failures
        self._error = error

    async def __call__(self) -> str:
        self.at_s.append(self._time.now_s)
        if len(self.at_s) <= self._failures:
            raise self._error()
        return "answer"


async def in_time(awaitable: Awaitable[object], time: FakeTime, seconds: float = 10) -> object:
    """The outcome, letting time pass in steps of 1/64 s until there is one."""
    task = asyncio.ensure_future(awaitable)
    for _ in range(int(seconds * 64)):
        await settle()
        if task.done():
            break
        time.pass_by(1 / 64)
    return await outcome(task)


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


async def test_tenacity_is_entered_only_after_a_first_failure(time: FakeTime, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("tenacity was entered")

    monkeypatch.setattr(tenacity.AsyncRetrying, "__init__", forbidden)
    assert await pipeline_in(time, PATIENT).call(Attempts(time, failures=0), idempotent=True) == "answer"


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


async def test_it_waits_as_long_as_the_service_asks(time: FakeTime) -> None:
    call = Attempts(time, failures=1, error=lambda: Broken(retry_after_s=1.5))
    assert await in_time(pipeline_in(time, PATIENT).call(call, idempotent=True), time) == "answer"
    assert call.at_s[1] - call.at_s[0] == 1.5


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


# ---- Property 10 ----------------------------------------------------------------------------------------------------


async def calls_made(pipeline: Pipeline, time: FakeTime, error: Callable[[], BaseException]) -> tuple[object, int]:
    call = Attempts(time, failures=99, error=error)
    return await in_time(pipeline.call(call, idempotent=True), time), len(call.at_s)


@pytest.mark.parametrize(
    "error",
    [
        lambda: CircuitOpen("deeper", 1),
        lambda: BulkheadFull("deeper"),
        DeadlineExceeded,
        asyncio.CancelledError,
    ],
)
async def test_nothing_retries_a_rejection_or_a_cancellation(
    time: FakeTime, error: Callable[[], BaseException]
) -> None:
    """Property 10: those of a deeper pattern."""
    pipeline = pipeline_in(time, PATIENT)
    result, calls = await calls_made(pipeline, time, error)
    assert isinstance(result, type)
    assert issubclass(result, Rejection | asyncio.CancelledError)
    assert calls == 1
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_nothing_retries_a_rejection_of_its_own(time: FakeTime) -> None:
    """Property 10."""
    pipeline = pipeline_in(time, PipelineOptions(bulkhead=BulkheadOptions(max_concurrent=1, max_queued=0)))
    holder = begin(pipeline.call(Service()))
    await settle()
    assert await calls_made(pipeline, time, Broken) == (BulkheadFull, 0)
    holder.cancel()
    await settle()
    pipeline.circuit_breaker.force_open()
    assert await calls_made(pipeline, time, Broken) == (CircuitOpen, 0)
    assert pipeline.snapshot().retry_budget.retried == 0


async def test_a_breaker_that_opens_meanwhile_ends_the_retries(time: FakeTime) -> None:
    """Property 10."""
    pipeline = pipeline_in(time, PipelineOptions(circuit_breaker=CircuitBreakerOptions(consecutive_failures=2)))
    assert await calls_made(pipeline, time, Broken) == (CircuitOpen, 2)


@pytest.mark.parametrize("attempt", [1, 2, 3])
async def test_a_cancelled_attempt_is_not_retried_whatever_it_makes_of_it(time: FakeTime, attempt: int) -> None:
    """Property 10: not even when the call turns the cancellation into an error of its own."""
    made = 0

    async def call() -> str:
        nonlocal made
        made += 1
        if made < attempt:
            raise Broken
        try:
            return await Service()()
        except asyncio.CancelledError:
            raise Broken from None

    task = begin(pipeline_in(time, PATIENT).call(call, idempotent=True))
    for _ in range(40):
        await settle()
        if made == attempt:
            break
        time.pass_by(1 / 64)
    task.cancel()
    assert await in_time(task, time, 0.75) is Broken
    assert made == attempt


async def test_a_cancellation_during_the_backoff_ends_it(time: FakeTime) -> None:
    """Property 10."""
    call = Attempts(time, failures=9)
    pipeline = pipeline_in(time, PATIENT)
    task = begin(pipeline.call(call, idempotent=True))
    await settle()
    task.cancel()
    assert await in_time(task, time) is asyncio.CancelledError
    assert len(call.at_s) == 1
    assert pipeline.snapshot().retry_budget.retried == 1, "the budget is charged before the backoff"


@given(
    originals=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 64)), min_size=1, max_size=40),
    timeouts=st.booleans(),
)
@settings(max_examples=40)
def test_the_retry_budget_holds_under_total_failure(originals: list[tuple[int, int]], timeouts: bool) -> None:
    """Property 10: calls on the wire <= 1.2 x originals + 3, in every window and however they arrive."""

    async def scenario() -> None:
        time = FakeTime()
        pipeline = pipeline_in(time, PATIENT)
        pipeline.switch(Switches(timeouts=timeouts))
        call = Attempts(time, failures=1_000_000)
        tasks = []
        made_at_s: list[float] = []
        for number, after in originals:
            for _ in range(number):
                made_at_s.append(time.now_s)
                tasks.append(begin(pipeline.call(call, idempotent=True)))
            await settle()
            within_s = 9.0
            recent = sum(at_s > time.now_s - within_s for at_s in made_at_s)
            on_wire = sum(at_s > time.now_s - within_s for at_s in call.at_s)
            # A retry may have been paid for by an original that has just left the window.
            paid_before = sum(at_s > time.now_s - within_s - 11 for at_s in made_at_s) - recent
            assert on_wire <= recent + max(0.2 * (recent + paid_before), 3)
            time.pass_by(after / 64)
        for _ in range(200):
            await settle()
            time.pass_by(1 / 64)
        assert {await outcome(task) for task in tasks} <= {Broken}
        windows = 1 + (time.now_s - 1000) // 9
        assert len(call.at_s) <= 1.2 * len(tasks) + 3 * windows

    run(scenario)


async def test_a_thousand_failing_at_once_make_a_fifth_more_calls(time: FakeTime) -> None:
    """Property 10: charged before the backoff, so that those who wait are counted."""
    pipeline = pipeline_in(time, PATIENT)
    call = Attempts(time, failures=1_000_000)
    events: list[Event] = []
    pipeline.announcer.listeners.append(events.append)
    tasks = [begin(pipeline.call(call, idempotent=True)) for _ in range(1000)]
    await settle()
    assert pipeline.snapshot().retry_budget.left == 0
    for _ in range(64):
        await settle()
        time.pass_by(1 / 64)
    assert {await outcome(task) for task in tasks} == {Broken}
    assert len(call.at_s) == 1200
    assert any(isinstance(event, RetryBudgetSpent) for event in events)


def test_three_retries_are_allowed_however_few_the_originals(time: FakeTime) -> None:
    budget = RetryBudget(RetryBudgetOptions(), time.clock())
    assert [budget.charge(time.clock()) for _ in range(4)] == [True, True, True, False]
    time.pass_by(10)
    assert budget.charge(time.clock())
    now = budget.snapshot(time.clock())
    assert (now.retries, now.retried, now.refused, now.left) == (1, 4, 1, 2)
