"""Fallback: an answer that was right a moment ago stands in for the one that cannot be had, and says so.

For reads only. Many who ask for the same at once make one call: if whoever makes it is cancelled or out of time, the
next of them makes it; how it ends otherwise is how it ends for all.
"""

import asyncio
import copy
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from time import monotonic
from typing import Generic, TypeVar

from resilience.deadline import current_deadline
from resilience.errors import DeadlineExceeded, Rejection
from resilience.events import Announcer, StaleServed
from resilience.stale_cache import Remembered, StaleCache
from resilience.time_limit import CallLater, TimeLimit

T = TypeVar("T")

log = logging.getLogger("resilience")


class Keep(Enum):
    """What an answer means for what is remembered: a 404 has to FORGET, a 429 to LEAVE it."""

    STORE = "store"
    LEAVE = "leave"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Served(Generic[T]):
    """An answer: just given (age 0), remembered and still fresh, or stale; `reason` is why a stale one stands in."""

    answer: T
    age_s: float = 0.0
    remembered: bool = False
    stale: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FallbackSnapshot:
    """Entries and bytes now; the rest since the start. `followed` counts those who shared another one's call."""

    entries: int
    size_bytes: int
    fresh_served: int
    stale_served: int
    followed: int


@dataclass(frozen=True, slots=True)
class _Landed(Generic[T]):
    """How a call that others wait for ended; without an error it is an answer."""

    answer: T | None
    error: Exception | None


def store_all(answer: object) -> Keep:
    return Keep.STORE


def any_failure(error: Exception) -> bool:
    return True


class Fallback(Generic[T]):
    """Around one service's reads. `keep` judges answers; `covers` says for which errors a stale one may stand in."""

    def __init__(
        self,
        name: str,
        cache: StaleCache[T],
        *,
        keep: Callable[[T], Keep] = store_all,
        covers: Callable[[Exception], bool] = any_failure,
        clock: Callable[[], float] = monotonic,
        call_later: CallLater | None = None,
        announcer: Announcer | None = None,
    ) -> None:
        self._name = name
        self._cache = cache
        self._keep = keep
        self._covers = covers
        self._clock = clock
        self._call_later = call_later
        self._announcer = announcer or Announcer()
        self._flights: dict[Hashable, asyncio.Future[_Landed[T] | None]] = {}
        self._fresh_served = 0
        self._stale_served = 0
        self._followed = 0

    async def call(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """The answer to `key`: a fresh one, or else what `fetch` gives, or else a stale one, or else fetch's error."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        if known is not None and now_s - known.at_s < self._cache.options.fresh_s:
            self._fresh_served += 1
            return Served(known.answer, now_s - known.at_s, remembered=True)
        try:
            return Served(await self._shared(key, fetch))
        except Exception as error:
            if not self._covers(error):
                raise
            now_s = self._clock()
            known = self._cache.get(key, now_s)
            if known is None:
                raise
            return self._stand_in(known, now_s, getattr(error, "reason", type(error).__name__))

    def stale(self, key: Hashable, reason: str) -> Served[T] | None:
        """What stands in for `key` without a call; None where nothing is remembered, or it still counts as fresh."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        if known is None or now_s - known.at_s < self._cache.options.fresh_s:
            return None
        return self._stand_in(known, now_s, reason)

    def has_stale(self, key: Hashable) -> bool:
        """Whether `stale` has an answer to `key`."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        return known is not None and now_s - known.at_s >= self._cache.options.fresh_s

    async def refresh(self, key: Hashable, fetch: Callable[[], Awaitable[T]], longest_s: float | None = None) -> None:
        """Make the call for what is to be remembered alone, unless it is under way already.

        It is cancelled after `longest_s`, if that is said. What comes of it otherwise, its own events tell; an error,
        which nobody else hears of, the log.
        """
        if key in self._flights:
            return
        limit = nullcontext() if longest_s is None else TimeLimit(longest_s, DeadlineExceeded, self._call_later)
        try:
            with limit:
                await self._shared(key, fetch)
        except Rejection:
            pass
        except Exception as error:
            log.warning("a probe of %s failed: %r", self._name, error)

    async def remember(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """fetch's own answer or error, nothing else; what it answers is known once the fallback works again."""
        answer = await fetch()
        self._remember(key, answer)
        return Served(answer)

    def _stand_in(self, known: Remembered[T], now_s: float, reason: str) -> Served[T]:
        age_s = now_s - known.at_s
        self._stale_served += 1
        if self._announcer.listeners:
            self._announcer.announce(StaleServed(self._name, now_s, age_s, reason))
        return Served(known.answer, age_s, remembered=True, stale=True, reason=reason)

    async def _shared(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Make the call, or wait for the one that is under way.

        Where no answer counts as fresh, each makes its own: one that was begun before a write may miss what it wrote.
        """
        if self._cache.options.fresh_s == 0:
            return (await self.remember(key, fetch)).answer
        while (flight := self._flights.get(key)) is not None:
            self._followed += 1
            landed = await self._follow(flight)
            if landed is not None and landed.error is not None:
                raise _fresh(landed.error)
            if landed is not None:
                return landed.answer  # type: ignore[return-value]  # without an error it is an answer
        return await self._lead(key, fetch)

    async def _follow(self, flight: "asyncio.Future[_Landed[T] | None]") -> _Landed[T] | None:
        deadline = current_deadline.get()
        if deadline is None:
            return await asyncio.shield(flight)
        remaining_s = deadline.remaining_s()
        if remaining_s <= 0:
            raise DeadlineExceeded
        with TimeLimit(remaining_s, DeadlineExceeded, self._call_later):
            return await asyncio.shield(flight)

    async def _lead(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        task = asyncio.current_task()
        assert task is not None, "whatever awaits in an event loop is a task"
        cancelling = task.cancelling()
        flight: asyncio.Future[_Landed[T] | None] = asyncio.get_running_loop().create_future()
        self._flights[key] = flight
        # What the followers are told if this caller is cancelled or out of time: make the call yourselves.
        landed: _Landed[T] | None = None
        try:
            answer = await fetch()
            self._remember(key, answer)
            landed = _Landed(answer, None)
        except DeadlineExceeded:
            raise
        except Exception as error:
            # Nor is it theirs if the call made this error of the caller's own cancellation or deadline.
            deadline = current_deadline.get()
            if task.cancelling() <= cancelling and (deadline is None or deadline.remaining_s() > 0):
                landed = _Landed(None, error)
            raise
        finally:
            del self._flights[key]
            flight.set_result(landed)
            # Both lead to the error, whose traceback leads back here.
            del landed, flight
        return answer

    def _remember(self, key: Hashable, answer: T) -> None:
        keep = self._keep(answer)
        if keep is Keep.STORE:
            self._cache.put(key, answer, self._clock())
        elif keep is Keep.FORGET:
            self._cache.forget(key)

    def snapshot(self) -> FallbackSnapshot:
        return FallbackSnapshot(
            entries=len(self._cache),
            size_bytes=self._cache.size_bytes,
            fresh_served=self._fresh_served,
            stale_served=self._stale_served,
            followed=self._followed,
        )


def _fresh(error: Exception) -> Exception:
    """A copy, so that each caller's traceback is its own; the error itself if its class cannot be copied."""
    try:
        fresh = copy.copy(error)
    except Exception:
        return error
    fresh.__cause__ = error.__cause__
    return fresh
