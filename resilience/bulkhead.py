"""Bulkhead: each service gets a fixed number of slots, so that calls to one slow service cannot use up all resources.

If all slots are in use, a call waits in a queue (first in, first out). If the queue is full or the wait is too long,
the bulkhead rejects the call. It limits concurrency. It does not help if code blocks the event loop.
"""

import asyncio
import math
from dataclasses import dataclass

from resilience.deadline import NO_DEADLINE, Deadline
from resilience.errors import BulkheadFull
from resilience.options import BulkheadOptions


@dataclass(frozen=True, slots=True)
class BulkheadSnapshot:
    in_use: int
    queued: int
    max_concurrent: int
    max_queued: int
    rejected: int


class Bulkhead:
    """A semaphore whose queue is bounded in length and in time.

    `asyncio.Semaphore` is fair. If a caller is cancelled when it gets a slot, the next caller gets the slot.
    """

    def __init__(self, name: str, options: BulkheadOptions | None = None) -> None:
        self.name = name
        self._options = options or BulkheadOptions()
        self._slots = asyncio.Semaphore(self._options.max_concurrent)
        # Callers that hold a slot or wait for one.
        self._callers = 0
        self._rejected = 0

    async def acquire(self, deadline: Deadline = NO_DEADLINE) -> None:
        """Take a slot; give it back with `release`. Raises BulkheadFull.

        It does not yield to other tasks if a slot is free or the queue is full.
        """
        options = self._options
        if self._callers >= options.max_concurrent + options.max_queued:
            raise self._full()
        self._callers += 1
        try:
            if self._callers <= options.max_concurrent:
                await self._slots.acquire()
            else:
                await self._wait(min(options.max_wait_s, deadline.remaining_s()))
        except BaseException:
            self._callers -= 1
            raise

    def release(self) -> None:
        """Give a slot back. The caller that has waited the longest gets it."""
        self._callers -= 1
        self._slots.release()

    async def _wait(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s if wait_s < math.inf else None):
                await self._slots.acquire()
        except TimeoutError:
            raise self._full() from None

    def _full(self) -> BulkheadFull:
        self._rejected += 1
        return BulkheadFull(self.name)

    def snapshot(self) -> BulkheadSnapshot:
        in_use = min(self._callers, self._options.max_concurrent)
        return BulkheadSnapshot(
            in_use=in_use,
            queued=self._callers - in_use,
            max_concurrent=self._options.max_concurrent,
            max_queued=self._options.max_queued,
            rejected=self._rejected,
        )
