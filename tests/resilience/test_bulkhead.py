"""The bulkhead alone: which caller gets a slot, in which order, and that no slot is ever lost."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.bulkhead import Bulkhead
from resilience.deadline import Deadline
from resilience.errors import BulkheadFull
from resilience.options import BulkheadOptions
from tests.resilience.conftest import FakeClock, clock_of_the_loop, run
from tests.resilience.service import begin, outcome, settle


def bulkhead_of(concurrent: int = 1, queued: int = 3, wait_s: float = 1.0) -> Bulkhead:
    return Bulkhead("service", BulkheadOptions(max_concurrent=concurrent, max_queued=queued, max_wait_s=wait_s))


def state(bulkhead: Bulkhead) -> tuple[int, int]:
    now = bulkhead.snapshot()
    return now.in_use, now.queued


async def test_a_free_slot_is_taken_without_a_pause() -> None:
    bulkhead = bulkhead_of(concurrent=2)
    for taken in (1, 2):
        with pytest.raises(StopIteration):
            bulkhead.acquire().send(None)
        assert state(bulkhead) == (taken, 0)


@pytest.mark.parametrize("queued", [0, 3])
async def test_a_full_queue_rejects_at_once(queued: int) -> None:
    """Property 17."""
    bulkhead = bulkhead_of(queued=queued)
    await bulkhead.acquire()
    waiting = [begin(bulkhead.acquire()) for _ in range(queued)]
    await settle()
    with pytest.raises(BulkheadFull) as raised:
        bulkhead.acquire().send(None)
    assert raised.value.reason == "bulkhead_full"
    assert str(raised.value) == "the bulkhead of service is full"
    assert bulkhead.snapshot().rejected == 1
    for _ in waiting:
        bulkhead.release()
    await asyncio.gather(*waiting)


async def test_a_late_caller_does_not_overtake_one_that_has_just_got_its_slot() -> None:
    """Property 17, in the very tick in which the slot changes hands."""
    bulkhead = bulkhead_of()
    await bulkhead.acquire()
    order: list[str] = []

    async def caller(name: str) -> None:
        await bulkhead.acquire()
        order.append(name)

    tasks = [begin(caller("first")), begin(caller("second"))]
    await settle()
    bulkhead.release()
    tasks.append(begin(caller("late")))
    await settle()
    assert order == ["first"]
    for _ in range(2):
        bulkhead.release()
        await settle()
    assert order == ["first", "second", "late"]


async def test_a_late_caller_waits_for_the_one_that_wakes_even_if_a_slot_is_free() -> None:
    """Property 17."""
    bulkhead = bulkhead_of(concurrent=2)
    order: list[str] = []

    async def caller(name: str) -> None:
        await bulkhead.acquire()
        order.append(name)

    await bulkhead.acquire()
    await bulkhead.acquire()
    waiting = begin(caller("waiting"))
    await settle()
    late, cancelled = begin(caller("late")), begin(caller("cancelled"))
    bulkhead.release()
    bulkhead.release()
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(waiting, late)
    assert order == ["waiting", "late"]
    assert state(bulkhead) == (2, 0)


@pytest.mark.parametrize(("own_s", "callers_s"), [(1.0, 9.0), (9.0, 1.0), (math.inf, 1.0)])
async def test_the_wait_ends_with_the_shorter_of_the_two_limits(
    time: FakeClock, own_s: float, callers_s: float
) -> None:
    bulkhead = bulkhead_of(wait_s=own_s)
    await bulkhead.acquire()
    began_s = time()
    assert await outcome(bulkhead.acquire(Deadline.after(callers_s, time))) is BulkheadFull
    assert time() - began_s == 1
    assert state(bulkhead) == (1, 0)


async def test_a_caller_that_waited_in_vain_leaves_its_place_in_the_queue() -> None:
    bulkhead = bulkhead_of(queued=1)
    await bulkhead.acquire()
    for _ in range(3):
        task = begin(bulkhead.acquire())
        await settle()
        assert state(bulkhead) == (1, 1)
        assert await outcome(task) is BulkheadFull
    assert state(bulkhead) == (1, 0)


async def test_a_cancelled_caller_leaves_its_place_in_the_queue() -> None:
    """Property 1."""
    bulkhead = bulkhead_of(queued=2)
    await bulkhead.acquire()
    for _ in range(3):
        tasks = [begin(bulkhead.acquire()) for _ in range(2)]
        await settle()
        assert state(bulkhead) == (1, 2)
        for task in tasks:
            task.cancel()
        assert [await outcome(task) for task in tasks] == [asyncio.CancelledError] * 2
        assert state(bulkhead) == (1, 0)


async def test_a_caller_that_is_cancelled_as_its_wait_ends_gives_back_no_slot(time: FakeClock) -> None:
    """Property 1: it never had one."""
    bulkhead = bulkhead_of()
    await bulkhead.acquire()
    task = begin(bulkhead.acquire())
    await settle()
    time.pass_by(1)
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert state(bulkhead) == (1, 0)


@pytest.mark.parametrize("ticks", range(6))
@pytest.mark.parametrize("cancel_first", [True, False])
async def test_a_cancelled_caller_passes_its_slot_on(ticks: int, cancel_first: bool) -> None:
    """Property 1: the tick in which the slot changes hands, from both sides, and a few ticks after it."""
    bulkhead = bulkhead_of()
    await bulkhead.acquire()
    first, second = begin(bulkhead.acquire()), begin(bulkhead.acquire())
    await settle()
    if cancel_first:
        first.cancel()
    else:
        bulkhead.release()
    for _ in range(ticks):
        await asyncio.sleep(0)
    if cancel_first or first.done():
        bulkhead.release()
    else:
        first.cancel()
    await settle()
    assert second.done()
    assert state(bulkhead) == (1, 0)


STEPS = st.lists(
    st.one_of(
        st.just(("come", 0)),
        st.tuples(st.sampled_from(["leave", "cancel"]), st.integers(0, 50)),
        st.tuples(st.just("tick"), st.just(0)),
        st.tuples(st.just("pass"), st.integers(1, 80)),
    ),
    max_size=80,
)


@given(STEPS, st.integers(1, 3), st.integers(0, 4))
def test_after_any_storm_of_arrivals_cancellations_and_timeouts_every_slot_is_free(
    steps: list[tuple[str, int]], concurrent: int, queued: int
) -> None:
    """Properties 1 and 17: never too many inside, in the order of arrival, and in the end all slots are free."""

    async def scenario() -> None:
        time = clock_of_the_loop()
        bulkhead = bulkhead_of(concurrent, queued)
        inside: list[int] = []
        entered: list[int] = []
        leave: dict[int, asyncio.Event] = {}

        async def caller(number: int) -> None:
            await bulkhead.acquire()
            try:
                inside.append(number)
                entered.append(number)
                await leave[number].wait()
            finally:
                inside.remove(number)
                bulkhead.release()

        tasks: list[asyncio.Task[None]] = []
        for step, number in steps:
            if step == "come":
                leave[len(tasks)] = asyncio.Event()
                tasks.append(begin(caller(len(tasks))))
            elif step == "tick":
                await asyncio.sleep(0)
            elif step == "pass":
                time.pass_by(number / 64)
            elif tasks and step == "leave":
                leave[number % len(tasks)].set()
            elif tasks:
                tasks[number % len(tasks)].cancel()
            assert len(inside) <= state(bulkhead)[0] <= concurrent
            assert state(bulkhead)[1] <= queued
        assert entered == sorted(entered), "a caller overtook another one"
        for event in leave.values():
            event.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert state(bulkhead) == (0, 0)
        for _ in range(concurrent):
            with pytest.raises(StopIteration):
                bulkhead.acquire().send(None)

    run(scenario)
