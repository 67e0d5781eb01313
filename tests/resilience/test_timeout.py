"""The timeout of one attempt, alone."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded, Rejection
from resilience.timeout import call_within
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import Broken, begin, fail_if_cancelled, hang, outcome, settle

# Binary fractions: sums and differences of them are exact.
seconds = st.integers(1, 10_000).map(lambda n: n / 64)


@given(limit_s=seconds, deadline_s=seconds, answer_s=seconds)
def test_an_attempt_ends_at_the_first_of_its_answer_its_limit_and_the_deadline(
    limit_s: float, deadline_s: float, answer_s: float
) -> None:
    """An attempt that had its whole time is an AttemptTimeout, even if the deadline ends with it."""

    async def scenario() -> None:
        time = clock_of_the_loop()
        began_s = time()
        deadline = Deadline.after(deadline_s, time)
        ended = await outcome(call_within(lambda: asyncio.sleep(answer_s, "answer"), limit_s, deadline))
        assert time() - began_s == min(limit_s, deadline_s, answer_s)
        if answer_s < min(limit_s, deadline_s):
            assert ended == "answer"
        elif answer_s > min(limit_s, deadline_s):
            assert ended is (AttemptTimeout if limit_s <= deadline_s else DeadlineExceeded)

    run(scenario)


@pytest.mark.parametrize("error", [TimeoutError("its own"), DeadlineExceeded(), Broken(), LookupError()])
async def test_an_error_of_the_call_passes_as_it_is(error: Exception) -> None:
    async def fails() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        await call_within(fails, 1)
    assert raised.value is error
    assert error.__cause__ is None


@pytest.mark.parametrize(("deadline_s", "expected"), [(0.5, DeadlineExceeded), (2, AttemptTimeout)])
async def test_an_error_that_the_call_makes_of_the_timeout_is_the_timeout(
    time: FakeClock, deadline_s: float, expected: type[Rejection]
) -> None:
    with pytest.raises(expected) as raised:
        await call_within(fail_if_cancelled, 1, Deadline.after(deadline_s, time))
    assert isinstance(raised.value.__cause__, Broken)


async def test_a_call_that_answers_in_spite_of_the_timeout_has_answered() -> None:
    async def stubborn() -> str:
        with suppress(asyncio.CancelledError):
            await hang()
        return "answer"

    task = begin(call_within(stubborn, 1))
    assert await task == "answer"
    assert task.cancelling() == 0


@pytest.mark.parametrize("outside_at_s", [0.5, 1.5])
async def test_a_cancellation_in_the_same_moment_as_the_timeout_wins(time: FakeClock, outside_at_s: float) -> None:
    """Property 9: whichever of the two comes first."""
    task = begin(call_within(hang, 1))
    await settle()
    asyncio.get_running_loop().call_later(outside_at_s, task.cancel)
    time.pass_by(2)
    assert await outcome(task) is asyncio.CancelledError
    assert task.cancelled()


async def test_an_inner_timeout_leaves_the_outer_one_alone(time: FakeClock) -> None:
    async def outer() -> str:
        with suppress(AttemptTimeout):
            await call_within(hang, 1)
        return await call_within(hang, 2)

    began_s = time()
    assert await outcome(call_within(outer, 5)) is AttemptTimeout
    assert time() - began_s == 3
