"""A small pool of connections: a bounded number, a bounded wait, and no slot that is ever lost.

asyncpg has a pool too, but it starts two tasks per query, lets a hung connection delay the answer, and knows no way to
turn everybody away at once when the database is gone.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What the pool needs to know about a connection."""

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...


C = TypeVar("C", bound=Closable)


class PoolTimeout(Exception):
    """Every connection was in use for the whole wait."""


class Pool(Generic[C]):
    """Whoever takes a connection gives it back (`give`) or says that it is not fit for use (`discard`), exactly once.

    Waiters are served in order. `free` counts the slots that nobody holds; while anyone waits it is zero. `watch`, if
    there is one, is shown each new connection before its first use.
    """

    def __init__(self, connect: Callable[[], Awaitable[C]], size: int, wait_s: float) -> None:
        self.free = size
        self.size = size
        self.watch: Callable[[C], None] | None = None
        self._connect = connect
        self._wait_s = wait_s
        self._idle: list[C] = []
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._closed = False
        self._seizing = False
        self._seized = 0
        self._connecting = 0

    @property
    def open(self) -> int:
        """Connections that somebody uses, or that wait to be used."""
        return self.size - self.free - self._seized - self._connecting + len(self._idle)

    async def take(self) -> C:
        """An open connection, newly made if none is idle; raises PoolTimeout, or whatever `connect` raises.

        It does not raise what `connect` raised if a connection has become idle by then.
        """
        if self.free:
            self.free -= 1
        else:
            await self._wait_for_slot()
        idle = self._pop_idle()
        if idle is not None:
            return idle
        self._connecting += 1
        try:
            connection = await self._connect()
        except BaseException as error:
            # Meanwhile one may have come back.
            idle = self._pop_idle() if isinstance(error, Exception) else None
            if idle is None:
                self._free_slot()
                raise
            return idle
        finally:
            self._connecting -= 1
        if self.watch is not None:
            self.watch(connection)
        return connection

    def give(self, connection: C) -> None:
        """Take back a connection that is ready for the next statement."""
        if self._closed:
            connection.terminate()
        else:
            self._idle.append(connection)
        self._free_slot()

    def discard(self, connection: C) -> None:
        """Take back the slot only."""
        connection.terminate()
        self._free_slot()

    def add(self, connection: C) -> None:
        """Put in a connection that was made elsewhere."""
        self._idle.append(connection)

    def drop_idle(self) -> None:
        """Close the idle connections: the next ones are new."""
        while self._idle:
            self._idle.pop().terminate()

    def turn_away(self, error: Callable[[], Exception]) -> None:
        """Fail everyone who waits for a slot."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_exception(error())

    def seize(self) -> None:
        """Take every slot, those in use as soon as they are free: until `release`, nobody else gets one."""
        self._seizing = True
        self._seized += self.free
        self.free = 0

    def release(self) -> None:
        """Give back what was seized."""
        seized, self._seized, self._seizing = self._seized, 0, False
        for _ in range(seized):
            self._free_slot()

    def close(self) -> None:
        """Close what is idle; what is in use is closed when it comes back."""
        self._closed = True
        self.drop_idle()

    def _pop_idle(self) -> C | None:
        """The one used last: it is the likeliest to be alive, and its statements are still prepared."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            connection.terminate()
        return None

    async def _wait_for_slot(self) -> None:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        self._waiters.append(waiter)
        timer = loop.call_later(self._wait_s, _expire, waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._free_slot()  # the slot came in the moment of the cancellation
            raise
        finally:
            timer.cancel()
            # While no slot comes back, nobody else removes those who wait no longer.
            while self._waiters and self._waiters[0].done():
                self._waiters.popleft()

    def _free_slot(self) -> None:
        if self._seizing:
            self._seized += 1
            return
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self.free += 1


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(PoolTimeout())
