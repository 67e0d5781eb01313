"""Bulkhead: one service gets so many slots and no more, so that a slow one cannot take the whole ship.

In asyncio that bounds concurrency and fails fast; it does not rescue a blocked event loop.

What holds at all times: a slot is free only while nobody waits, or has been given one and not yet woken, so that nobody
overtakes; a slot given back goes to the one who has waited longest; who was given a slot and is cancelled before
noticing hands it on.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from resilience.errors import BulkheadFull
from resilience.options import BulkheadOptions
from resilience.time_limit import CallLater


@dataclass(frozen=True, slots=True)
class BulkheadSnapshot:
    in_use: int
    queued: int
    max_concurrent: int
    max_queued: int
    rejected: int


class Bulkhead:
    """Slots and a queue in front of them.

    A caller may take a slot without `acquire` by lowering `free`, if that is not 0, and give it back without `release`
    by raising it, if `queue` is empty and `handed`, the number of those who have a slot and have not woken yet, is 0.
    """

    __slots__ = ("_call_later", "_options", "_spare", "free", "handed", "max_queued", "name", "queue", "rejected")

    def __init__(self, name: str, options: BulkheadOptions | None = None, call_later: CallLater | None = None) -> None:
        self.name = name
        self._options = options or BulkheadOptions()
        self._call_later = call_later
        self.free = self._options.max_concurrent
        self.max_queued = self._options.max_queued
        self.queue: OrderedDict[asyncio.Future[bool], None] = OrderedDict()
        self.rejected = 0
        self.handed = 0
        # Slots given back while somebody was waking: for whoever comes meanwhile, in their turn.
        self._spare = 0

    async def acquire(self, longest_wait_s: float = math.inf) -> None:
        """Take a slot, waiting for one no longer than the options and the caller allow. Raises BulkheadFull.

        It does not yield to others when a slot is free or the queue is full.
        """
        if self.free:
            self.free -= 1
            return
        if self._spare:
            await self._behind_the_others()
            return
        wait_s = min(self._options.max_wait_s, longest_wait_s)
        if len(self.queue) >= self.max_queued or wait_s <= 0 or not await self._wait(wait_s):
            raise self.rejection()

    def rejection(self) -> BulkheadFull:
        """What to raise for a call that gets neither a slot nor a place in the queue. Counts it."""
        self.rejected += 1
        return BulkheadFull(self.name)

    def release(self) -> None:
        """Give a slot back: to the one who has waited longest, if anyone waits."""
        while self.queue:
            waiting, _ = self.queue.popitem(last=False)
            # One who was cancelled in this tick is still in the queue.
            if not waiting.done():
                self.handed += 1
                waiting.set_result(True)
                return
        if self.handed:
            self._spare += 1
        else:
            self.free += 1

    async def __aenter__(self) -> None:
        """`async with bulkhead:` holds a slot for a block; a pipeline does the same with everything else around it."""
        if self.free:
            self.free -= 1
        else:
            await self.acquire()

    async def __aexit__(self, *_: object) -> None:
        self.release()

    async def _wait(self, wait_s: float) -> bool:
        loop = asyncio.get_running_loop()
        granted: asyncio.Future[bool] = loop.create_future()
        self.queue[granted] = None
        timer = None
        if wait_s < math.inf:
            start: CallLater = self._call_later or loop.call_later
            timer = start(wait_s, self._expire(granted))
        try:
            got_one = await granted
        except BaseException:
            if granted.done() and not granted.cancelled() and granted.result():
                self._woken()
                self.release()
            else:
                self.queue.pop(granted, None)
            raise
        finally:
            if timer is not None:
                timer.cancel()
        if got_one:
            self._woken()
        return got_one

    async def _behind_the_others(self) -> None:
        """Let those who were given a slot before run first; the slot is this caller's already."""
        self._spare -= 1
        self.handed += 1
        try:
            await asyncio.sleep(0)
        except BaseException:
            self._woken()
            self.release()
            raise
        self._woken()

    def _woken(self) -> None:
        self.handed -= 1
        if not self.handed:
            self.free += self._spare
            self._spare = 0

    def _expire(self, granted: "asyncio.Future[bool]") -> Callable[[], None]:
        def expire() -> None:
            if not granted.done():
                del self.queue[granted]
                granted.set_result(False)

        return expire

    def snapshot(self) -> BulkheadSnapshot:
        return BulkheadSnapshot(
            in_use=self._options.max_concurrent - self.free - self._spare,
            queued=sum(not waiting.done() for waiting in self.queue),
            max_concurrent=self._options.max_concurrent,
            max_queued=self.max_queued,
            rejected=self.rejected,
        )
