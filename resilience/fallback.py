"""Fallback: if a read fails, the caller gets the last good answer, marked as stale and with its age.

This is for failures of the service and for rejections by the patterns. A bug in our own code is never hidden.
"""

import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from time import monotonic
from typing import Generic, TypeVar

from resilience.errors import CallFailed, Rejection
from resilience.events import Announcer, StaleServed
from resilience.single_flight import SingleFlight
from resilience.stale_cache import Remembered, StaleCache
from resilience.timeout import call_within

T = TypeVar("T")

log = logging.getLogger("resilience")


class CacheAction(Enum):
    """What an answer does to its entry in the cache. A 200 can STORE it, a 404 can FORGET it, a 429 can LEAVE it."""

    STORE = "store"
    LEAVE = "leave"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Served(Generic[T]):
    """An answer: a new one (age 0), a fresh one from the cache (`remembered`), or a stale one, with the `reason`."""

    answer: T
    age_s: float = 0.0
    remembered: bool = False
    stale: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FallbackSnapshot:
    """`entries` and `size_bytes` are now, the others since the start. `followed`: callers that shared a call."""

    entries: int
    size_bytes: int
    fresh_served: int
    stale_served: int
    followed: int


def store_all(answer: object) -> CacheAction:
    return CacheAction.STORE


class Fallback(Generic[T]):
    """The fallback for the reads of one service. `cache_action` says what an answer does to the cache."""

    def __init__(
        self,
        name: str,
        cache: StaleCache[T],
        *,
        cache_action: Callable[[T], CacheAction] = store_all,
        clock: Callable[[], float] = monotonic,
        announcer: Announcer | None = None,
    ) -> None:
        self._name = name
        self._cache = cache
        self._cache_action = cache_action
        self._clock = clock
        self._announcer = announcer or Announcer()
        self._flights = SingleFlight[T]()
        self._fresh_served = 0
        self._stale_served = 0

    async def call(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """A fresh answer from the cache; otherwise a new answer; if that fails, a stale answer; otherwise the error."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        if known is not None and self._is_fresh(known, now_s):
            self._fresh_served += 1
            return Served(known.answer, now_s - known.at_s, remembered=True)
        try:
            return Served(await self._fetch(key, fetch))
        except (Rejection, CallFailed) as error:
            stale = self.stale(key, error.reason)
            if stale is None:
                raise
            return stale

    def stale(self, key: Hashable, reason: str) -> Served[T] | None:
        """The remembered answer, marked as stale for this `reason`. None if there is none."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        if known is None:
            return None
        age_s = now_s - known.at_s
        self._stale_served += 1
        self._announcer.announce(StaleServed(self._name, now_s, age_s, reason))
        return Served(known.answer, age_s, remembered=True, stale=True, reason=reason)

    def has_stale(self, key: Hashable) -> bool:
        """Whether an answer is remembered that is no longer fresh."""
        now_s = self._clock()
        known = self._cache.get(key, now_s)
        return known is not None and not self._is_fresh(known, now_s)

    async def refresh(self, key: Hashable, fetch: Callable[[], Awaitable[T]], timeout_s: float) -> None:
        """Make a call to refresh the cache, unless one is under way. The call is cancelled after `timeout_s`.

        No caller waits for the result, so this logs the errors that no event announces.
        """
        if key in self._flights:
            return
        try:
            await call_within(partial(self._fetch, key, fetch), timeout_s)
        except Rejection:
            pass
        except CallFailed as error:
            log.warning("a probe of %s failed: %r", self._name, error)
        except Exception:
            log.exception("a probe of %s failed", self._name)

    async def remember(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """Make the call without the fallback. The cache stores the answer, for when the fallback is on again."""
        return Served(await self._fetch_and_remember(key, fetch))

    async def _fetch(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        if self._cache.options.fresh_s == 0:
            # Answers that are never fresh are not shared either: a call that began before a write can miss the write.
            return await self._fetch_and_remember(key, fetch)
        return await self._flights.call(key, partial(self._fetch_and_remember, key, fetch))

    async def _fetch_and_remember(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        with self._cache.reading(key) as reading:
            answer = await fetch()
        action = self._cache_action(answer)
        if action is CacheAction.FORGET:
            self._cache.forget(key)
        elif action is CacheAction.STORE and not reading.outdated:
            self._cache.put(key, answer, self._clock())
        return answer

    def _is_fresh(self, known: Remembered[T], now_s: float) -> bool:
        return now_s - known.at_s < self._cache.options.fresh_s

    def snapshot(self) -> FallbackSnapshot:
        return FallbackSnapshot(
            entries=len(self._cache),
            size_bytes=self._cache.size_bytes,
            fresh_served=self._fresh_served,
            stale_served=self._stale_served,
            followed=self._flights.followed,
        )
