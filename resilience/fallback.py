"""Fallback: if a read fails, the last good answer takes its place, and says how old it is.

It covers the failures of the service and the rejections of the patterns. It never hides a bug of our own.
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


class Keep(Enum):
    """What an answer means for the cache: a 200 is to STORE, a 404 to FORGET the key, a 429 to LEAVE it as it is."""

    STORE = "store"
    LEAVE = "leave"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Served(Generic[T]):
    """An answer. It is new (age 0), or remembered and still fresh, or stale for a `reason`."""

    answer: T
    age_s: float = 0.0
    remembered: bool = False
    stale: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FallbackSnapshot:
    """Entries and bytes are now, the rest since the start. `followed` counts callers that shared another one's call."""

    entries: int
    size_bytes: int
    fresh_served: int
    stale_served: int
    followed: int


def store_all(answer: object) -> Keep:
    return Keep.STORE


class Fallback(Generic[T]):
    """The fallback for the reads of one service. `keep` says what an answer means for the cache."""

    def __init__(
        self,
        name: str,
        cache: StaleCache[T],
        *,
        keep: Callable[[T], Keep] = store_all,
        clock: Callable[[], float] = monotonic,
        announcer: Announcer | None = None,
    ) -> None:
        self._name = name
        self._cache = cache
        self._keep = keep
        self._clock = clock
        self._announcer = announcer or Announcer()
        self._flights = SingleFlight[T]()
        self._fresh_served = 0
        self._stale_served = 0

    async def call(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """A fresh answer from the cache, or else a new answer, or else a stale one, or else the error."""
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
        """The remembered answer in place of a call, for a `reason`; None if nothing is remembered."""
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

    async def refresh(self, key: Hashable, fetch: Callable[[], Awaitable[T]], longest_s: float) -> None:
        """Make a call only for the cache, unless one is under way. It is cancelled after `longest_s`.

        Nobody waits for it, so an error that no event announces goes to the log.
        """
        if key in self._flights:
            return
        try:
            await call_within(partial(self._fetch, key, fetch), longest_s)
        except Rejection:
            pass
        except CallFailed as error:
            log.warning("a probe of %s failed: %r", self._name, error)
        except Exception:
            log.exception("a probe of %s failed", self._name)

    async def remember(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> Served[T]:
        """Make the call without the fallback, but keep the cache up to date for when it is switched on again."""
        return Served(await self._fetch_and_remember(key, fetch))

    async def _fetch(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        if self._cache.options.fresh_s == 0:
            # A call that began before a write may miss the write: where no answer counts as fresh, none is shared.
            return await self._fetch_and_remember(key, fetch)
        return await self._flights.call(key, partial(self._fetch_and_remember, key, fetch))

    async def _fetch_and_remember(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        with self._cache.reading(key) as reading:
            answer = await fetch()
        keep = self._keep(answer)
        if keep is Keep.FORGET:
            self._cache.forget(key)
        elif keep is Keep.STORE and not reading.outdated:
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
