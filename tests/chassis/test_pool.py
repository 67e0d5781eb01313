"""The pool with connections of air: who gets one, who waits, and that no slot is lost."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.pool import Pool, PoolTimeout


class Connection:
    def __init__(self) -> None:
        self.closed = False

    def is_closed(self) -> bool:
        return self.closed

    def terminate(self) -> None:
        self.closed = True


class Server:
    """Makes connections and counts the open ones."""

    def __init__(self) -> None:
        self.made: list[Connection] = []
        self.refuses = False

    async def connect(self) -> Connection:
        await asyncio.sleep(0)
        if self.refuses:
            raise ConnectionRefusedError
        self.made.append(Connection())
        return self.made[-1]

    @property
    def open(self) -> int:
        return sum(not connection.closed for connection in self.made)


async def test_a_connection_is_used_again_and_the_latest_first() -> None:
    server = Server()
    pool = Pool(server.connect, 2, 1)
    first, second = await pool.take(), await pool.take()
    pool.give(first)
    pool.give(second)
    assert await pool.take() is second
    assert len(server.made) == 2


async def test_a_closed_or_discarded_connection_is_replaced() -> None:
    server = Server()
    pool = Pool(server.connect, 1, 1)
    closed = await pool.take()
    closed.closed = True
    pool.give(closed)
    discarded = await pool.take()
    pool.discard(discarded)
    assert discarded.closed
    assert await pool.take() not in {closed, discarded}


async def test_a_failure_to_connect_gives_the_slot_back() -> None:
    server = Server()
    pool = Pool(server.connect, 1, 1)
    server.refuses = True
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await pool.take()
    assert pool.free == 1


async def test_who_cannot_be_connected_takes_what_has_come_back_meanwhile() -> None:
    server = Server()
    pool = Pool(server.connect, 2, 1)
    first = await pool.take()
    server.refuses = True
    second = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    pool.give(first)
    assert await second is first
    assert pool.free == 1


async def test_open_are_those_in_use_and_the_idle_ones_but_not_those_on_their_way() -> None:
    server = Server()
    pool = Pool(server.connect, 3, 1)
    used, idle = await pool.take(), await pool.take()
    pool.give(idle)
    assert pool.open == 2
    assert await pool.take() is idle
    third = asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    assert (pool.free, pool.open) == (0, 2)
    pool.discard(await third)
    pool.give(used)
    pool.seize()
    assert pool.open == 2
    pool.drop_idle()
    assert pool.open == 1


async def test_nobody_waits_for_ever() -> None:
    pool = Pool(Server().connect, 1, 0.01)
    held = await pool.take()
    with pytest.raises(PoolTimeout):
        await pool.take()
    pool.give(held)
    assert pool.free == 1
    assert await pool.take() is held


async def test_whoever_waits_longest_is_served_first() -> None:
    pool = Pool(Server().connect, 1, 60)
    held = await pool.take()
    order: list[int] = []

    async def wait(number: int) -> None:
        connection = await pool.take()
        order.append(number)
        pool.give(connection)

    async with asyncio.TaskGroup() as tasks:
        for number in range(5):
            tasks.create_task(wait(number))
        await asyncio.sleep(0)
        pool.give(held)
    assert order == [0, 1, 2, 3, 4]


async def test_a_slot_granted_in_the_moment_of_a_cancellation_goes_to_the_next() -> None:
    pool = Pool(Server().connect, 1, 60)
    held = await pool.take()
    first, second = asyncio.create_task(pool.take()), asyncio.create_task(pool.take())
    await asyncio.sleep(0)
    pool.give(held)
    first.cancel()
    assert await second is held
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_everyone_who_waits_can_be_turned_away() -> None:
    pool = Pool(Server().connect, 1, 60)
    held = await pool.take()
    waiting = [asyncio.create_task(pool.take()) for _ in range(3)]
    await asyncio.sleep(0)
    pool.turn_away(LookupError)
    assert [type(error) for error in await asyncio.gather(*waiting, return_exceptions=True)] == [LookupError] * 3
    pool.give(held)
    assert pool.free == 1


async def test_those_who_have_waited_in_vain_are_forgotten_although_no_slot_comes_back() -> None:
    pool = Pool(Server().connect, 1, 0)
    pool.seize()
    for _ in range(3):
        with pytest.raises(PoolTimeout):
            await pool.take()
    assert not pool._waiters


async def test_closing_leaves_nothing_open() -> None:
    server = Server()
    pool = Pool(server.connect, 2, 1)
    held, idle = await pool.take(), await pool.take()
    pool.give(idle)
    pool.close()
    pool.give(held)
    assert server.open == 0


async def test_two_thousand_random_calls_lose_no_slot_and_never_exceed_the_size() -> None:
    chance = random.Random(7)
    server = Server()
    pool = Pool(server.connect, 4, 0.001)
    most = 0

    async def call() -> None:
        nonlocal most
        connection = await pool.take()
        most = max(most, server.open)
        try:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            pool.discard(connection)
            raise
        pool.give(connection)

    for _ in range(100):
        calls = [asyncio.create_task(call()) for _ in range(20)]
        server.refuses = chance.random() < 0.2
        for _ in range(chance.randrange(8)):
            await asyncio.sleep(0)
        for each in chance.sample(calls, 12):
            each.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert pool.free == 4
    assert 1 < most <= 4


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def loop(self) -> asyncio.AbstractEventLoop:
        """An event loop that lives by this clock; it must never be idle."""
        loop = asyncio.SelectorEventLoop()
        loop.time = lambda: self.now_s  # type: ignore[method-assign]  # what a loop's timers go by
        return loop


STEPS = ["take", "give", "cancel", "wait", "seize", "release"]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9), st.booleans()), max_size=60))
def test_whatever_happens_no_slot_is_lost_and_nobody_overtakes(steps: list[tuple[str, int, bool]]) -> None:
    clock = Clock()

    async def scenario() -> None:
        pool = Pool(Server().connect, 2, 1.0)
        held: list[Connection] = []
        waiting: list[asyncio.Task[Connection]] = []

        async def settle() -> None:
            for _ in range(6):
                await asyncio.sleep(0)
            done = [task.done() for task in waiting]
            for number, task in enumerate(waiting):
                if task.done() and not task.cancelled() and task.exception() is None:
                    assert all(done[:number])
                    held.append(task.result())
            waiting[:] = [task for task in waiting if not task.done()]
            assert pool.free + pool._seized + len(held) == pool.size
            assert not (pool.free and waiting)
            assert not (pool._waiters and pool._waiters[0].done())

        for step, number, at_once in steps:
            if step == "take":
                waiting.append(asyncio.create_task(pool.take()))
            elif step == "give" and held:
                pool.give(held.pop(number % len(held)))
            elif step == "cancel" and waiting:
                waiting[number % len(waiting)].cancel()
            elif step == "wait":
                clock.now_s += 0.25
            elif step == "seize":
                pool.seize()
            elif step == "release":
                pool.release()
            if not at_once:
                await settle()
        await settle()
        clock.now_s += 1.0
        await settle()
        assert not pool._waiters

    with asyncio.Runner(loop_factory=clock.loop) as runner:
        runner.run(scenario())
