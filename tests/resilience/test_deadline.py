"""Deadlines, in time that the tests make pass."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from resilience.deadline import Deadline, current_deadline
from tests.resilience.conftest import FakeClock

# Binary fractions: sums and differences of them are exact.
seconds = st.integers(1, 10_000).map(lambda n: n / 64)


@given(st.lists(seconds, max_size=20), seconds)
def test_passing_a_deadline_on_never_makes_it_longer(passing: list[float], total_s: float) -> None:
    clock = FakeClock()
    deadline = Deadline.after(total_s, clock)
    for passed in range(len(passing) + 1):
        assert deadline.remaining_s() == total_s - sum(passing[:passed])
        clock.pass_by(passing[passed] if passed < len(passing) else 0)


def test_the_monotonic_clock_is_the_default() -> None:
    assert 0 < Deadline.after(60).remaining_s() <= 60


async def test_only_the_tasks_of_a_request_have_its_deadline() -> None:
    async def request() -> Deadline | None:
        current_deadline.set(Deadline.after(1))
        return await asyncio.create_task(inner())

    async def inner() -> Deadline | None:
        return current_deadline.get()

    assert await asyncio.create_task(request()) is not None
    assert current_deadline.get() is None
