"""The retry budget (property 10)."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from resilience.events import Event, RetryBudgetSpent
from resilience.options import RetryBudgetOptions
from resilience.pipeline_state import Switches
from resilience.retry_budget import RetryBudget
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import ONLY_RETRIES, Attempts, Broken, begin, outcome, pipeline_in, settle


@given(
    originals=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 64)), min_size=1, max_size=40),
    timeouts=st.booleans(),
)
@settings(max_examples=40)
def test_the_retry_budget_holds_if_every_call_fails(originals: list[tuple[int, int]], timeouts: bool) -> None:
    """Property 10: attempts <= 1.2 x originals + 3, in every window and however the calls arrive."""

    async def scenario() -> None:
        time = clock_of_the_loop()
        pipeline = pipeline_in(time, ONLY_RETRIES)
        pipeline.switch(Switches(timeouts=timeouts))
        call = Attempts(time, failures=1_000_000)
        tasks = []
        made_at_s: list[float] = []
        for number, after in originals:
            for _ in range(number):
                made_at_s.append(time())
                tasks.append(begin(pipeline.call(call, idempotent=True)))
            await settle()
            within_s = 9.0
            recent = sum(at_s > time() - within_s for at_s in made_at_s)
            attempts = sum(at_s > time() - within_s for at_s in call.at_s)
            # A retry may have been paid for by an original that has just left the window.
            paid_before = sum(at_s > time() - within_s - 11 for at_s in made_at_s) - recent
            assert attempts <= recent + max(0.2 * (recent + paid_before), 3)
            await asyncio.sleep(after / 64)
        assert {await outcome(task) for task in tasks} <= {Broken}
        windows = 1 + (time() - 1000) // 9
        assert len(call.at_s) <= 1.2 * len(tasks) + 3 * windows

    run(scenario)


async def test_a_thousand_calls_that_fail_at_once_make_a_fifth_more_attempts(time: FakeClock) -> None:
    """Property 10: a retry is charged before its pause, so that those that wait count too."""
    events: list[Event] = []
    pipeline = pipeline_in(time, ONLY_RETRIES, listeners=[events.append])
    call = Attempts(time, failures=1_000_000)
    tasks = [begin(pipeline.call(call, idempotent=True)) for _ in range(1000)]
    await settle()
    assert pipeline.snapshot().retry_budget.left == 0
    assert {await outcome(task) for task in tasks} == {Broken}
    assert len(call.at_s) == 1200
    assert any(isinstance(event, RetryBudgetSpent) for event in events)


def test_three_retries_are_allowed_even_with_few_calls(clock: FakeClock) -> None:
    budget = RetryBudget(RetryBudgetOptions(), clock())
    assert [budget.charge(clock()) for _ in range(4)] == [True, True, True, False]
    clock.pass_by(10)
    assert budget.charge(clock())
    now = budget.snapshot(clock())
    assert (now.retries, now.retried, now.refused, now.left) == (1, 4, 1, 2)
