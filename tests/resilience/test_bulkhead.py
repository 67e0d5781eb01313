"""The bulkhead alone: who gets a slot, in which order, and that none is ever lost."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resilience.bulkhead import Bulkhead
from resilience.errors import BulkheadFull
from resilience.options import BulkheadOptions
from tests.resilience.conftest import FakeTime
from tests.resilience.service import begin, outcome, run, settle


def bulkhead_in(time: FakeTime, concurrent: int = 1, queued: int = 3, wait_s: float = 1.0) -> Bulkhead:
    options = BulkheadOptions(max_concurrent=concurrent, max_queued=queued, max_wait_s=wait_s)
    return Bulkhead("service", options, time.call_later)


def state(bulkhead: Bulkhead) -> tuple[int, int]:
    now = bulkhead.snapshot()
    return now.in_use, now.queued


async def test_a_free_slot_is_taken_without_a_pause(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time, concurrent=2)
    for taken in (1, 2):
        acquire = bulkhead.acquire()
        with pytest.raises(StopIteration):
            acquire.send(None)
        assert state(bulkhead) == (taken, 0)


async def test_a_full_queue_rejects_at_once(time: FakeTime) -> None:
    """Property 17."""
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    waiting = [begin(bulkhead.acquire()) for _ in range(3)]
    await settle()
    acquire = bulkhead.acquire()
    with pytest.raises(BulkheadFull) as raised:
        acquire.send(None)
    assert raised.value.reason == "bulkhead_full"
    assert str(raised.value) == "the bulkhead of service is full"
    assert bulkhead.snapshot().rejected == 1
    for _ in waiting:
        bulkhead.release()
    await asyncio.gather(*waiting)


async def test_without_a_queue_a_full_bulkhead_rejects_at_once(time: FakeTime) -> None:
    for bulkhead in (bulkhead_in(time, queued=0), bulkhead_in(time, wait_s=0)):
        await bulkhead.acquire()
        with pytest.raises(BulkheadFull):
            bulkhead.acquire().send(None)


async def test_nobody_overtakes_even_in_the_tick_of_the_hand_off(time: FakeTime) -> None:
    """Property 17."""
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    order: list[str] = []

    async def caller(name: str) -> None:
        await bulkhead.acquire()
        order.append(name)

    tasks = [begin(caller("first")), begin(caller("second"))]
    await settle()
    bulkhead.release()
    # The first has been given the slot and has not run yet: who comes now finds none free.
    tasks.append(begin(caller("late")))
    assert bulkhead.free == 0
    await settle()
    assert order == ["first"]
    for _ in range(2):
        bulkhead.release()
        await settle()
    assert order == ["first", "second", "late"]


async def test_who_comes_while_somebody_wakes_enters_after_them_though_a_slot_is_there(time: FakeTime) -> None:
    """Property 17."""
    bulkhead = bulkhead_in(time, concurrent=2)
    order: list[str] = []

    async def caller(name: str) -> None:
        await bulkhead.acquire()
        order.append(name)

    await bulkhead.acquire()
    await bulkhead.acquire()
    task = begin(caller("waited"))
    await settle()
    late = begin(caller("late"))
    cancelled = begin(caller("cancelled"))
    bulkhead.release()
    bulkhead.release()
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(task, late)
    assert order == ["waited", "late"]
    assert state(bulkhead) == (2, 0)
    for _ in range(2):
        bulkhead.release()
    assert (bulkhead.free, bulkhead.handed) == (2, 0)


async def test_slots_given_back_while_somebody_wakes_are_free_once_everybody_has(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time, concurrent=3)
    for _ in range(3):
        await bulkhead.acquire()
    task = begin(bulkhead.acquire())
    await settle()
    for _ in range(3):
        bulkhead.release()
    assert (bulkhead.free, bulkhead.snapshot().in_use) == (0, 1)
    await task
    assert (bulkhead.free, bulkhead.snapshot().in_use) == (2, 1)


@pytest.mark.parametrize(("own_s", "callers_s", "granted_s"), [(1.0, 9.0, 1.0), (9.0, 1.0, 1.0)])
async def test_the_wait_ends_with_the_shorter_of_the_two_limits(
    time: FakeTime, own_s: float, callers_s: float, granted_s: float
) -> None:
    bulkhead = bulkhead_in(time, wait_s=own_s)
    await bulkhead.acquire()
    task = begin(bulkhead.acquire(callers_s))
    await settle()
    time.pass_by(granted_s - 0.5)
    await settle()
    assert not task.done()
    time.pass_by(0.5)
    assert await outcome(task) is BulkheadFull
    assert state(bulkhead) == (1, 0)
    bulkhead.release()
    assert bulkhead.free == 1


async def test_whoever_waited_in_vain_leaves_its_place_in_the_queue(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time, queued=1)
    await bulkhead.acquire()
    for _ in range(3):
        task = begin(bulkhead.acquire())
        await settle()
        assert state(bulkhead) == (1, 1)
        time.pass_by(1)
        assert await outcome(task) is BulkheadFull
        assert not bulkhead.queue


async def test_whoever_is_cancelled_leaves_its_place_in_the_queue(time: FakeTime) -> None:
    """Property 1."""
    bulkhead = bulkhead_in(time, queued=2)
    await bulkhead.acquire()
    for _ in range(3):
        tasks = [begin(bulkhead.acquire()) for _ in range(2)]
        await settle()
        assert state(bulkhead) == (1, 2)
        for task in tasks:
            task.cancel()
        assert [await outcome(task) for task in tasks] == [asyncio.CancelledError] * 2
        assert state(bulkhead) == (1, 0)
        assert not bulkhead.queue


async def test_whoever_is_cancelled_as_its_wait_ends_gives_back_no_slot(time: FakeTime) -> None:
    """Property 1: it never had one."""
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    task = begin(bulkhead.acquire())
    await settle()
    time.pass_by(1)
    task.cancel()
    assert await outcome(task) is asyncio.CancelledError
    assert state(bulkhead) == (1, 0)
    assert bulkhead.free == 0


@pytest.mark.parametrize("second", [False, True])
async def test_whoever_is_cancelled_while_it_wakes_is_told_so(time: FakeTime, second: bool) -> None:
    """Property 1: the one who was handed the slot, and the one who came after it."""
    bulkhead = bulkhead_in(time, concurrent=2)
    await bulkhead.acquire()
    await bulkhead.acquire()
    tasks = [begin(bulkhead.acquire())]
    await settle()
    tasks.append(begin(bulkhead.acquire()))
    bulkhead.release()
    bulkhead.release()
    assert bulkhead.snapshot().in_use == 1
    await asyncio.sleep(0)
    tasks[second].cancel()
    results = [await outcome(task) for task in tasks]
    assert results.count(None) == 2 - (asyncio.CancelledError in results)
    assert bulkhead.snapshot().in_use == results.count(None)
    for _ in range(results.count(None)):
        bulkhead.release()
    assert (bulkhead.free, bulkhead.handed) == (2, 0)


async def test_a_waiting_call_that_is_thrown_away_leaves_its_place_in_the_queue(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    waiting = bulkhead.acquire()
    waiting.send(None)
    assert state(bulkhead) == (1, 1)
    waiting.close()
    assert state(bulkhead) == (1, 0)
    assert time.pending == 0


async def test_a_wait_without_limit_needs_no_timer(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time, wait_s=math.inf)
    await bulkhead.acquire()
    task = begin(bulkhead.acquire())
    await settle()
    assert time.pending == 0
    bulkhead.release()
    assert await outcome(task) is None


async def test_whoever_gets_a_slot_leaves_no_timer_behind(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    task = begin(bulkhead.acquire())
    await settle()
    assert time.pending == 1
    bulkhead.release()
    await task
    assert time.pending == 0


async def test_a_slot_given_in_the_moment_the_wait_ends_is_kept_or_refused_but_not_lost(time: FakeTime) -> None:
    for grant_first in (True, False):
        bulkhead = bulkhead_in(time)
        await bulkhead.acquire()
        task = begin(bulkhead.acquire())
        await settle()
        if grant_first:
            bulkhead.release()
            time.pass_by(1)
            assert await outcome(task) is None
            bulkhead.release()
        else:
            time.pass_by(1)
            bulkhead.release()
            assert await outcome(task) is BulkheadFull
        assert state(bulkhead) == (0, 0)


@pytest.mark.parametrize("ticks", range(6))
@pytest.mark.parametrize("cancel_first", [True, False])
async def test_a_cancelled_grantee_hands_its_slot_on(time: FakeTime, ticks: int, cancel_first: bool) -> None:
    """Property 1: the hand-off tick, from both sides, and a few ticks around it."""
    bulkhead = bulkhead_in(time)
    await bulkhead.acquire()
    first, second = begin(bulkhead.acquire()), begin(bulkhead.acquire())
    await settle()
    if cancel_first:
        first.cancel()
    else:
        bulkhead.release()
    for _ in range(ticks):
        await asyncio.sleep(0)
    if cancel_first:
        bulkhead.release()
    elif not first.done():
        first.cancel()
    else:
        bulkhead.release()
    await settle()
    assert second.done()
    assert state(bulkhead) == (1, 0)
    assert time.pending == 0
    bulkhead.release()
    assert (bulkhead.free, bulkhead.handed) == (1, 0)


async def test_a_block_gives_its_slot_back_whatever_happens(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time)

    async def fails_inside() -> None:
        async with bulkhead:
            assert state(bulkhead) == (1, 0)
            raise LookupError

    for _ in range(2):
        assert await outcome(fails_inside()) is LookupError
        assert state(bulkhead) == (0, 0)


async def test_blocks_wait_for_each_other_in_turn(time: FakeTime) -> None:
    bulkhead = bulkhead_in(time)
    order: list[int] = []

    async def block(number: int) -> None:
        async with bulkhead:
            order.append(number)
            await settle()
            order.append(number)

    await asyncio.gather(*map(block, range(4)))
    assert order == [0, 0, 1, 1, 2, 2, 3, 3]
    assert state(bulkhead) == (0, 0)


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
def test_any_storm_of_arrivals_cancellations_and_expiries_leaves_every_slot(
    steps: list[tuple[str, int]], concurrent: int, queued: int
) -> None:
    """Properties 1 and 17: never too many, in the order of their coming, and in the end all slots are there."""

    async def scenario() -> None:
        time = FakeTime()
        bulkhead = bulkhead_in(time, concurrent, queued)
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
            assert len(inside) <= concurrent
            assert len(inside) <= concurrent - bulkhead.free
            assert bulkhead.snapshot().queued <= queued
            assert bulkhead.free == 0 or bulkhead.snapshot().queued == 0
        assert entered == sorted(entered), "somebody overtook"
        assert bulkhead.handed >= 0
        for event in leave.values():
            event.set()
        await settle()
        time.pass_by(2)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert bulkhead.free == concurrent
        assert not bulkhead.queue
        assert time.pending == 0

    run(scenario)
