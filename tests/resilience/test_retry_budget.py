"""The retry budget (property 10)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from resilience.events import Event, RetryBudgetSpent
from resilience.options import RetryBudgetOptions
from resilience.pipeline_state import Switches
from resilience.retry_budget import RetryBudget
from tests.resilience.attempts import PATIENT, Attempts
from tests.resilience.conftest import FakeTime
from tests.resilience.service import Broken, begin, outcome, pipeline_in, run, settle


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
