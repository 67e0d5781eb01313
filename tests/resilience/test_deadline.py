"""Deadlines and attempts, in time that the tests make pass."""

import asyncio
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, attempt, current_deadline
from resilience.errors import AttemptTimeout, DeadlineExceeded, Rejection
from tests.resilience.conftest import FakeTime

# Binary fractions: sums and differences of them are exact.
seconds = st.integers(1, 10_000).map(lambda n: n / 64)


class Call:
    """A call that ends when it is told to."""

    def __init__(self) -> None:
        self.started = False
        self.ended_by: BaseException | None = None
        self._answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self) -> str:
        self.started = True
        try:
            return await self._answer
        except BaseException as error:
            self.ended_by = error
            raise

    def answer(self, text: str = "answer") -> None:
        self._answer.set_result(text)

    def fail(self, error: Exception) -> None:
        self._answer.set_exception(error)


async def begin(call: Call, timeout_s: float, deadline: Deadline, time: FakeTime) -> "asyncio.Task[str]":
    task = asyncio.create_task(attempt(call, timeout_s, deadline, time.call_later))
    await settle()
    return task


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)


async def outcome(task: "asyncio.Task[str]") -> str | type[BaseException]:
    try:
        return await task
    except (Exception, asyncio.CancelledError) as error:
        return type(error)


# ---- The deadline itself --------------------------------------------------------------------------------------------


@given(st.lists(seconds, max_size=20), seconds)
def test_handing_a_deadline_on_never_lengthens_it(passing: list[float], total: float) -> None:
    time = FakeTime()
    deadline = Deadline.after(total, time.clock)
    before = deadline.remaining_s()
    assert before == total
    for each in passing:
        time.pass_by(each)
        assert deadline.remaining_s() == before - each
        before -= each


def test_the_real_clock_is_the_default() -> None:
    assert 0 < Deadline.after(60).remaining_s() <= 60


async def test_a_deadline_is_known_to_everything_done_for_the_request_and_to_nothing_else() -> None:
    async def request() -> Deadline | None:
        current_deadline.set(Deadline.after(1))
        return await asyncio.create_task(inner())

    async def inner() -> Deadline | None:
        return current_deadline.get()

    assert await asyncio.create_task(request()) is not None
    assert current_deadline.get() is None


# ---- An attempt -----------------------------------------------------------------------------------------------------


@given(timeout_s=seconds, remaining_s=seconds, waited_s=seconds, answers=st.booleans())
def test_an_attempt_ends_at_the_first_of_answer_timeout_and_deadline(
    timeout_s: float, remaining_s: float, waited_s: float, answers: bool
) -> None:
    async def scenario() -> None:
        time = FakeTime()
        call = Call()
        task = await begin(call, timeout_s, Deadline.after(remaining_s, time.clock), time)
        time.pass_by(waited_s)
        await settle()
        granted_s = min(timeout_s, remaining_s)
        assert task.done() == (waited_s >= granted_s)
        if waited_s >= granted_s:
            assert await outcome(task) is (AttemptTimeout if timeout_s <= remaining_s else DeadlineExceeded)
            assert isinstance(call.ended_by, asyncio.CancelledError)
        elif answers:
            call.answer()
            assert await outcome(task) == "answer"
        else:
            time.pass_by(granted_s - waited_s)
            assert issubclass(await outcome(task), Rejection)  # type: ignore[arg-type]  # never the answer
        assert time.pending == 0

    asyncio.run(scenario())


@given(late_s=st.integers(0, 1000).map(lambda n: n / 64))
def test_an_expired_deadline_never_dispatches(late_s: float) -> None:
    async def scenario() -> None:
        time = FakeTime()
        deadline = Deadline.after(0, time.clock)
        time.pass_by(late_s)
        call = Call()
        assert await outcome(await begin(call, 1, deadline, time)) is DeadlineExceeded
        assert not call.started
        assert time.pending == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("error", [TimeoutError("its own"), DeadlineExceeded("a deeper one"), LookupError("other")])
async def test_what_the_call_raises_passes_as_it_is(time: FakeTime, error: Exception) -> None:
    call = Call()
    task = await begin(call, 1, Deadline.after(2, time.clock), time)
    call.fail(error)
    with pytest.raises(type(error)) as raised:
        await task
    assert raised.value is error
    assert time.pending == 0


async def test_a_timeout_that_the_call_makes_of_our_cancellation_is_the_calls(time: FakeTime) -> None:
    async def converts() -> str:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            raise TimeoutError("its own") from None
        return ""

    task = asyncio.create_task(attempt(converts, 1, Deadline.after(2, time.clock), time.call_later))
    await settle()
    time.pass_by(1)
    with pytest.raises(TimeoutError, match="its own"):
        await task
    assert task.cancelling() == 0


async def test_a_call_that_answers_in_spite_of_the_cancellation_has_answered(time: FakeTime) -> None:
    async def stubborn() -> str:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(600)
        return "answer"

    task = asyncio.create_task(attempt(stubborn, 1, Deadline.after(2, time.clock), time.call_later))
    await settle()
    time.pass_by(1)
    assert await task == "answer"
    assert task.cancelling() == 0


# ---- Cancellation from outside --------------------------------------------------------------------------------------


async def test_a_cancellation_from_outside_stays_one(time: FakeTime) -> None:
    task = await begin(Call(), 1, Deadline.after(2, time.clock), time)
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert time.pending == 0


@pytest.mark.parametrize("outside_first", [True, False])
async def test_a_cancellation_in_the_moment_of_the_timeout_stays_one(time: FakeTime, outside_first: bool) -> None:
    task = await begin(Call(), 1, Deadline.after(2, time.clock), time)
    if outside_first:
        task.cancel()
    time.pass_by(1)
    if not outside_first:
        task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert task.cancelled()


async def test_an_answer_in_the_moment_of_the_timeout_is_a_timeout(time: FakeTime) -> None:
    call = Call()
    task = await begin(call, 1, Deadline.after(2, time.clock), time)
    call.answer()
    time.pass_by(1)
    assert await outcome(task) is AttemptTimeout


async def test_an_inner_limit_leaves_an_outer_one_alone(time: FakeTime) -> None:
    deadline = Deadline.after(10, time.clock)

    async def outer() -> str:
        with suppress(AttemptTimeout):
            await attempt(Call(), 1, deadline, time.call_later)
        return await attempt(Call(), 2, deadline, time.call_later)

    task = asyncio.create_task(attempt(outer, 5, deadline, time.call_later))
    await settle()
    time.pass_by(1)
    await settle()
    assert not task.done()
    time.pass_by(2)
    assert await outcome(task) is AttemptTimeout
    assert time.pending == 0


async def test_of_two_limits_that_end_together_the_outer_one_counts(time: FakeTime) -> None:
    deadline = Deadline.after(1, time.clock)
    inner = Call()
    task = asyncio.create_task(
        attempt(lambda: attempt(inner, 1, deadline, time.call_later), 5, deadline, time.call_later)
    )
    await settle()
    time.pass_by(1)
    assert await outcome(task) is DeadlineExceeded
    assert task.cancelling() == 0


async def test_the_event_loops_own_timers_do_too() -> None:
    with pytest.raises(AttemptTimeout):
        await attempt(Call(), 0.01, Deadline.after(60))
    assert await attempt(lambda: asyncio.sleep(0, "answer"), 60, Deadline.after(60)) == "answer"
