"""Single flight: if several callers need the same answer at the same time, one makes the call and all get its result.

Two results are not shared: a cancellation and an exceeded deadline. They concern one caller only, so another caller
makes the call again.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from resilience.cancellation import is_cancelled
from resilience.deadline import NO_DEADLINE, current_deadline
from resilience.errors import DeadlineExceeded

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """At most one call at a time for each key."""

    def __init__(self) -> None:
        self.followed = 0
        self._flights: dict[Hashable, asyncio.Future[T]] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether a call for `key` is under way."""
        return key in self._flights

    async def call(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Make the call, or wait for the one that is under way, until the deadline of this caller."""
        while (flight := self._flights.get(key)) is not None:
            self.followed += 1
            remaining_s = (current_deadline.get() or NO_DEADLINE).remaining_s()
            # `asyncio.wait` does not cancel the flight when this task is cancelled. `await flight` would.
            done, _ = await asyncio.wait({flight}, timeout=remaining_s if remaining_s < math.inf else None)
            if not done:
                raise DeadlineExceeded
            if not flight.cancelled():
                return flight.result()
        return await self._lead(key, fetch)

    async def _lead(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        flight: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        try:
            answer = await fetch()
            flight.set_result(answer)
            return answer
        except Exception as error:
            if not isinstance(error, DeadlineExceeded) and not is_cancelled():
                flight.set_exception(error)
            raise
        finally:
            del self._flights[key]
            # Without a result, this wakes the followers, and one of them makes the call. Otherwise it does nothing.
            flight.cancel()
