"""The time limit of a block, in time that the tests make pass."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.errors import AttemptTimeout, DeadlineExceeded
from resilience.time_limit import TimeLimit
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


async def limited(call: Callable[[], Awaitable[str]], seconds: float, time: FakeTime) -> str:
    with TimeLimit(seconds, AttemptTimeout, time.call_later):
        return await call()


async def begin(call: Callable[[], Awaitable[str]], seconds: float, time: FakeTime) -> "asyncio.Task[str]":
    task = asyncio.create_task(limited(call, seconds, time))
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


@given(limit_s=seconds, waited_s=seconds)
def test_a_block_ends_at_the_first_of_its_answer_and_its_limit(limit_s: float, waited_s: float) -> None:
    async def scenario() -> None:
        time = FakeTime()
        call = Call()
        task = await begin(call, limit_s, time)
        time.pass_by(waited_s)
        await settle()
        assert task.done() == (waited_s >= limit_s)
        if waited_s >= limit_s:
            assert await outcome(task) is AttemptTimeout
            assert isinstance(call.ended_by, asyncio.CancelledError)
        else:
            call.answer()
            assert await outcome(task) == "answer"
        assert time.pending == 0

    asyncio.run(scenario())


@pytest.mark.parametrize("error", [TimeoutError("its own"), DeadlineExceeded("a deeper one"), LookupError("other")])
async def test_what_the_call_raises_passes_as_it_is(time: FakeTime, error: Exception) -> None:
    call = Call()
    task = await begin(call, 1, time)
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

    task = await begin(converts, 1, time)
    time.pass_by(1)
    with pytest.raises(TimeoutError, match="its own"):
        await task
    assert task.cancelling() == 0


async def test_a_call_that_answers_in_spite_of_the_cancellation_has_answered(time: FakeTime) -> None:
    async def stubborn() -> str:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(600)
        return "answer"

    task = await begin(stubborn, 1, time)
    time.pass_by(1)
    assert await task == "answer"
    assert task.cancelling() == 0


# ---- Cancellation from outside --------------------------------------------------------------------------------------


async def test_a_cancellation_from_outside_stays_one(time: FakeTime) -> None:
    task = await begin(Call(), 1, time)
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert time.pending == 0


@pytest.mark.parametrize("outside_first", [True, False])
async def test_a_cancellation_in_the_moment_of_the_timeout_stays_one(time: FakeTime, outside_first: bool) -> None:
    task = await begin(Call(), 1, time)
    if outside_first:
        task.cancel()
    time.pass_by(1)
    if not outside_first:
        task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert task.cancelled()


async def test_an_answer_in_the_moment_of_the_timeout_is_a_timeout(time: FakeTime) -> None:
    call = Call()
    task = await begin(call, 1, time)
    call.answer()
    time.pass_by(1)
    assert await outcome(task) is AttemptTimeout


async def test_an_inner_limit_leaves_an_outer_one_alone(time: FakeTime) -> None:
    async def outer() -> str:
        with suppress(AttemptTimeout):
            await limited(Call(), 1, time)
        return await limited(Call(), 2, time)

    task = await begin(outer, 5, time)
    time.pass_by(1)
    await settle()
    assert not task.done()
    time.pass_by(2)
    assert await outcome(task) is AttemptTimeout
    assert time.pending == 0


async def test_of_two_limits_that_end_together_the_outer_one_counts(time: FakeTime) -> None:
    inner = Call()

    async def outer() -> str:
        with TimeLimit(1, DeadlineExceeded, time.call_later):
            return await limited(inner, 1, time)

    task = asyncio.create_task(outer())
    await settle()
    time.pass_by(1)
    assert await outcome(task) is DeadlineExceeded
    assert task.cancelling() == 0


async def test_the_event_loops_own_timers_do_too() -> None:
    with pytest.raises(AttemptTimeout), TimeLimit(0.01, AttemptTimeout):
        await Call()()
    with TimeLimit(60, AttemptTimeout):
        assert await asyncio.sleep(0, "answer") == "answer"
